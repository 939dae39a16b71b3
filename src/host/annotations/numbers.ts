// How numbers are written in the editor: few digits, a thin space between thousands, never a bare percent of nothing.

const THIN_SPACE = '\u2009';

/** 50257 → "50 257" with thin spaces; four digits stay together. */
export function grouped(value: number): string {
  const digits = String(Math.round(value));
  return digits.length <= 4 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

/** A probability with two significant digits, as a decimal where a person can still read it. */
export function probability(p: number): string {
  if (p >= 0.1) return p.toFixed(3);
  if (p >= 0.0001) return p.toPrecision(2);
  if (p === 0) return '0';
  const [mantissa = '', exponent = ''] = p.toExponential(1).split('e');
  return `${mantissa} × 10${superscript(exponent)}`;
}

const SUPERSCRIPTS: Readonly<Record<string, string>> = Object.fromEntries(
  [...'0123456789-'].map((digit, i) => [digit, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁻'][i] ?? digit]),
);

function superscript(exponent: string): string {
  return [...exponent].map((digit) => SUPERSCRIPTS[digit] ?? '').join('');
}

export const perplexity = (value: number): string =>
  value < 100 ? value.toFixed(value < 10 ? 2 : 1) : grouped(value);
