// Asks for one of the workspace's specs and trained runs, of texts and of images: whose network is looked into.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { isTrained } from '../explorer/runFolders';
import { COMMANDS } from '../ids';
import { Refusal } from '../report';
import type { Services } from '../services';
import { runItem } from './pickRun';

export type NetworkSubject =
  { readonly kind: 'spec'; readonly uri: vscode.Uri } | { readonly kind: 'run'; readonly folder: string };

interface SubjectItem<Other> extends vscode.QuickPickItem {
  readonly subject: NetworkSubject | Other;
}

/**
 * Undefined when the person chose nothing.
 * @param others stand first, and are offered where there is no spec and no run as well
 */
export async function pickSubject<Other = never>(
  services: Services,
  title: string,
  others: ReadonlyArray<SubjectItem<Other>> = [],
): Promise<NetworkSubject | Other | undefined> {
  await services.runs.refresh();
  const items = [...others, ...specItems(services), ...runItems(services)];
  const [only] = items;
  if (only === undefined) {
    throw new Refusal('There is no spec and no run in this workspace yet.', [
      { label: 'New Spec', command: COMMANDS.newSpec },
      { label: 'Train One', command: COMMANDS.train },
    ]);
  }
  if (items.length === 1) return only.subject;
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true }))
    ?.subject;
}

const specItems = ({ runs }: Services): Array<SubjectItem<never>> =>
  runs.specs.map(({ name, uri }) => ({
    label: name,
    description: vscode.workspace.asRelativePath(path.dirname(uri.fsPath)),
    iconPath: new vscode.ThemeIcon('beaker'),
    subject: { kind: 'spec', uri },
  }));

const runItems = ({ runs }: Services): Array<SubjectItem<never>> =>
  runs.runs.filter(isTrained).map((run) => {
    const { label, description, detail } = runItem(run);
    return {
      label,
      ...(description === undefined ? {} : { description }),
      ...(detail === undefined ? {} : { detail }),
      iconPath: new vscode.ThemeIcon('pass'),
      subject: { kind: 'run', folder: run.folder },
    };
  });
