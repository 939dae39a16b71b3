// `ar-lens annotate`: the file in the colours of its surprisal, and each line's bits at its end.
import { resolve } from 'node:path';
import { readTextToScore } from '../../engine/scoring/readText';
import type { ScoreProgress, TokenScores } from '../../protocol/engine';
import { NATS_PER_BIT } from '../../protocol/figure';
import type { CommonOptions } from '../options';
import { decimal } from '../output';
import { callContext, type Session } from '../session';
import { colourDepth, heat, plain, quiet, type ColourDepth } from '../terminal';

export interface AnnotateOptions extends CommonOptions {
  readonly model: string;
}

/** A character (its bytes share one range) and the bits of all its tokens; NaN where it was not scored. */
interface Piece {
  readonly text: string;
  readonly bits: number;
  readonly tokens: number;
}

export async function annotate(session: Session, file: string, options: AnnotateOptions): Promise<void> {
  const text = await readTextToScore(resolve(file));
  const chunks: TokenScores[] = [];
  const summary = await session.engine(options).score(
    { model: resolve(options.model), text },
    callContext<ScoreProgress>(session, ({ scores }) => void chunks.push(scores)),
  );
  const lines = linesOf(text, chunks);
  const { likelihood, scored, bytes, bitsPerByte, perplexity, stride } = summary;
  if (options.json) {
    const rows = lines.map((pieces, index) => ({ line: index + 1, ...totalOf(pieces) }));
    return session.out.json({ ...summary, rescored: undefined, lines: rows });
  }
  const depth = colourDepth(process.env, process.stdout.isTTY);
  for (const pieces of lines) await session.out.write(`${paint(pieces, depth)}\n`);
  await session.out.flush();
  session.say(
    `${decimal(bitsPerByte)} bits/byte over ${bytes} bytes (${likelihood}), perplexity ${decimal(perplexity)} ` +
      `over ${scored} tokens at stride ${stride} (${likelihood}); numbers at line ends are bits per line.`,
  );
}

function linesOf(text: string, chunks: readonly TokenScores[]): Piece[][] {
  const lines: Piece[][] = [[]];
  let current: { start: number; end: number; bits: number; tokens: number } | undefined;
  const finish = (): void => {
    if (!current) return;
    const { start, end, bits, tokens } = current;
    const characters = text.slice(start, end);
    lines.at(-1)?.push({ text: characters, bits, tokens });
    if (characters === '\n') lines.push([]);
  };
  for (const chunk of chunks) {
    for (let row = 0; row < chunk.id.length; row++) {
      const start = chunk.start[row] ?? 0;
      const bits = -(chunk.logProb[row] ?? NaN) / NATS_PER_BIT;
      if (current?.start === start) {
        current.bits += bits;
        current.tokens++;
        continue;
      }
      finish();
      current = { start, end: chunk.end[row] ?? start, bits, tokens: 1 };
    }
  }
  finish();
  if (lines.at(-1)?.length === 0 && lines.length > 1) lines.pop();
  return lines;
}

function totalOf(pieces: readonly Piece[]): { bits: number; tokens: number } {
  const scored = pieces.filter(({ bits }) => !Number.isNaN(bits));
  return {
    bits: scored.reduce((sum, { bits }) => sum + bits, 0),
    tokens: scored.reduce((sum, { tokens }) => sum + tokens, 0),
  };
}

function paint(pieces: readonly Piece[], depth: ColourDepth): string {
  const shown = pieces.filter(({ text }) => text !== '\n' && text !== '\r');
  const body = shown.map(({ text, bits }) => heat(plain(text), bits, depth)).join('');
  return `${body}${quiet(`  ‹${totalOf(pieces).bits.toFixed(1)} bits›`, depth)}`;
}
