// Which model scores images: what was chosen in this workspace, else the only run of images there is; no question is
// asked, because images are worth looking at without one.
import type * as vscode from 'vscode';
import { isModelFolder } from '../explorer/runFolders';
import type { RunStore } from '../explorer/runStore';
import { isSpecPath } from './imageSubject';

const REMEMBERED = 'arLens.chosenImageModel';
const WITHOUT_LABELS = 'arLens.imagesWithoutLabels';

export interface ImageModelParts {
  readonly context: vscode.ExtensionContext;
  readonly runs: RunStore;
}

/** A run's folder, or a spec whose family has nothing to learn; '' where nothing was chosen and there are several or none. */
export async function imageModel({ context, runs }: ImageModelParts): Promise<string> {
  const remembered = context.workspaceState.get<string>(REMEMBERED);
  if (remembered !== undefined && (isSpecPath(remembered) || (await isModelFolder(remembered))))
    return remembered;
  await runs.ready();
  const [only, another] = runs.imageModels;
  return only !== undefined && another === undefined ? only.folder : '';
}

/** Whether images are scored under their labels, by a model that has classes: yes, unless somebody chose otherwise. */
export function withLabels({ context }: Pick<ImageModelParts, 'context'>): boolean {
  return context.workspaceState.get<boolean>(WITHOUT_LABELS) !== true;
}

export async function rememberLabels(
  { context }: Pick<ImageModelParts, 'context'>,
  use: boolean,
): Promise<void> {
  await context.workspaceState.update(WITHOUT_LABELS, use ? undefined : true);
}

export async function rememberImageModel({ context }: ImageModelParts, run: string): Promise<void> {
  await context.workspaceState.update(REMEMBERED, run === '' ? undefined : run);
}
