// Open Sampler: how a run chooses, one token or one sub-pixel at a time.
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import type { Services } from '../services';
import { isTrained } from '../explorer/runFolders';
import { folderArgument, isSpec, uriArgument } from './arguments';
import type { Command } from './command';
import { pickRun } from './pickRun';
import { runOfSpec } from './runOfSpec';

export const openSampler: Command = {
  id: COMMANDS.openSampler,
  runs: 'Sampling',
  run: async (services, target) => {
    const given = folderArgument(target);
    if (given !== undefined) return showSampler(services, given);
    const uri = uriArgument(target) ?? vscode.window.activeTextEditor?.document.uri;
    if (uri !== undefined && isSpec(uri)) return sampleSpec(services, uri);
    const run = await pickRun(services, 'Sample from which run?', isTrained);
    if (run !== undefined) await showSampler(services, run.folder);
  },
};

/** Of a spec: its run, or itself where its family has nothing to learn. */
async function sampleSpec(services: Services, spec: vscode.Uri): Promise<void> {
  if (await isModelAsItStands(services, spec)) return services.imageSampler.show(spec.fsPath);
  const run = await runOfSpec(services, spec);
  if (run !== undefined) await showSampler(services, run.folder);
}

/** The sampler of texts or of images, as the model is. */
async function showSampler(services: Services, folder: string): Promise<void> {
  const known = services.runs.byFolder(folder);
  const ofImages =
    known === undefined
      ? (await services.engine.call('subjectDomain', { model: folder })) === 'image'
      : known.hasImageModel;
  if (ofImages) services.imageSampler.show(folder);
  else services.sampler.show(folder);
}

/** Whether the spec's model needs no training; what is wrong with a spec is said by whoever needs a run of it. */
export async function isModelAsItStands(services: Services, spec: vscode.Uri): Promise<boolean> {
  const subject = { spec: spec.fsPath };
  const domain = await services.engine.call('subjectDomain', subject).catch(() => 'text' as const);
  if (domain !== 'image') return false;
  return services.engine.call('imageModel', subject).then(
    () => true,
    () => false,
  );
}
