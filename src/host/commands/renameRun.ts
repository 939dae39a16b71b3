// Rename Run: renames its folder, which is its name.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { Refusal } from '../report';
import { runArgument } from './arguments';
import type { Command } from './command';
import { remember } from './modelChoice';
import { exists } from './newSpecFile';
import { pickRun } from './pickRun';

export const renameRun: Command = {
  id: COMMANDS.renameRun,
  run: async (services, target) => {
    const run = runArgument(services, target) ?? (await pickRun(services, 'Rename which run?'));
    if (run === undefined) return;
    if (services.jobs.byFolder(run.folder)?.live === true) {
      throw new Refusal(`${run.label} is training: stop it before renaming it.`, [
        { label: 'Stop Training', command: COMMANDS.stopTraining, arguments: [run.folder] },
      ]);
    }
    const name = await vscode.window.showInputBox({
      title: `Rename ${run.label}`,
      value: path.basename(run.folder),
      validateInput: problem,
    });
    if (name === undefined || name === path.basename(run.folder) || problem(name) !== undefined) return;
    const to = path.join(path.dirname(run.folder), name);
    if (await exists(vscode.Uri.file(to))) {
      throw new Refusal(`${name}: expected a name that no other run has.`, []);
    }
    await vscode.workspace.fs.rename(vscode.Uri.file(run.folder), vscode.Uri.file(to), { overwrite: false });
    const annotating = services.annotations.sessions.filter((session) => session.model === run.folder);
    for (const session of annotating) void services.annotations.annotate(session.document, to);
    if (annotating.length > 0) await remember(services, to);
    await services.runs.refresh();
  },
};

function problem(name: string): string | undefined {
  if (/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u.test(name)) return undefined;
  return 'Expected 1 to 100 letters, digits, spaces, dots, dashes or underscores, beginning with a letter or digit.';
}
