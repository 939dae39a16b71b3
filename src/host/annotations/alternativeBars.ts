// One bar as an SVG image in a data URI: Markdown hovers allow images and nothing else that has a width.
// An image sees no theme variables, so each kind of theme has its two colours here (3:1 against the hover's background).
import type { ThemeKind } from './bins';

const WIDTH = 200;
const HEIGHT = 12;

const COLOURS: Readonly<Record<ThemeKind, { readonly expected: string; readonly actual: string }>> = {
  dark: { expected: '#3794ff', actual: '#cccccc' },
  light: { expected: '#1a85ff', actual: '#3b3b3b' },
  highContrast: { expected: '#3794ff', actual: '#ffffff' },
  highContrastLight: { expected: '#1a85ff', actual: '#292929' },
};

/**
 * @param share of the widest bar, 0 to 1
 * @param actual the token that stands in the text: drawn hollow, so that colour is not what tells it apart
 */
export function barImage(share: number, actual: boolean, theme: ThemeKind): string {
  const width = Math.max(2, Math.round(Math.min(1, Math.max(0, share)) * WIDTH));
  const colours = COLOURS[theme];
  const bar = actual
    ? `<rect x="1" y="2" width="${Math.max(2, width - 2)}" height="8" fill="none" stroke="${colours.actual}" stroke-width="1.5"/>`
    : `<rect y="1" width="${width}" height="10" fill="${colours.expected}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">${bar}</svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg, 'utf8').toString('base64')}`;
}
