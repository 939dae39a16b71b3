// What every view may ask of the host: commands from a closed list, the clipboard, a file to save. Trusts no argument.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Handlers } from '../../protocol/calls';
import { ArLensError } from '../../protocol/errors';
import type { HostCalls } from '../../protocol/views';
import { COMMANDS } from '../ids';

const ALLOWED: ReadonlySet<string> = new Set(Object.values(COMMANDS));
const LARGEST_SAVE = 64 * 1024 * 1024;

export function commonRequests(
  onReady: () => void,
  onCancel: () => void,
): Handlers<Pick<HostCalls, 'ready' | 'cancel' | 'command' | 'copy' | 'save'>> {
  return {
    ready: () => {
      onReady();
      return Promise.resolve(undefined);
    },
    cancel: () => {
      onCancel();
      return Promise.resolve(undefined);
    },
    command: async ({ command, argument }) => {
      if (!ALLOWED.has(command)) {
        throw new ArLensError(
          'badInput',
          `command: expected one of AR Lens’ own, got ${JSON.stringify(command)}`,
        );
      }
      await vscode.commands.executeCommand(command, ...(typeof argument === 'string' ? [argument] : []));
      return undefined;
    },
    copy: async ({ text, what }) => {
      await vscode.env.clipboard.writeText(String(text));
      vscode.window.setStatusBarMessage(`AR Lens: ${what} copied`, 3_000);
      return undefined;
    },
    save: async ({ suggestedName, data }) => {
      await save(suggestedName, data);
      return undefined;
    },
  };
}

async function save(suggestedName: string, data: Uint8Array): Promise<void> {
  if (!(data instanceof Uint8Array) || data.byteLength > LARGEST_SAVE) {
    throw new ArLensError('badInput', 'save: expected at most 64 MB of bytes');
  }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = path.basename(suggestedName);
  const ending = path.extname(name).slice(1);
  const target = await vscode.window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
    ...(ending === '' ? {} : { filters: { [ending.toUpperCase()]: [ending] } }),
    title: 'Save',
  });
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, data);
}
