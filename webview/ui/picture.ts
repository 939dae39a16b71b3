// What “Save picture” saves: a view's drawings under its title, with their legend, on the theme's background. The same
// painters run on a canvas for a PNG and on the SVG recorder for vectors. Bytes only: where they go is the host's.
import { ArLensError } from '../../src/protocol/errors';
import type { Brush } from './brush';
import { legendSize, paintLegend, type LegendKey } from './pictureLegend';
import { SvgBrush, type Rulers } from './svgBrush';
import { svgNumber, xmlText } from './svgText';
import type { Theme } from './theme';

export interface Painting {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** What stands above it; '' for nothing. */
  readonly caption: string;
  /** Draws inside (0, 0, width, height); need not restore what it sets. */
  readonly paint: (brush: Brush) => void;
}

export interface Picture {
  readonly title: string;
  readonly subtitle: string;
  /** In words what is drawn, for those who do not see it: an SVG carries it. */
  readonly description: string;
  /** What colours, lines and textures mean, with units. Empty only where every mark is labelled in the drawing. */
  readonly legend: readonly LegendKey[];
  readonly paintings: readonly Painting[];
  readonly theme: Theme;
}

const MARGIN = 16;
const NARROWEST = 400;
const TITLE = 20;
const LINE = 16;
const GAP = 12;
/** A canvas of more pixels than these is refused by some browsers. */
const LONGEST_SIDE = 16_000;
const LARGEST_AREA = 100_000_000;

interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly subtitle: readonly string[];
}

/** @param ratio device pixels a CSS pixel; less where the sheet would be too large */
export async function toPng(picture: Picture, ratio: number): Promise<Uint8Array> {
  const sheet = layOut(picture, rulers());
  const { width, height } = sheet;
  const fitting = Math.min(
    ratio,
    LONGEST_SIDE / Math.max(width, height),
    Math.sqrt(LARGEST_AREA / (width * height)),
  );
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width * fitting);
  canvas.height = Math.ceil(height * fitting);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('toPng: expected a 2d context, got none');
  context.scale(fitting, fitting);
  paint(picture, sheet, context);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null)
    throw new ArLensError(
      'outOfMemory',
      `A picture of ${canvas.width} by ${canvas.height} pixels is too large.`,
    );
  return new Uint8Array(await blob.arrayBuffer());
}

export function toSvg(picture: Picture): string {
  const known = rulers();
  const sheet = layOut(picture, known);
  const brush = new SvgBrush(known);
  paint(picture, sheet, brush);
  const size = `width="${svgNumber(sheet.width)}" height="${svgNumber(sheet.height)}"`;
  const box = `viewBox="0 0 ${svgNumber(sheet.width)} ${svgNumber(sheet.height)}"`;
  const described = `role="img" aria-labelledby="title description" xml:space="preserve"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${box} ${described}>`,
    `<title id="title">${xmlText(picture.title)}</title>`,
    `<desc id="description">${xmlText(`${picture.subtitle}. ${picture.description}`)}</desc>`,
    brush.content(),
    '</svg>\n',
  ].join('');
}

function layOut({ subtitle, legend, paintings, theme }: Picture, known: Rulers): Sheet {
  const inner = Math.max(NARROWEST, ...paintings.map(({ width }) => width));
  const lines = wrapped(subtitle, inner, (text) => known.width(theme.font(12, 1), text));
  const keys = legendSize(legend, inner, (text) => known.width(theme.font(11, 1), text));
  const drawn = paintings.reduce((sum, one) => sum + heightOf(one) + GAP, 0);
  const height = 2 * MARGIN + TITLE + lines.length * LINE + GAP + keys + (keys === 0 ? 0 : GAP) + drawn - GAP;
  return { width: inner + 2 * MARGIN, height, subtitle: lines };
}

const heightOf = ({ height, caption }: Painting): number => height + (caption === '' ? 0 : LINE + 4);

function paint({ title, legend, paintings, theme }: Picture, sheet: Sheet, brush: Brush): void {
  const inner = sheet.width - 2 * MARGIN;
  brush.fillStyle = theme.color('ar-bg');
  brush.fillRect(0, 0, sheet.width, sheet.height);
  brush.fillStyle = theme.color('ar-fg');
  brush.font = theme.font(15, 1, 600);
  brush.fillText(title, MARGIN, MARGIN + 15, inner);
  let top = MARGIN + TITLE;
  brush.fillStyle = theme.color('ar-quiet');
  brush.font = theme.font(12, 1);
  for (const line of sheet.subtitle) {
    brush.fillText(line, MARGIN, top + 12, inner);
    top += LINE;
  }
  top += GAP;
  if (legend.length > 0) {
    top += paintLegend(brush, legend, { left: MARGIN, top, width: inner, theme }) + GAP;
  }
  for (const one of paintings) {
    if (one.caption !== '') {
      brush.fillStyle = theme.color('ar-fg');
      brush.font = theme.font(12, 1, 600);
      brush.fillText(one.caption, MARGIN, top + 12, inner);
    }
    place(brush, one, MARGIN, top + heightOf(one) - one.height);
    top += heightOf(one) + GAP;
  }
}

function place(brush: Brush, { width, height, paint: draw }: Painting, left: number, top: number): void {
  brush.save();
  brush.translate(left, top);
  brush.beginPath();
  brush.rect(0, 0, width, height);
  brush.clip();
  draw(brush);
  brush.restore();
}

/** Breaks at blanks; a word that is longer than a line is squeezed into it. */
function wrapped(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || measure(`${last} ${word}`) > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function rulers(): Rulers {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (context === null) throw new Error('rulers: expected a 2d context, got none');
  const rise = (baseline: CanvasTextBaseline) => {
    context.textBaseline = baseline;
    return context.measureText('x').fontBoundingBoxAscent;
  };
  return {
    width(font, text) {
      context.font = font;
      return context.measureText(text).width;
    },
    drop(font, baseline) {
      if (baseline === 'alphabetic') return 0;
      context.font = font;
      return rise('alphabetic') - rise(baseline);
    },
    pixels(image) {
      const copy = document.createElement('canvas');
      copy.width = image.width;
      copy.height = image.height;
      copy.getContext('2d')?.drawImage(image, 0, 0);
      return copy.toDataURL('image/png');
    },
  };
}
