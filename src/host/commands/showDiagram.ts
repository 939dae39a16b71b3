// Show Model Diagram: a spec's network as it would be built, or a run's as it is.
import * as vscode from 'vscode';
import { SPEC_SUFFIX } from '../../protocol/run';
import { isTrained } from '../explorer/runFolders';
import { COMMANDS } from '../ids';
import { folderArgument, isSpec, uriArgument } from './arguments';
import type { Command } from './command';
import { pickRun } from './pickRun';

export const showDiagram: Command = {
  id: COMMANDS.showDiagram,
  runs: 'Drawing a model',
  run: async (services, target) => {
    const uri = uriArgument(target) ?? vscode.window.activeTextEditor?.document.uri;
    const given = folderArgument(target);
    if (given !== undefined) {
      services.diagram.show({ kind: given.endsWith(SPEC_SUFFIX) ? 'spec' : 'model', path: given });
      return;
    }
    if (uri !== undefined && isSpec(uri)) {
      services.diagram.show({ kind: 'spec', path: uri.fsPath });
      return;
    }
    const run = await pickRun(services, 'Whose diagram?', isTrained);
    if (run !== undefined) services.diagram.show({ kind: 'model', path: run.folder });
  },
};
