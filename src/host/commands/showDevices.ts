// Show Devices: the side view that says what can compute here, and why not.
import * as vscode from 'vscode';
import { COMMANDS, VIEWS } from '../ids';
import type { Command } from './command';

export const showDevices: Command = {
  id: COMMANDS.showDevices,
  run: () => vscode.commands.executeCommand(`${VIEWS.devices}.focus`),
};
