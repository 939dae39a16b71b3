// New Spec: writes a spec for a text beside it and opens it. Runs nothing.
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { Refusal } from '../report';
import type { Command } from './command';
import { exists, specBeside, writeSpec } from './newSpecFile';
import { targetText } from './targetText';

export const newSpec: Command = {
  id: COMMANDS.newSpec,
  run: async (_services, target) => {
    const text = await targetText(target);
    if (text === undefined) return;
    if (text.isUntitled) {
      throw new Refusal('A spec names a file of the workspace, and this text is not saved yet.', [
        { label: 'Save', command: 'workbench.action.files.save' },
      ]);
    }
    const spec = specBeside(text.uri);
    if (!(await exists(spec))) await writeSpec(spec, text.uri);
    await vscode.window.showTextDocument(spec, { preview: false });
  },
};
