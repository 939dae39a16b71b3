// A drawn SVG as a file of its own: what style sheets say becomes attributes, so that it looks the same anywhere.

const KEPT = [
  'fill',
  'fill-opacity',
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

/** @param background any CSS colour */
export function svgText(svg: SVGSVGElement, background: string): string {
  const { x, y, width, height } = svg.viewBox.baseVal;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${x} ${y} ${width} ${height}" width="${width}" height="${height}">`;
  const sheet = `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${escaped(background)}"/>`;
  return `${head}${sheet}${[...svg.children].map(written).join('')}</svg>\n`;
}

function written(element: Element): string {
  const name = element.localName;
  if (['filter', 'linearGradient', 'style', 'title', 'desc'].includes(name)) return '';
  if (name === 'defs' && element.children.length === 0) return '';
  const attributes = [...element.attributes]
    .filter((each) => !SKIPPED.has(each.name) && !each.name.startsWith('data-') && !isKept(each.name))
    .map((each) => ` ${each.name}="${escaped(each.value)}"`);
  if (SHAPES.has(name)) {
    const style = getComputedStyle(element);
    for (const property of KEPT) {
      const value = style.getPropertyValue(property);
      if (value !== '') attributes.push(` ${property}="${escaped(value)}"`);
    }
  }
  const inside = [...element.childNodes]
    .map((node) =>
      node instanceof Element
        ? written(node)
        : node.nodeType === Node.TEXT_NODE
          ? escaped(node.textContent ?? '')
          : '',
    )
    .join('');
  return `<${name}${attributes.join('')}>${inside}</${name}>`;
}

const isKept = (name: string): boolean => KEPT.some((each) => each === name);

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** The same as a PNG, twice its size for sharp letters; smaller where a canvas ends. */
export async function svgPng(text: string, width: number, height: number): Promise<Uint8Array> {
  const scale = Math.min(2, 16_000 / Math.max(width, height));
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
