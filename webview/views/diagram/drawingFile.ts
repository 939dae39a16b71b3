// A drawn SVG as a file of its own: what style sheets say becomes attributes, so that it looks the same anywhere.
// The other views save through ui/picture.ts, which runs painters; this drawing is mermaid's elements, not a painter's.
import { svgColour, xmlText } from '../../ui/svgText';

const KEPT = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'visibility',
] as const;
const SHAPES = new Set(['rect', 'path', 'polygon', 'circle', 'ellipse', 'line', 'text', 'tspan']);
const SKIPPED = new Set(['style', 'class', 'filter']);

export interface DrawingWords {
  /** A colour as a browser computes it. */
  readonly background: string;
  readonly title: string;
  /** In words what is drawn, for those who do not see it. */
  readonly description: string;
}

export function drawingSvg(svg: SVGSVGElement, words: DrawingWords): string {
  const { x, y } = svg.viewBox.baseVal;
  const { width, height } = drawingSize(svg);
  const box = `viewBox="${x} ${y} ${width} ${height}" width="${width}" height="${height}"`;
  const about = `<title>${xmlText(words.title)}</title><desc>${xmlText(words.description)}</desc>`;
  const fill = svgColour(words.background).paint;
  const sheet = `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`;
  const drawn = [...svg.children].map(written).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box} role="img">${about}${sheet}${drawn}</svg>\n`;
}

/** Whole pixels, so that a PNG is as large as the SVG says. */
export function drawingSize(svg: SVGSVGElement): { readonly width: number; readonly height: number } {
  const { width, height } = svg.viewBox.baseVal;
  return { width: Math.ceil(width), height: Math.ceil(height) };
}

function written(element: Element): string {
  const name = element.localName;
  if (['filter', 'linearGradient', 'style', 'title', 'desc'].includes(name)) return '';
  if (name === 'defs' && element.children.length === 0) return '';
  const attributes = [...element.attributes]
    .filter((each) => !SKIPPED.has(each.name) && !each.name.startsWith('data-') && !isKept(each.name))
    .map((each) => ` ${each.name}="${xmlText(each.value)}"`);
  if (SHAPES.has(name)) {
    const style = getComputedStyle(element);
    for (const property of KEPT) {
      const value = style.getPropertyValue(property);
      if (value !== '') attributes.push(attributeOf(property, value));
    }
  }
  const inside = [...element.childNodes]
    .map((node) =>
      node instanceof Element
        ? written(node)
        : node.nodeType === Node.TEXT_NODE
          ? xmlText(node.textContent ?? '')
          : '',
    )
    .join('');
  return `<${name}${attributes.join('')}>${inside}</${name}>`;
}

const isKept = (name: string): boolean => KEPT.some((each) => each === name);

/** Not every reader of SVG knows every colour that a browser computes. */
function attributeOf(property: (typeof KEPT)[number], value: string): string {
  if (property !== 'fill' && property !== 'stroke') return ` ${property}="${xmlText(value)}"`;
  if (value === 'none' || value.startsWith('url(')) return ` ${property}="${xmlText(value)}"`;
  const { paint, opacity } = svgColour(value);
  return ` ${property}="${paint}"${opacity < 1 && paint !== 'none' ? ` ${property}-opacity="${opacity}"` : ''}`;
}

/** A drawing's SVG as a PNG of so many device pixels a CSS pixel; fewer where a canvas ends. */
export async function drawingPng(
  text: string,
  { width, height }: { readonly width: number; readonly height: number },
  ratio: number,
): Promise<Uint8Array> {
  const scale = Math.min(ratio, 16_000 / Math.max(width, height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const sheet = new OffscreenCanvas(Math.ceil(width * scale), Math.ceil(height * scale));
  const context = sheet.getContext('2d');
  if (context === null) throw new Error('svgPng: expected a 2d context, got none');
  context.drawImage(image, 0, 0, sheet.width, sheet.height);
  const blob = await sheet.convertToBlob({ type: 'image/png' });
  return new Uint8Array(await blob.arrayBuffer());
}
