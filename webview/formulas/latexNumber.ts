// Numbers as LaTeX, digits enough to check a calculation by hand; also of what is too small to be a double. Pure.

/** Six significant digits, as truth is quoted; a power of ten below 0.001 and from a million on. */
export function latexNumber(value: number, digits = 6): string {
  if (Number.isNaN(value)) return '\\text{not a number}';
  if (!Number.isFinite(value)) return value > 0 ? '\\infty' : '-\\infty';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-3 || size >= 1e6) {
    const [mantissa = '', exponent = ''] = value.toExponential(digits - 1).split('e');
    return powerText(trimmed(mantissa), Number(exponent));
  }
  return trimmed(value.toPrecision(digits));
}

/** A positive number by its natural logarithm: e^log, however small. */
export function latexOfLog(log: number, digits = 6): string {
  if (!Number.isFinite(log)) return latexNumber(Math.exp(log), digits);
  const { mantissa, exponent } = decimalOfLog(log, digits);
  if (exponent >= -3 && exponent < 6) return latexNumber(Math.exp(log), digits);
  return powerText(trimmed(mantissa.toFixed(digits - 1)), exponent);
}

/** e^log as mantissa · 10^exponent, the mantissa in [1, 10) and rounded to so many significant digits. */
export function decimalOfLog(
  log: number,
  digits = 6,
): { readonly mantissa: number; readonly exponent: number } {
  const tens = log / Math.LN10;
  const exponent = Math.floor(tens);
  const mantissa = Number((10 ** (tens - exponent)).toFixed(digits - 1));
  return mantissa < 10 ? { mantissa, exponent } : { mantissa: mantissa / 10, exponent: exponent + 1 };
}

const powerText = (mantissa: string, exponent: number): string =>
  mantissa === '1' ? `10^{${exponent}}` : `${mantissa} \\times 10^{${exponent}}`;

const trimmed = (digits: string): string => (digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits);

/** Terms with a sign between them: the first few, dots, and the last. `write` gives one term. */
export function latexTerms(
  count: number,
  sign: string,
  write: (index: number) => string,
  shown: number,
): string {
  const terms = (indices: readonly number[]) => indices.map(write).join(` ${sign} `);
  const all = Array.from({ length: Math.min(count, shown) }, (_, index) => index);
  if (count <= shown + 1) return terms(Array.from({ length: count }, (_, index) => index));
  // Dots between dots would read as more of them.
  const gap = sign === '\\cdot' ? '\\cdots' : `${sign} \\cdots ${sign}`;
  return `${terms(all)} ${gap} ${write(count - 1)}`;
}
