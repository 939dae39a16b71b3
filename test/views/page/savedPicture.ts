// Looks at what a view has saved, in the page: an SVG is parsed as the XML it claims to be and drawn, a PNG is decoded,
// and the two are compared pixel by pixel.

export interface SavedSvg {
  /** What the parser says against it; '' for nothing. */
  readonly problem: string;
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly texts: readonly string[];
  /** By tag name: how many. */
  readonly elements: Readonly<Record<string, number>>;
  /** Attributes a strict page would refuse, references that leave the file. */
  readonly outside: readonly string[];
}

export function readSvg(bytes: Uint8Array): SavedSvg {
  const parsed = new DOMParser().parseFromString(new TextDecoder().decode(bytes), 'image/svg+xml');
  const all = [...parsed.querySelectorAll('*')];
  const elements: Record<string, number> = {};
  for (const { tagName } of all) elements[tagName] = (elements[tagName] ?? 0) + 1;
  const outside = all.flatMap((element) =>
    [...element.attributes]
      .filter(
        ({ name, value }) => name === 'style' || (name === 'href' && !value.startsWith('data:image/png')),
      )
      .map(({ name, value }) => `${element.tagName} ${name}="${value.slice(0, 40)}"`),
  );
  const root = parsed.documentElement;
  return {
    problem: parsed.querySelector('parsererror')?.textContent ?? '',
    title: parsed.querySelector('title')?.textContent ?? '',
    description: parsed.querySelector('desc')?.textContent ?? '',
    width: Number(root.getAttribute('width')),
    height: Number(root.getAttribute('height')),
    texts: [...parsed.querySelectorAll('text')].map(({ textContent }) => textContent ?? ''),
    elements,
    outside,
  };
}

/** Both as they are drawn, at the PNG's size: the share of pixels that differ plainly, and the mean difference of 255. */
export async function comparePictures(png: Uint8Array, svg: Uint8Array) {
  const one = await pixelsOf(png, 'image/png');
  const drawn = await pixelsOf(svg, 'image/svg+xml', one);
  let [sum, plain] = [0, 0];
  for (let at = 0; at < one.data.length; at += 4) {
    let worst = 0;
    for (let channel = 0; channel < 3; channel++) {
      worst = Math.max(worst, Math.abs((one.data[at + channel] ?? 0) - (drawn.data[at + channel] ?? 0)));
    }
    sum += worst;
    if (worst > 64) plain++;
  }
  const pixels = one.data.length / 4;
  return { width: one.width, height: one.height, differing: plain / pixels, mean: sum / pixels };
}

async function pixelsOf(
  bytes: Uint8Array,
  type: string,
  size?: { readonly width: number; readonly height: number },
): Promise<ImageData> {
  const image = new Image();
  image.src = `data:${type};base64,${base64(bytes)}`;
  await image.decode();
  const { width, height } = size ?? { width: image.naturalWidth, height: image.naturalHeight };
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('pixelsOf: expected a 2d context, got none');
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

export const savedPicture = { readSvg, comparePictures };
Object.assign(window, { savedPicture });
export type SavedPicture = typeof savedPicture;
