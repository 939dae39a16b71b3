// Use a Model Folder…: any folder on this machine whose model can be read, after its card was seen. Also what dropping a
// folder on the Runs view does.
import * as vscode from 'vscode';
import { imageModelCard, modelCard } from '../explorer/modelCard';
import { COMMANDS } from '../ids';
import { rememberImageModel } from '../images/imageModel';
import type { Services } from '../services';
import { annotateDocument } from './annotateDocument';
import { uriArgument } from './arguments';
import type { Command } from './command';
import { pickModelFolder, remember } from './modelChoice';
import { withProgress } from './progress';
import { targetText } from './targetText';

const ANNOTATE = 'Annotate With It';
const SAMPLE = 'Sample From It';
const SCORE = 'Score Images With It';

export const useModelFolder: Command = {
  id: COMMANDS.useModelFolder,
  runs: 'Using a model',
  run: async (services, target) => {
    const folder = uriArgument(target)?.fsPath ?? (await pickModelFolder(services));
    if (folder !== undefined) await showCard(services, folder);
  },
};

/** What cannot be read is said by the engine in one sentence, with the way out where there is one. */
async function showCard(services: Services, folder: string): Promise<void> {
  const domain = await services.engine.call('subjectDomain', { model: folder });
  if (domain === 'image') return showImageCard(services, folder);
  const info = await withProgress(`Reading ${folder}`, (signal) =>
    services.engine.call('modelInfo', { model: folder }, { signal }),
  );
  const { title, detail } = modelCard(info);
  const chosen = await vscode.window.showInformationMessage(title, { modal: true, detail }, ANNOTATE, SAMPLE);
  if (chosen === undefined) return;
  await remember(services, folder);
  if (chosen === SAMPLE) {
    services.sampler.show(folder);
    return;
  }
  const document = await targetText(undefined);
  if (document !== undefined) await annotateDocument(services, document, folder);
}

/** A model of images scores what is opened from now on, or draws. */
async function showImageCard(services: Services, folder: string): Promise<void> {
  const info = await withProgress(`Reading ${folder}`, (signal) =>
    services.engine.call('imageModel', { model: folder }, { signal }),
  );
  const { title, detail } = imageModelCard(folder, info);
  const chosen = await vscode.window.showInformationMessage(title, { modal: true, detail }, SCORE, SAMPLE);
  if (chosen === undefined) return;
  await rememberImageModel(services, folder);
  if (chosen === SAMPLE) services.imageSampler.show(folder);
}
