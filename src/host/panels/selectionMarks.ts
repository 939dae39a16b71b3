// Rows of a scored selection as tokens in the editor: outlined, revealed, and selected for whoever follows. Where the
// annotations are of the same model the linked selection does it; else the outline is drawn here.
import * as vscode from 'vscode';
import type { AnnotationController } from '../annotations/controller';
import { TokenOutline } from '../annotations/tokenOutline';
import type { Selection } from '../selection';
import { editorOf } from './selectedPart';
import type { SelectionScores } from './selectionScores';

/** Rows of a hovered or chosen place: never many. */
const MOST_ROWS = 2;

export interface MarkedScores {
  readonly scores: SelectionScores;
  /** The version of the text that was scored. */
  readonly version: number;
}

export class SelectionMarks implements vscode.Disposable {
  private readonly outline = new TokenOutline();

  constructor(
    private readonly document: vscode.TextDocument,
    private readonly model: string,
    private readonly annotations: AnnotationController,
    private readonly selection: Selection,
  ) {}

  /** The annotations are of this very model: then a token's place means the same to all who follow it. */
  get linked(): boolean {
    return this.annotations.session(this.document)?.model === this.model;
  }

  /** @returns whether there is such a row in the text as it is now */
  choose(marked: MarkedScores, row: number): boolean {
    const [range] = this.rangesOf(marked, [row]);
    if (range === undefined) return false;
    if (this.linked) {
      const { scores, version } = marked;
      const document = this.document.uri.toString();
      this.selection.reveal({ document, version, token: scores.first + row, source: 'view' });
    } else {
      this.outline.show(this.document, 'chosen', [range]);
      editorOf(this.document)?.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
    return true;
  }

  /** None: nothing is pointed at any more. */
  light(marked: MarkedScores, rows: readonly number[]): void {
    const ranges = this.rangesOf(marked, rows);
    if (!this.linked) return this.outline.show(this.document, 'lit', ranges);
    const { scores, version } = marked;
    const tokens = ranges.length === 0 ? [] : rows.slice(0, MOST_ROWS).map((row) => scores.first + row);
    this.selection.light({ document: this.document.uri.toString(), version, tokens });
  }

  dispose(): void {
    this.outline.dispose();
  }

  /** Rows of an earlier text have no place any more. */
  private rangesOf({ scores, version }: MarkedScores, rows: readonly number[]): vscode.Range[] {
    const { document } = this;
    if (version !== document.version) return [];
    return rows.slice(0, MOST_ROWS).flatMap((row) => {
      const range = scores.rangeOf(row);
      return range === undefined
        ? []
        : [new vscode.Range(document.positionAt(range.start), document.positionAt(range.end))];
    });
  }
}
