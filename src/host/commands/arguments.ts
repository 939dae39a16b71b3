// Reads what menus, links, trees and other extensions hand to a command. Trusts nothing: what does not fit is undefined.
import * as vscode from 'vscode';
import { SPEC_SUFFIX } from '../../protocol/run';
import type { RunFolder } from '../explorer/runFolders';
import type { Services } from '../services';

export function uriArgument(value: unknown): vscode.Uri | undefined {
  if (value instanceof vscode.Uri) return value;
  if (isObject(value) && value['uri'] instanceof vscode.Uri) return value['uri']; // a spec of the Runs tree
  return undefined;
}

/** A run of the tree, or the path of a run folder. */
export function runArgument(services: Services, value: unknown): RunFolder | undefined {
  const folder = folderArgument(value);
  return folder === undefined ? undefined : services.runs.byFolder(folder);
}

export function folderArgument(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  if (!isObject(value) || !isObject(value['run'])) return undefined;
  const folder = value['run']['folder'];
  return typeof folder === 'string' ? folder : undefined;
}

export const isSpec = (uri: vscode.Uri): boolean => uri.path.endsWith(SPEC_SUFFIX);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
