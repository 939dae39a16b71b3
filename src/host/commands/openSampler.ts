// Open Sampler: how a run chooses, one token at a time.
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { folderArgument, isSpec, uriArgument } from './arguments';
import type { Command } from './command';
import { pickRun } from './pickRun';
import { runOfSpec } from './runOfSpec';

export const openSampler: Command = {
  id: COMMANDS.openSampler,
  runs: 'Sampling',
  run: async (services, target) => {
    const uri = uriArgument(target) ?? vscode.window.activeTextEditor?.document.uri;
    const given = folderArgument(target);
    const folder =
      given ??
      (uri !== undefined && isSpec(uri)
        ? await runOfSpec(services, uri)
        : await pickRun(services, 'Sample from which run?', (run) => run.hasModel)
      )?.folder;
    if (folder !== undefined) services.sampler.show(folder);
  },
};
