// Which model annotates: the setting, else what was chosen in this workspace, else the only run there is, else a question.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { isModelFolder } from '../explorer/runFolders';
import { runItem } from './pickRun';
import { COMMANDS, SETTINGS } from '../ids';
import { Refusal } from '../report';
import type { Services } from '../services';
import { annotationSettings } from '../settings';

const REMEMBERED = 'arLens.chosenModel';

/** @returns an absolute path; undefined when the person chose nothing. */
export async function modelForAnnotations(services: Services): Promise<string | undefined> {
  const set = annotationSettings().model.trim();
  if (set !== '') return fromSetting(set);
  const remembered = services.context.workspaceState.get<string>(REMEMBERED);
  if (remembered !== undefined && (await isModelFolder(remembered))) return remembered;
  await services.runs.ready();
  const { models } = services.runs;
  const only = models[0];
  if (models.length === 1 && only !== undefined) return only.folder;
  return chooseModel(services);
}

/** Asks, and remembers the answer for this workspace. */
export async function chooseModel(services: Services): Promise<string | undefined> {
  await services.runs.ready();
  const { models } = services.runs;
  if (models.length === 0) {
    throw new Refusal('Annotating needs a model, and this workspace has none yet.', [
      { label: 'Train One', command: COMMANDS.train },
      { label: 'Choose Folder…', command: COMMANDS.chooseModel, arguments: ['browse'] },
    ]);
  }
  const browse = { label: '$(folder-opened) Choose a model folder…', run: undefined, alwaysShow: true };
  const picked = await vscode.window.showQuickPick([...models.map(runItem), browse], {
    title: 'Annotate with which model?',
    placeHolder: 'Runs of this workspace, newest first',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked === undefined) return undefined;
  if (picked.run === undefined) return browseForModel(services);
  await remember(services, picked.run.folder);
  return picked.run.folder;
}

export async function browseForModel(services: Services): Promise<string | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: 'A model folder: config.json, model.safetensors, tokenizer.json',
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: 'Use This Model',
    })) ?? [];
  if (chosen === undefined) return undefined;
  await requireModel(chosen.fsPath, chosen.fsPath);
  await remember(services, chosen.fsPath);
  return chosen.fsPath;
}

export async function remember(services: Services, folder: string | undefined): Promise<void> {
  await services.context.workspaceState.update(REMEMBERED, folder);
}

async function fromSetting(set: string): Promise<string> {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const folder = path.isAbsolute(set) ? set : path.join(root, set);
  await requireModel(folder, set);
  return folder;
}

async function requireModel(folder: string, said: string): Promise<void> {
  if (await isModelFolder(folder)) return;
  throw new Refusal(`${said}: expected a folder with config.json and model.safetensors, got none.`, [
    { label: 'Choose Model', command: COMMANDS.chooseModel },
    { label: 'Open Settings', command: 'workbench.action.openSettings', arguments: [SETTINGS.model] },
  ]);
}
