// Train on This File: writes a spec beside the text or the images where there is none, then trains it.
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { Refusal } from '../report';
import type { Services } from '../services';
import type { Command } from './command';
import { specOfImages } from './newImageSpec';
import { specOfText } from './newSpecFile';
import { startTraining } from './startTraining';
import { targetSource } from './targetSource';

export const trainOnFile: Command = {
  id: COMMANDS.trainOnFile,
  runs: 'Training',
  run: async (services, target) => {
    const source = await targetSource(target, 'Learn from which file?');
    if (source === undefined) return;
    const spec = 'images' in source ? await imagesSpec(services, source.images) : await textSpec(source.text);
    await startTraining(services, { spec });
  },
};

async function imagesSpec(services: Services, images: vscode.Uri): Promise<vscode.Uri> {
  if (!inWorkspace(images)) {
    throw new Refusal('Training reads files of the workspace, and these images are not among them.', [
      { label: 'Open Folder…', command: 'workbench.action.files.openFolder' },
    ]);
  }
  return specOfImages(services, images);
}

async function textSpec(text: vscode.TextDocument): Promise<vscode.Uri> {
  if (text.isUntitled || !inWorkspace(text.uri)) {
    throw new Refusal('Training reads files of the workspace, and this text is not one of them.', [
      { label: 'Save As…', command: 'workbench.action.files.saveAs' },
    ]);
  }
  if (text.isDirty) await text.save();
  return specOfText(text.uri);
}

const inWorkspace = (uri: vscode.Uri): boolean => vscode.workspace.getWorkspaceFolder(uri) !== undefined;
