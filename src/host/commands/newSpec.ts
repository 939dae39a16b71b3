// New Spec: writes a spec beside a text or images and opens it. Trains nothing; of images, the engine reads the sizes.
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { Refusal } from '../report';
import type { Services } from '../services';
import { requireTrust } from '../trust';
import type { Command } from './command';
import { specOfImages } from './newImageSpec';
import { specOfText } from './newSpecFile';
import { targetSource, type Source } from './targetSource';

export const newSpec: Command = {
  id: COMMANDS.newSpec,
  run: async (services, target) => {
    const source = await targetSource(target, 'Learn from which file?');
    if (source === undefined) return;
    const spec = await specOf(services, source);
    await vscode.window.showTextDocument(spec, { preview: false });
  },
};

function specOf(services: Services, source: Source): Promise<vscode.Uri> {
  if ('images' in source) {
    requireTrust('Reading images');
    return specOfImages(services, source.images);
  }
  if (source.text.isUntitled) {
    throw new Refusal('A spec names a file of the workspace, and this text is not saved yet.', [
      { label: 'Save', command: 'workbench.action.files.save' },
    ]);
  }
  return specOfText(source.text.uri);
}
