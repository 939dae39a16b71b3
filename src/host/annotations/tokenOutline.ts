// The outline of a token: one look for the linked selection, and for views of a text that is not annotated.
import * as vscode from 'vscode';

export function outline(colour: string): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    outline: '1.5px solid',
    outlineColor: new vscode.ThemeColor(colour),
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}

/** Outlines in every editor of a text, where no linked selection draws them. */
export class TokenOutline implements vscode.Disposable {
  private readonly chosen = outline('textLink.foreground');
  private readonly lit = outline('foreground');

  show(document: vscode.TextDocument, what: 'chosen' | 'lit', ranges: readonly vscode.Range[]): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document === document) editor.setDecorations(this[what], ranges);
    }
  }

  dispose(): void {
    this.chosen.dispose();
    this.lit.dispose();
  }
}
