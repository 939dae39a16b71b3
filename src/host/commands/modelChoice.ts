// Which model annotates: the setting, else what was chosen in this workspace, else the only run there is, else a question.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { withRecent } from '../explorer/modelCard';
import { hasConfig, isModelFolder, modelName } from '../explorer/runFolders';
import { runItem } from './pickRun';
import { withProgress } from './progress';
import { toErrorRecord } from '../../protocol/errors';
import { COMMANDS, SETTINGS } from '../ids';
import { Refusal } from '../report';
import { sentences } from '../sentences';
import type { Services } from '../services';
import { annotationSettings } from '../settings';

const REMEMBERED = 'arLens.chosenModel';
/** Folders outside the workspace's runs, on this machine, whatever the workspace. */
const RECENT = 'arLens.recentModels';
const BROWSE = '$(folder-opened) Choose a model folder…';

/** @returns an absolute path; undefined when the person chose nothing. */
export async function modelForAnnotations(services: Services): Promise<string | undefined> {
  const set = annotationSettings().model.trim();
  if (set !== '') return fromSetting(services, set);
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
  const recent = await recentFolders(services);
  if (models.length === 0 && recent.length === 0) {
    throw new Refusal('Annotating needs a model, and this workspace has none yet.', [
      { label: 'Train One', command: COMMANDS.train },
      { label: 'Choose Folder…', command: COMMANDS.chooseModel, arguments: ['browse'] },
    ]);
  }
  const runs = models.map((run) => ({ ...runItem(run), folder: run.folder }));
  const browse = { label: BROWSE, folder: undefined, alwaysShow: true };
  const picked = await vscode.window.showQuickPick([...runs, ...recent.map(recentItem), browse], {
    title: 'Annotate with which model?',
    placeHolder: 'Runs of this workspace, newest first, then model folders used lately',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked === undefined) return undefined;
  if (picked.folder === undefined) return browseForModel(services);
  await remember(services, picked.folder);
  return picked.folder;
}

/** A folder used lately or any other on this machine; what is in it is looked at later. */
export async function pickModelFolder(services: Services): Promise<string | undefined> {
  const recent = await recentFolders(services);
  if (recent.length === 0) return browse();
  const picked = await vscode.window.showQuickPick(
    [...recent.map(recentItem), { label: BROWSE, folder: undefined, alwaysShow: true }],
    { title: 'Use which model folder?', placeHolder: 'Used lately', matchOnDetail: true },
  );
  return picked === undefined ? undefined : (picked.folder ?? browse());
}

export async function browseForModel(services: Services): Promise<string | undefined> {
  const chosen = await browse();
  if (chosen === undefined) return undefined;
  await requireModel(services, chosen, chosen);
  await remember(services, chosen);
  return chosen;
}

/** For this workspace; a folder that is none of its runs also among those used lately. */
export async function remember(services: Services, folder: string | undefined): Promise<void> {
  await services.context.workspaceState.update(REMEMBERED, folder);
  if (folder === undefined || services.runs.byFolder(folder) !== undefined) return;
  await services.context.globalState.update(RECENT, withRecent(folder, storedRecent(services)));
}

async function browse(): Promise<string | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: 'A model folder: config.json, model.safetensors, tokenizer.json',
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: 'Use This Model',
    })) ?? [];
  return chosen?.fsPath;
}

/** Those that are still there. */
async function recentFolders(services: Services): Promise<readonly string[]> {
  const stored = storedRecent(services);
  const there = await Promise.all(stored.map(isModelFolder));
  return stored.filter((_, index) => there[index]);
}

function storedRecent(services: Services): readonly string[] {
  const stored: unknown = services.context.globalState.get(RECENT);
  return Array.isArray(stored) ? stored.filter((each): each is string => typeof each === 'string') : [];
}

const recentItem = (folder: string) => ({ label: `$(folder) ${modelName(folder)}`, detail: folder, folder });

async function fromSetting(services: Services, set: string): Promise<string> {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const folder = path.isAbsolute(set) ? set : path.join(root, set);
  await requireModel(services, folder, set);
  return folder;
}

async function requireModel(services: Services, folder: string, said: string): Promise<void> {
  if (await isModelFolder(folder)) return;
  const none = `${said}: expected a folder with config.json and model.safetensors, got none.`;
  const problem = (await hasConfig(folder)) ? await problemOf(services, folder) : none;
  if (problem === undefined) return;
  throw new Refusal(problem, [
    { label: 'Choose Model', command: COMMANDS.chooseModel },
    { label: 'Open Settings', command: 'workbench.action.openSettings', arguments: [SETTINGS.model] },
  ]);
}

/** The engine knows other files of weights, and says how they are converted. */
async function problemOf(services: Services, folder: string): Promise<string | undefined> {
  try {
    await withProgress(`Reading ${folder}`, (signal) =>
      services.engine.call('modelInfo', { model: folder }, { signal }),
    );
    return undefined;
  } catch (error) {
    const { reason, message, action } = toErrorRecord(error);
    if (reason === 'cancelled' || reason === 'internal') throw error;
    return sentences(message, action);
  }
}
