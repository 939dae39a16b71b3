// Which spec or run a look inside is about: what the command was given, else the active spec, else a question.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { MaskSubject } from '../../protocol/causalMaskView';
import { COMMANDS } from '../ids';
import { Refusal } from '../report';
import type { Services } from '../services';
import { folderArgument, isSpec, uriArgument } from './arguments';
import { runItem } from './pickRun';

/** Undefined when the person chose nothing. */
export async function maskSubject(
  services: Services,
  target: unknown,
  title: string,
): Promise<MaskSubject | undefined> {
  const given = folderArgument(target);
  if (given !== undefined) return subjectOf(vscode.Uri.file(given));
  const uri = uriArgument(target) ?? vscode.window.activeTextEditor?.document.uri;
  return uri !== undefined && isSpec(uri) ? subjectOf(uri) : pickSubject(services, title);
}

function subjectOf(uri: vscode.Uri): MaskSubject {
  return isSpec(uri) ? { kind: 'spec', uri: uri.toString() } : { kind: 'run', folder: uri.fsPath };
}

async function pickSubject(services: Services, title: string): Promise<MaskSubject | undefined> {
  await services.runs.refresh();
  const specs = services.runs.specs.map((spec) => ({
    label: spec.name,
    description: vscode.workspace.asRelativePath(path.dirname(spec.uri.fsPath)),
    iconPath: new vscode.ThemeIcon('beaker'),
    subject: subjectOf(spec.uri),
  }));
  const runs = services.runs.runs
    .filter((run) => run.hasModel)
    .map((run) => {
      const { label, description, detail } = runItem(run);
      const subject: MaskSubject = { kind: 'run', folder: run.folder };
      return {
        label,
        ...(description === undefined ? {} : { description }),
        ...(detail === undefined ? {} : { detail }),
        iconPath: new vscode.ThemeIcon('pass'),
        subject,
      };
    });
  const items = [...specs, ...runs];
  if (items.length === 0) {
    throw new Refusal('There is no spec and no run in this workspace yet.', [
      { label: 'New Spec', command: COMMANDS.newSpec },
      { label: 'Train One', command: COMMANDS.train },
    ]);
  }
  const [only] = items;
  if (items.length === 1 && only !== undefined) return only.subject;
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true }))
    ?.subject;
}
