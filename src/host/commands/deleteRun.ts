// Delete Run: asks, then moves the run's folder to the trash.
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { Refusal } from '../report';
import { runArgument } from './arguments';
import type { Command } from './command';
import { pickRun } from './pickRun';

export const deleteRun: Command = {
  id: COMMANDS.deleteRun,
  run: async (services, target) => {
    const run = runArgument(services, target) ?? (await pickRun(services, 'Delete which run?'));
    if (run === undefined) return;
    if (services.jobs.byFolder(run.folder)?.live === true) {
      throw new Refusal(`${run.label} is training: stop it before deleting it.`, [
        { label: 'Stop Training', command: COMMANDS.stopTraining, arguments: [run.folder] },
      ]);
    }
    const move = 'Move to Trash';
    const answer = await vscode.window.showWarningMessage(
      `Delete run ${run.label} of ${run.specName}?`,
      { modal: true, detail: `${run.folder}\nYou can restore it from the trash.` },
      move,
    );
    if (answer !== move) return;
    const uri = vscode.Uri.file(run.folder);
    if (!(await deleteFolder(uri))) return;
    services.training.close(run.folder);
    await services.runs.refresh();
  },
};

/** @returns whether it is gone */
async function deleteFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: true });
    return true;
  } catch {
    // A remote machine may have no trash: then it is for the person to say whether it goes for good.
    const forGood = 'Delete Permanently';
    const answer = await vscode.window.showWarningMessage(
      'There is no trash on this machine.',
      { modal: true, detail: 'The run cannot be restored once it is deleted.' },
      forGood,
    );
    if (answer !== forGood) return false;
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: false });
    return true;
  }
}
