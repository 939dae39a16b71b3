// Twelve bins of one bit each; the top bin is 11 bits and more. Knows neither tokens nor the editor.

export const BIN_COUNT = 12;
/** From here an underline repeats what the colour says. Bits. */
export const UNDERLINE_FROM = 8;

export type ThemeKind = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

/**
 * The first bin whose background also needs its own ink to stay readable, for each kind of theme.
 * Below it, text keeps the colour its language gave it.
 */
export const INK_FROM_BIN: Readonly<Record<ThemeKind, number>> = {
  dark: 8,
  light: 8,
  highContrast: 12,
  highContrastLight: 10,
};

/** @returns 1 to 12, or 0 for a value that does not exist (a token without context). */
export function binOf(bits: number): number {
  if (Number.isNaN(bits)) return 0;
  return Math.min(BIN_COUNT, Math.max(0, Math.floor(bits)) + 1);
}

/** The bin in words: the range of bits it stands for. */
export function binLabel(bin: number): string {
  return bin >= BIN_COUNT ? `${BIN_COUNT - 1} bits and more` : `${bin - 1} to ${bin} bits`;
}
