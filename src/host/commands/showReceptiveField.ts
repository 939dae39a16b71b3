// Show Receptive Field: what an output of a spec's or a run's network sees and what it cannot, or of a stack that is put
// together in the view.
import * as vscode from 'vscode';
import type { FieldSubject } from '../../protocol/receptiveFieldView';
import { SPEC_SUFFIX } from '../../protocol/run';
import { COMMANDS } from '../ids';
import type { Services } from '../services';
import { folderArgument, isSpec, uriArgument } from './arguments';
import type { Command } from './command';
import { pickSubject } from './pickSubject';

const NONE = { kind: 'none' } as const;

export const showReceptiveField: Command = {
  id: COMMANDS.showReceptiveField,
  runs: 'Following what a network reads',
  run: async (services, target) => {
    const subject = await fieldSubject(services, target);
    if (subject !== undefined) services.receptiveField.show(subject);
  },
};

/** Undefined when the person chose nothing. */
async function fieldSubject(services: Services, target: unknown): Promise<FieldSubject | undefined> {
  if (target === '') return NONE; // how a panel of a stack alone names what it shows
  const given = folderArgument(target);
  if (given !== undefined) return { kind: given.endsWith(SPEC_SUFFIX) ? 'spec' : 'run', path: given };
  const uri = uriArgument(target) ?? vscode.window.activeTextEditor?.document.uri;
  if (uri !== undefined && isSpec(uri)) return { kind: 'spec', path: uri.fsPath };
  const picked = await pickSubject(services, 'What does whose network see?', [
    {
      label: 'A stack put together here',
      description: 'layers, kernels and masks to choose, no training',
      iconPath: new vscode.ThemeIcon('layers'),
      subject: NONE,
    },
  ]);
  if (picked?.kind === 'spec') return { kind: 'spec', path: picked.uri.fsPath };
  return picked?.kind === 'run' ? { kind: 'run', path: picked.folder } : picked;
}
