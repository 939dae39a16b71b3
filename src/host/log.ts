// The log channel: where the detail of every failure goes, and everything an engine prints.
import * as vscode from 'vscode';

export const createLog = (): vscode.LogOutputChannel =>
  vscode.window.createOutputChannel('AR Lens', { log: true });
