// Toggle Annotations: clears the active text's annotations where it has any, else annotates it.
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { annotate } from './annotate';
import { uriArgument } from './arguments';
import type { Command } from './command';

export const toggleAnnotations: Command = {
  id: COMMANDS.toggle,
  runs: 'Annotating',
  run: (services, target) => {
    const uri = uriArgument(target) ?? vscode.window.activeTextEditor?.document.uri;
    const session = services.annotations.sessions.find(
      (each) => each.document.uri.toString() === uri?.toString(),
    );
    if (session === undefined) return annotate.run(services, target);
    services.annotations.clear(session.document.uri);
    return undefined;
  },
};
