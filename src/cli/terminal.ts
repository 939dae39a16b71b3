// Colours and safe text for a terminal: what the environment says it can show, and nothing that could steer it.
// Knows no scores.

export type ColourDepth = 'none' | '256' | 'truecolor';

/** Follows NO_COLOR and FORCE_COLOR, then what the terminal says of itself. */
export function colourDepth(
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): ColourDepth {
  if (environment['NO_COLOR']) return 'none';
  const forced = environment['FORCE_COLOR'];
  if (forced === '0') return 'none';
  if (forced === '3') return 'truecolor';
  const term = environment['TERM'] ?? '';
  if (!isTerminal && forced === undefined) return 'none';
  if (/^(truecolor|24bit)$/.test(environment['COLORTERM'] ?? '')) return 'truecolor';
  return term === 'dumb' ? 'none' : '256';
}

type Colour = readonly [red: number, green: number, blue: number];

/** One bin a bit, violet to red as in the editor; below the third bit nothing is drawn. */
const BINS: ReadonlyArray<Colour | undefined> = [
  undefined,
  undefined,
  undefined,
  [58, 52, 92],
  [72, 56, 112],
  [92, 58, 128],
  [116, 60, 136],
  [142, 62, 134],
  [168, 64, 120],
  [190, 66, 98],
  [206, 72, 72],
  [220, 84, 44],
];

/** `text` on the background of its surprisal. */
export function heat(text: string, bits: number, depth: ColourDepth): string {
  const colour = BINS[Math.max(0, Math.min(BINS.length - 1, Math.floor(bits)))];
  if (depth === 'none' || colour === undefined) return text;
  const ink = depth === 'truecolor' ? '\x1b[38;2;255;255;255m' : '\x1b[38;5;231m';
  const paper =
    depth === 'truecolor' ? `\x1b[48;2;${colour.join(';')}m` : `\x1b[48;5;${nearestOf256(colour)}m`;
  return `${ink}${paper}${text}\x1b[0m`;
}

export function quiet(text: string, depth: ColourDepth): string {
  return depth === 'none' ? text : `\x1b[2;3m${text}\x1b[0m`;
}

/** Control characters as pictures: a file must not move the cursor or worse. Line feeds and tabs stay. */
export function plain(text: string): string {
  let safe = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === '\n' || character === '\t') safe += character;
    else if (code < 0x20) safe += String.fromCodePoint(0x2400 + code);
    else if (code === 0x7f) safe += '\u2421';
    else if (code >= 0x80 && code < 0xa0) safe += '\ufffd';
    else safe += character;
  }
  return safe;
}

/** The nearest of the 6 × 6 × 6 cube. */
function nearestOf256([red, green, blue]: Colour): number {
  const side = (value: number): number => (value < 48 ? 0 : value < 115 ? 1 : Math.floor((value - 35) / 40));
  return 16 + 36 * side(red) + 6 * side(green) + side(blue);
}
