// Which spec or run a look inside is about: what the command was given, else the active spec, else a question.
import * as vscode from 'vscode';
import type { MaskSubject } from '../../protocol/causalMaskView';
import type { Services } from '../services';
import { folderArgument, isSpec, uriArgument } from './arguments';
import { pickSubject } from './pickSubject';

/** Undefined when the person chose nothing. */
export async function maskSubject(
  services: Services,
  target: unknown,
  title: string,
): Promise<MaskSubject | undefined> {
  const given = folderArgument(target);
  if (given !== undefined) return subjectOf(vscode.Uri.file(given));
  const uri = uriArgument(target) ?? vscode.window.activeTextEditor?.document.uri;
  if (uri !== undefined && isSpec(uri)) return subjectOf(uri);
  const picked = await pickSubject(services, title);
  return picked?.kind === 'spec' ? subjectOf(picked.uri) : picked;
}

function subjectOf(uri: vscode.Uri): MaskSubject {
  return isSpec(uri) ? { kind: 'spec', uri: uri.toString() } : { kind: 'run', folder: uri.fsPath };
}
