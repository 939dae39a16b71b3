// The hover over one token, as Markdown that survives the editor's sanitiser: tables, command links, one image per bar.
// Pure text in, text out; every number carries its unit, its denominator or its badge.
import type { Badge } from '../../protocol/figure';
import { NATS_PER_BIT } from '../../protocol/figure';
import { barImage } from './alternativeBars';
import type { ThemeKind } from './bins';
import { grouped, probability } from './numbers';
import { visibleWhitespace } from './visibleWhitespace';

/** Columns of a Markdown table have no padding of their own in a hover. */
const GAP = '&emsp;';

export interface HoverToken {
  readonly text: string;
  /** Place in the token sequence, from 0, and how many tokens there are. */
  readonly token: number;
  readonly tokens: number;
  /** Nats; NaN without context. */
  readonly logProb: number;
  readonly entropy: number;
  readonly rank: number;
  readonly alternatives: ReadonlyArray<{
    readonly id: number;
    readonly text: string;
    readonly logProb: number;
  }>;
  readonly id: number;
}

export interface HoverInput {
  /** The tokens under the cursor: one, or the bytes of one character. */
  readonly parts: readonly HoverToken[];
  readonly vocabulary: number;
  readonly model: string;
  readonly badge: Badge;
  readonly theme: ThemeKind;
  /** The text was edited since: the numbers are of the text before. */
  readonly stale: boolean;
  /** `command:` link that continues the text from this alternative; undefined where text cannot say it (half a character). */
  readonly continueFrom: (part: number, alternative: string) => string | undefined;
}

export function hoverMarkdown(input: HoverInput): string {
  const main = mostSurprising(input.parts);
  const part = input.parts[main];
  if (part === undefined) return '';
  const sections = [heading(input, part, main)];
  if (Number.isNaN(part.logProb)) {
    sections.push(
      'Not scored: nothing stands before it, and this model puts no start token in front of a text.',
    );
  } else {
    sections.push(figures(input, part), alternatives(input, part, main));
  }
  return sections.join('\n\n');
}

function heading(input: HoverInput, part: HoverToken, main: number): string {
  const { parts, badge, model, stale } = input;
  const text = `**${escapeMarkdown(visibleWhitespace(part.text))}**`;
  const place = `token ${grouped(part.token + 1)} of ${grouped(part.tokens)}, ${badge}, ${escapeMarkdown(model)}`;
  const age = stale ? '; of the text before the last edit' : '';
  if (parts.length === 1) return `${text}${GAP}${place}${age}`;
  const bits = parts.reduce((sum, each) => sum + (Number.isNaN(each.logProb) ? 0 : surprisal(each)), 0);
  const whole = `**${bits.toFixed(2)} bits** for this character, the sum over its ${parts.length} tokens`;
  return `${whole}${age}\n\nIts ${ordinal(main)}, ${text}${GAP}${place}`;
}

function figures({ vocabulary }: HoverInput, part: HoverToken): string {
  const cells = [
    `**${surprisal(part).toFixed(2)}** bits`,
    `**${probability(Math.exp(part.logProb))}**`,
    `**${grouped(part.rank)}** of ${grouped(vocabulary)}`,
    `**${(part.entropy / NATS_PER_BIT).toFixed(2)}** bits`,
  ];
  const heads = ['surprisal', 'probability', 'rank', 'per-context entropy'];
  const row = (columns: readonly string[]): string => `| ${columns.join(`${GAP} | `)} |`;
  return `${row(heads)}\n|:--|:--|:--|:--|\n${row(cells)}`;
}

function alternatives(input: HoverInput, part: HoverToken, main: number): string {
  if (part.alternatives.length === 0) return '';
  const most = Math.exp(Math.max(part.logProb, ...part.alternatives.map((each) => each.logProb)));
  const row = (text: string, logProb: number, actual: boolean): string => {
    const p = Math.exp(logProb);
    const label = escapeMarkdown(visibleWhitespace(text));
    const link = actual ? undefined : input.continueFrom(main, text);
    const name = actual ? `${label} (here)` : link === undefined ? label : `[${label}](${link})`;
    const share = most > 0 ? p / most : 0;
    return `| ${name} | ${probability(p)}${GAP} | ![probability ${probability(p)}](${barImage(share, actual, input.theme)}) |`;
  };
  const rows = part.alternatives.map((each) => row(each.text, each.logProb, each.id === part.id));
  if (!part.alternatives.some((each) => each.id === part.id)) rows.push(row(part.text, part.logProb, true));
  const hint = rows.some((each) => each.includes('](command:'))
    ? 'click one to see the text continue from it'
    : '';
  return `| expected instead${GAP} | probability${GAP} | ${hint} |\n|:--|--:|:--|\n${rows.join('\n')}`;
}

const surprisal = (part: HoverToken): number => Math.max(0, -part.logProb / NATS_PER_BIT);

function mostSurprising(parts: readonly HoverToken[]): number {
  let best = 0;
  parts.forEach((part, i) => {
    if (part.logProb < (parts[best]?.logProb ?? NaN)) best = i;
  });
  return best;
}

function ordinal(i: number): string {
  return ['first', 'second', 'third', 'fourth'][i] ?? `${i + 1}th`;
}

/** Every character that Markdown or a table could read as its own becomes an entity. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{M} ·↵→]/gu, (character) => `&#${character.codePointAt(0) ?? 0xfffd};`);
}

/** A `command:` URI with everything encoded that would end a Markdown link. */
export function commandUri(command: string, ...args: readonly unknown[]): string {
  const encoded = encodeURIComponent(JSON.stringify(args)).replace(
    /[()'!*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `command:${command}?${encoded}`;
}
