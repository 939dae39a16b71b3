// Which stretches of which lines get which bin, and which bits stand at a line's end: data only, no editor.
// Lines are added one by one so that the caller can pause between them.
import { BIN_COUNT, binOf } from './bins';
import { visitGlyphs } from './glyphs';
import type { Metric } from './metric';
import { sumBits } from './lineBits';
import type { TokenIndex } from './tokenIndex';

/** VS Code draws no line beyond this column (its `editor.stopRenderingLineAfter`). */
export const LAST_COLUMN = 10_000;
/** More ranges than this at once would make the editor itself slow; margins outside the screen go first. */
export const MOST_RANGES = 8_000;

export interface PlannedLine {
  readonly line: number;
  /** UTF-16 offset of the line's first column. */
  readonly offset: number;
  /** UTF-16 units, without the line end. */
  readonly length: number;
  /** UTF-16 offset of the next line's first column: the line end lies before it. */
  readonly next: number;
}

export interface PlannedLineEnd {
  readonly line: number;
  readonly column: number;
  readonly bits: number;
}

export class DecorationPlan {
  /** For each bin 1 to 12 (index 0 stays empty): triples line, first column, end column. */
  readonly bins: number[][] = Array.from({ length: BIN_COUNT + 1 }, () => []);
  readonly lineEnds: PlannedLineEnd[] = [];
  private ranges = 0;

  constructor(
    private readonly options: {
      readonly metric: Metric;
      readonly threshold: number;
      readonly lineEnds: boolean;
    },
  ) {}

  get full(): boolean {
    return this.ranges >= MOST_RANGES;
  }

  addLine(index: TokenIndex, { line, offset, length, next }: PlannedLine): void {
    const { metric, threshold } = this.options;
    const end = offset + Math.min(length, LAST_COLUMN);
    let open = { bin: 0, from: 0, to: 0 };
    const close = (): void => {
      if (open.bin > 0) this.range(open.bin, line, open.from - offset, open.to - offset);
    };
    visitGlyphs(index, offset, end, metric, (glyph) => {
      const bin = glyph.bits >= threshold ? binOf(glyph.bits) : 0;
      const from = Math.max(glyph.start, offset);
      const to = Math.min(glyph.end, end);
      if (bin === open.bin && from === open.to) {
        open.to = to; // neighbours of one bin are one range: the editor has fewer to keep
        return true;
      }
      close();
      open = { bin, from, to };
      return !this.full;
    });
    close();
    if (!this.options.lineEnds) return;
    const bits = sumBits(index, offset, next);
    if (!Number.isNaN(bits)) this.lineEnds.push({ line, column: length, bits });
  }

  private range(bin: number, line: number, from: number, to: number): void {
    if (this.full) return;
    this.bins[bin]?.push(line, from, to);
    this.ranges++;
  }
}
