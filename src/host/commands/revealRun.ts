// Reveal Run: shows the run's folder in the explorer.
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { runArgument } from './arguments';
import type { Command } from './command';
import { pickRun } from './pickRun';

export const revealRun: Command = {
  id: COMMANDS.revealRun,
  run: async (services, target) => {
    const run = runArgument(services, target) ?? (await pickRun(services, 'Reveal which run?'));
    if (run !== undefined) {
      await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(run.folder));
    }
  },
};
