// How numbers are written: digits grouped by a thin space, digits enough to tell neighbours apart.
// Pure text in, text out; must not know units beyond time.

const THIN = '\u202f';

export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return formatOdd(value);
  if (Math.abs(value) >= LARGEST_PLAIN) return formatPower(value);
  return group(Math.round(value).toString());
}

/** Beyond it nobody reads digits. */
const LARGEST_PLAIN = 1e9;

/** 7.076 × 10¹¹⁰. */
export function formatPower(value: number, digits = 4): string {
  const [mantissa = '', exponent = '0'] = value.toExponential(digits - 1).split('e');
  return `${mantissa} × 10${raised(Number(exponent))}`;
}

/** A whole number as an exponent: ⁻¹². */
export function raised(exponent: number): string {
  return [...String(exponent)].map((sign) => (sign === '-' ? '⁻' : RAISED[Number(sign)])).join('');
}

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** At most four significant digits once past the thousands, `digits` decimals below 100. */
export function formatValue(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return formatOdd(value);
  const size = Math.abs(value);
  if (size >= 1000) return formatCount(value);
  if (size >= 100) return value.toFixed(Math.min(1, digits));
  return value.toFixed(digits);
}

/** Rates and norms: plain where short, a power of ten where not (0.00084 → 8.40e-4). */
export function formatSmall(value: number): string {
  if (!Number.isFinite(value)) return formatOdd(value);
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 0.01 && size < 1000 ? value.toFixed(2) : value.toExponential(2);
}

/** The shortest way to write two digits of it: axis ends and limits (0.001 → 1e-3, 2.5, 1). */
export function formatShort(value: number): string {
  const rounded = Number(value.toPrecision(2));
  const [plain, power] = [String(rounded), rounded.toExponential().replace('e+', 'e')];
  return power.length < plain.length ? power : plain;
}

/** Parameters of a model: 10.7 M, 812 k, 512. */
export function formatLarge(value: number): {
  readonly digits: string;
  readonly scale: '' | 'k' | 'M' | 'G';
} {
  for (const [scale, size] of [
    ['G', 1e9],
    ['M', 1e6],
    ['k', 1e4],
  ] as const) {
    const unit = scale === 'k' ? 1e3 : size;
    if (value >= size) return { digits: (value / unit).toFixed(value / unit >= 100 ? 0 : 1), scale };
  }
  return { digits: formatCount(value), scale: '' };
}

export interface Duration {
  readonly digits: string;
  readonly unit: 's' | 'min' | 'h' | 'days';
}

export function formatDuration(seconds: number): Duration {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return { digits: String(whole), unit: 's' };
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return { digits: `${Math.floor(whole / 60)}:${two(whole % 60)}`, unit: 'min' };
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return { digits: `${Math.floor(minutes / 60)}:${two(minutes % 60)}`, unit: 'h' };
  return { digits: (seconds / 86_400).toFixed(1), unit: 'days' };
}

/** The clock time `seconds` from `now`, with the day where it is not today. */
export function formatClock(seconds: number, now: Date): string {
  const then = new Date(now.getTime() + seconds * 1000);
  const time = `${String(then.getHours()).padStart(2, '0')}:${String(then.getMinutes()).padStart(2, '0')}`;
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const days = Math.round((midnight(then) - midnight(now)) / 86_400_000);
  if (days === 0) return `at ${time} today`;
  return days === 1 ? `at ${time} tomorrow` : `at ${time} in ${days} days`;
}

/** A token as a person reads it: every kind of white space and control made visible. */
export function visibleToken(text: string): string {
  if (text === '') return '∅';
  let shown = '';
  let letter = false;
  for (const character of text) {
    // A combining mark stays with the letter it belongs to; alone, it would sit on what stands before the token.
    const joined: boolean = letter && /^\p{M}/u.test(character);
    const written: string = joined ? character : (SHOWN.get(character) ?? escaped(character));
    letter = written === character;
    shown += written;
  }
  return shown;
}

const SHOWN = new Map([
  [' ', '·'],
  ['\n', '↵'],
  ['\r', '␍'],
  ['\t', '⇥'],
  ['\u00a0', '⍽'],
]);

function escaped(character: string): string {
  const hidden = /[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Cs}\p{Cn}]/u.test(character) || /^\p{M}/u.test(character);
  if (!hidden) return character;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `⟨${code}⟩`;
}

function formatOdd(value: number): string {
  if (Number.isNaN(value)) return 'not a number';
  return value > 0 ? '∞' : '−∞';
}

function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, THIN);
}
