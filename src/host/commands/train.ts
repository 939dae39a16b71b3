// Train: the spec it was given, the active spec, or one that is picked; a text or images without a spec get one.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import type { Services } from '../services';
import { isSpec, uriArgument } from './arguments';
import type { Command } from './command';
import { startTraining } from './startTraining';
import { targetImages } from './targetImages';
import { activeText } from './targetText';
import { trainOnFile } from './trainOnFile';

export const train: Command = {
  id: COMMANDS.train,
  runs: 'Training',
  run: async (services, target, options) => {
    const uri = specUri(target) ?? vscode.window.activeTextEditor?.document.uri;
    const steps = stepsOption(options);
    if (uri !== undefined && isSpec(uri)) {
      await startTraining(services, { spec: uri, ...(steps === undefined ? {} : { steps }) });
      return;
    }
    await pickAndTrain(services);
  },
};

async function pickAndTrain(services: Services): Promise<void> {
  await services.runs.refresh();
  const file = (await targetImages(undefined)) ?? activeText()?.uri;
  const { specs } = services.runs;
  if (specs.length === 0) {
    await trainOnFile.run(services, file);
    return;
  }
  const items: Array<vscode.QuickPickItem & { readonly uri: vscode.Uri | undefined }> = specs.map((spec) => ({
    label: spec.name,
    description: vscode.workspace.asRelativePath(path.dirname(spec.uri.fsPath)),
    uri: spec.uri,
  }));
  if (file !== undefined && file.scheme !== 'untitled') {
    const name = path.basename(file.fsPath);
    items.push({ label: `$(add) Train on ${name}`, description: 'writes a spec beside it', uri: undefined });
  }
  const picked = await vscode.window.showQuickPick(items, { title: 'Train which spec?' });
  if (picked === undefined) return;
  if (picked.uri === undefined) await trainOnFile.run(services, file);
  else await startTraining(services, { spec: picked.uri });
}

function specUri(target: unknown): vscode.Uri | undefined {
  return typeof target === 'string' && path.isAbsolute(target)
    ? vscode.Uri.file(target)
    : uriArgument(target);
}

function stepsOption(options: unknown): number | undefined {
  if (typeof options !== 'object' || options === null || !('steps' in options)) return undefined;
  return typeof options.steps === 'number' ? options.steps : undefined;
}
