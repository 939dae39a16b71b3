// The line above a spec: what can be done with it.
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';

const TOP = new vscode.Range(0, 0, 0, 0);

export class SpecLenses implements vscode.CodeLensProvider {
  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const lens = (title: string, tooltip: string, command: string): vscode.CodeLens =>
      new vscode.CodeLens(TOP, { title, tooltip, command, arguments: [document.uri] });
    return [
      lens('$(play) Train', 'Train this model and watch its loss', COMMANDS.train),
      lens('Sample', 'Let a run of this spec write or draw', COMMANDS.sample),
      lens(
        'Sampler',
        'See how a run of this spec chooses, one token or pixel at a time',
        COMMANDS.openSampler,
      ),
      lens('Mask', 'See what this model may see, and what it really sees', COMMANDS.showCausalMask),
      lens(
        'Receptive field',
        'Follow what an output sees, and find its blind spot',
        COMMANDS.showReceptiveField,
      ),
      lens('Check', 'Leaks, parity, probability mass, finite numbers and units', COMMANDS.check),
      lens('Annotate with…', 'Colour a text with a run of this spec', COMMANDS.annotateWith),
    ];
  }
}
