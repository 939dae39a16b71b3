// One decoration type per bin, one for line ends, one for overview-ruler marks. Made anew when the kind of theme changes,
// because the bin from which text needs its own ink differs between them.
import * as vscode from 'vscode';
import { COLOURS } from '../ids';
import { BIN_COUNT, INK_FROM_BIN, UNDERLINE_FROM, type ThemeKind } from './bins';

export class DecorationTypes implements vscode.Disposable {
  /** Index 0 is bin 1. */
  readonly bins: readonly vscode.TextEditorDecorationType[];
  readonly lineEnd: vscode.TextEditorDecorationType;
  readonly ruler: vscode.TextEditorDecorationType;

  constructor(readonly kind: ThemeKind) {
    this.bins = Array.from({ length: BIN_COUNT }, (_, i) => binType(i + 1, kind));
    this.lineEnd = vscode.window.createTextEditorDecorationType({
      after: {
        margin: '0 0 0 3em',
        fontStyle: 'italic',
        color: new vscode.ThemeColor(COLOURS.lineEnd),
      },
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    });
    this.ruler = vscode.window.createTextEditorDecorationType({
      overviewRulerColor: new vscode.ThemeColor(COLOURS.ruler),
      overviewRulerLane: vscode.OverviewRulerLane.Right,
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    });
  }

  dispose(): void {
    for (const type of [...this.bins, this.lineEnd, this.ruler]) type.dispose();
  }
}

function binType(bin: number, kind: ThemeKind): vscode.TextEditorDecorationType {
  const options: vscode.DecorationRenderOptions = {
    backgroundColor: new vscode.ThemeColor(COLOURS.surprisal(bin)),
    // Typed text has no score yet: it must not take on its neighbour's colour.
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  };
  if (bin >= INK_FROM_BIN[kind]) options.color = new vscode.ThemeColor(COLOURS.ink);
  if (bin > UNDERLINE_FROM) {
    options.textDecoration = `underline solid ${bin === BIN_COUNT ? 2 : 1}px; text-underline-offset: 3px; text-decoration-skip-ink: none`;
  }
  return vscode.window.createTextEditorDecorationType(options);
}
