// A new spec of images: beside the file or folder that holds them, with what the engine found in them.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { SPEC_SUFFIX } from '../../protocol/run';
import { imageSpec } from '../images/imageSpec';
import { isPicture } from '../images/imageSubject';
import type { Services } from '../services';
import { exists, writeSpec } from './newSpecFile';
import { withProgress } from './progress';
import { isFolder } from './targetImages';

/** The spec of these images, written where there is none. */
export async function specOfImages(
  { engine }: Pick<Services, 'engine'>,
  images: vscode.Uri,
): Promise<vscode.Uri> {
  // A picture alone teaches nothing: its folder is the set.
  const set = isPicture(images.path) ? vscode.Uri.joinPath(images, '..') : images;
  const { spec, source } = await placeOf(set);
  if (await exists(spec)) return spec;
  const found = await withProgress(`Reading ${path.posix.basename(set.path)}`, (signal) =>
    engine.call('imageSource', { path: set.fsPath }, { signal }),
  );
  await writeSpec(spec, imageSpec(source, found));
  return spec;
}

/** Beside the images, under their name; within a folder that is the workspace, since nothing beside it is. */
async function placeOf(set: vscode.Uri): Promise<{ spec: vscode.Uri; source: string }> {
  const source = path.posix.basename(set.path);
  const name = (await isFolder(set)) ? source : source.replace(/(\.idx)?\.gz$|\.[^.]+$/i, '');
  const whole = vscode.workspace.getWorkspaceFolder(set)?.uri.path === set.path;
  return whole
    ? { spec: vscode.Uri.joinPath(set, `${name}${SPEC_SUFFIX}`), source: '.' }
    : { spec: vscode.Uri.joinPath(set, '..', `${name}${SPEC_SUFFIX}`), source };
}
