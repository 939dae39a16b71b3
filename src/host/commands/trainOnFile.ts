// Train on This File: writes a spec beside the text where there is none, then trains it.
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { Refusal } from '../report';
import type { Command } from './command';
import { exists, specBeside, writeSpec } from './newSpecFile';
import { startTraining } from './startTraining';
import { targetText } from './targetText';

export const trainOnFile: Command = {
  id: COMMANDS.trainOnFile,
  runs: 'Training',
  run: async (services, target) => {
    const text = await targetText(target);
    if (text === undefined) return;
    if (text.isUntitled || vscode.workspace.getWorkspaceFolder(text.uri) === undefined) {
      throw new Refusal('Training reads files of the workspace, and this text is not one of them.', [
        { label: 'Save As…', command: 'workbench.action.files.saveAs' },
      ]);
    }
    if (text.isDirty) await text.save();
    const spec = specBeside(text.uri);
    if (!(await exists(spec))) await writeSpec(spec, text.uri);
    await startTraining(services, { spec });
  },
};
