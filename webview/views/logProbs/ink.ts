// Ink that can be read on a scale's colour: the one of the theme's three that stands out most. Knows no scale.
import type { Theme } from '../../ui/theme';

const INKS = ['ar-fg', 'ar-bg', 'ar-surprisal-ink'] as const;
const known = new WeakMap<Theme, Map<string, string>>();

export function inkOn(theme: Theme, background: string): string {
  let inks = known.get(theme);
  if (inks === undefined) known.set(theme, (inks = new Map<string, string>()));
  const found = inks.get(background);
  if (found !== undefined) return found;
  const colors = INKS.map((token) => theme.color(token));
  const foreground = colors[0] ?? '';
  // The text's own colour stays wherever it is legible.
  const best =
    contrast(foreground, background) >= 4.5
      ? foreground
      : colors.reduce((one, other) =>
          contrast(other, background) > contrast(one, background) ? other : one,
        );
  inks.set(background, best);
  return best;
}

/** WCAG 2, of two colours as the browser computes them: 'rgb(1, 2, 3)'. */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).slice(0, 3).map((digits) => {
    const channel = Number(digits) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
