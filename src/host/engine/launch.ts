// How engines are started, from the settings as they are at that moment.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { EngineLaunch } from '../engineState';
import { engineSettings } from '../settings';

export function engineLaunch(extension: vscode.Uri, log: vscode.LogOutputChannel): EngineLaunch {
  const { device, instructionSet, nodePath } = engineSettings();
  return {
    bundle: path.join(extension.fsPath, 'dist', 'engine.mjs'),
    folder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? extension.fsPath,
    device,
    ...(instructionSet === undefined ? {} : { instructionSet }),
    ...(nodePath === undefined ? {} : { nodePath }),
    log: (line) => log.info(line),
  };
}
