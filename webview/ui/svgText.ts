// The words of an SVG file: text, numbers, colours and fonts as attributes hold them. Pure text in, text out.

/** Fit for an element or a quoted attribute of XML 1.0: what it cannot hold becomes U+FFFD. */
export function xmlText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"\t\n\r]/g, (character) => ENTITIES[character] ?? character);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Kept from the normalisation that readers apply to white space.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Hundredths of a pixel; 0 for what is not finite, as a canvas draws nothing there. */
export const svgNumber = (value: number): string =>
  Number.isFinite(value) ? String(Math.round(value * 100) / 100) : '0';

export interface SvgColour {
  /** '#rrggbb', a colour's name, or 'none'. */
  readonly paint: string;
  /** 0 to 1. */
  readonly opacity: number;
}

/** A colour as browsers compute it, in what every reader of SVG knows. */
export function svgColour(css: string): SvgColour {
  const colour = css.trim().toLowerCase();
  if (colour === 'transparent') return { paint: 'none', opacity: 0 };
  const hex = /^#([\da-f]{3,8})$/.exec(colour)?.[1];
  if (hex !== undefined) return fromHex(hex);
  if (/^[a-z]+$/.test(colour)) return { paint: colour, opacity: 1 };
  const [, form = '', inner = ''] = /^(rgba?|color)\((?:srgb )?([^a-z]*)\)$/.exec(colour) ?? [];
  const parts = inner.split(/[\s,/]+/).filter((part) => part !== '');
  const values = parts.map((part) => (part.endsWith('%') ? parseFloat(part) / 100 : Number(part)));
  const [red, green, blue, opacity = 1] = values;
  if (
    form === '' ||
    red === undefined ||
    green === undefined ||
    blue === undefined ||
    values.some(Number.isNaN)
  )
    throw new Error(`svgColour: expected a colour as a browser computes it, got ${css}`);
  const size = form === 'color' ? 255 : 1;
  return { paint: hexOf([red * size, green * size, blue * size]), opacity };
}

function fromHex(hex: string): SvgColour {
  const long = hex.length < 6 ? [...hex].map((digit) => digit + digit).join('') : hex;
  const opacity = long.length === 8 ? parseInt(long.slice(6), 16) / 255 : 1;
  return { paint: `#${long.slice(0, 6)}`, opacity };
}

const hexOf = (channels: readonly number[]): string =>
  `#${channels.map((channel) => byte(channel).toString(16).padStart(2, '0')).join('')}`;
const byte = (channel: number): number => Math.min(255, Math.max(0, Math.round(channel)));

/** A font shorthand as attributes, with families behind it for readers that lack the editor's. */
export function fontAttributes(font: string): string {
  const [, weight = '400', size = '10', family = ''] = /^(\S+ )??([\d.]+)px (.+)$/s.exec(font.trim()) ?? [];
  const mono = /mono|consol|courier/i.test(family);
  const families = `${family}, ${mono ? MONOSPACED : SANS}`;
  return ` font-family="${xmlText(families)}" font-size="${svgNumber(Number(size))}" font-weight="${xmlText(weight.trim())}"`;
}

const SANS = '"Segoe UI", "Helvetica Neue", "DejaVu Sans", Arial, sans-serif';
const MONOSPACED = 'Menlo, Consolas, "DejaVu Sans Mono", monospace';
