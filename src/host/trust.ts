// An untrusted workspace is viewed, never run: whatever would start an engine asks here first.
import * as vscode from 'vscode';
import { Refusal } from './report';

export function requireTrust(what: string): void {
  if (vscode.workspace.isTrusted) return;
  throw new Refusal(
    `${what} is off: this workspace is not trusted, so AR Lens shows files and runs nothing.`,
    [{ label: 'Manage Workspace Trust', command: 'workbench.trust.manage' }],
  );
}
