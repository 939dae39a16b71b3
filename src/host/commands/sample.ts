// Sample: lets a run write, into a new editor; a run of images draws, in its sampler.
import * as vscode from 'vscode';
import { isTrained, type RunFolder } from '../explorer/runFolders';
import { COMMANDS } from '../ids';
import type { Services } from '../services';
import { folderArgument, isSpec, runArgument, uriArgument } from './arguments';
import type { Command } from './command';
import { isModelAsItStands } from './openSampler';
import { pickRun } from './pickRun';
import { runOfSpec } from './runOfSpec';
import { sampleIntoEditor } from './sampleEditor';

const LENGTH = 400;
const TEMPERATURE = 0.8;
const LARGEST_SEED = 2 ** 31;

export const sample: Command = {
  id: COMMANDS.sample,
  runs: 'Sampling',
  run: async (services, target) => {
    const spec = uriArgument(target) ?? vscode.window.activeTextEditor?.document.uri;
    const given = folderArgument(target);
    if (
      given === undefined &&
      spec !== undefined &&
      isSpec(spec) &&
      (await isModelAsItStands(services, spec))
    )
      return services.imageSampler.show(spec.fsPath);
    const run = await runFor(services, target);
    if (run === undefined) return;
    // Images are drawn, not written: they have a sampler of their own.
    if (run.hasImageModel) return services.imageSampler.show(run.folder);
    const prompt = await vscode.window.showInputBox({
      title: `Sample from ${run.specName} ${run.label}`,
      prompt: 'What the text starts with; empty: the model starts it',
    });
    if (prompt === undefined) return;
    await sampleIntoEditor(services, {
      params: {
        model: run.folder,
        length: LENGTH,
        seed: Math.floor(Math.random() * LARGEST_SEED), // shown with the sample, so that it can be had again
        temperature: TEMPERATURE,
        ...(prompt === '' ? {} : { prompt }),
      },
      shownPrompt: prompt,
    });
  },
};

async function runFor(services: Services, target: unknown): Promise<RunFolder | undefined> {
  const uri = uriArgument(target) ?? vscode.window.activeTextEditor?.document.uri;
  const given = runArgument(services, target);
  if (given !== undefined) return given;
  if (uri !== undefined && isSpec(uri)) return runOfSpec(services, uri);
  return pickRun(services, 'Sample from which run?', isTrained);
}
