// What a command is: its id and what it does. Registering adds what all share: trust, and errors as one sentence.
import * as vscode from 'vscode';
import type { CommandId } from '../ids';
import { reportError } from '../report';
import type { Services } from '../services';
import { requireTrust } from '../trust';

export interface Command {
  readonly id: CommandId;
  /** Set where the command would run a model: what is off in an untrusted workspace. */
  readonly runs?: string;
  readonly run: (services: Services, ...args: readonly unknown[]) => unknown;
}

export function register(services: Services, command: Command): vscode.Disposable {
  return vscode.commands.registerCommand(command.id, async (...args: readonly unknown[]) => {
    try {
      if (command.runs !== undefined) requireTrust(command.runs);
      return await command.run(services, ...args);
    } catch (error) {
      await reportError(services.log, error);
      return undefined;
    }
  });
}
