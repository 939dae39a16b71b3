// Show Receptive Field: what an output of a spec's or a run's network sees and what it cannot; without either, of a stack
// that is put together in the view.
import * as vscode from 'vscode';
import { SPEC_SUFFIX } from '../../protocol/run';
import { COMMANDS } from '../ids';
import { folderArgument, isSpec, uriArgument } from './arguments';
import type { Command } from './command';

export const showReceptiveField: Command = {
  id: COMMANDS.showReceptiveField,
  runs: 'Following what a network reads',
  run: ({ receptiveField }, target) => {
    const given = folderArgument(target);
    if (given !== undefined) {
      receptiveField.show({ kind: given.endsWith(SPEC_SUFFIX) ? 'spec' : 'run', path: given });
      return;
    }
    const uri = uriArgument(target) ?? vscode.window.activeTextEditor?.document.uri;
    receptiveField.show(
      uri !== undefined && isSpec(uri) ? { kind: 'spec', path: uri.fsPath } : { kind: 'none' },
    );
  },
};
