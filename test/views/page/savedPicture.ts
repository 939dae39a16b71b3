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

/**
 * Canvases of the page against the PNG that was saved last, whose last drawings they are, one under the other.
 * @param margin of the sheet and @param gap between its drawings, CSS pixels
 * @returns for each canvas the share of its pixels that differ plainly
 */
export async function compareWithScreen(selector: string, margin: number, gap: number): Promise<number[]> {
  const { harness } = window;
  const saved = harness.heard
    .filter(({ method }) => method === 'save')
    .map(({ params }) => params as { suggestedName: string; data: Uint8Array });
  const png = saved.findLast(({ suggestedName }) => suggestedName.endsWith('.png'));
  if (png === undefined) throw new Error('compareWithScreen: expected a saved PNG');
  const sheet = await pixelsOf(png.data, 'image/png');
  const ratio = window.devicePixelRatio;
  const canvases = [...document.querySelectorAll<HTMLCanvasElement>(selector)];
  let bottom = sheet.height - margin * ratio;
  return canvases
    .reverse()
    .map((canvas) => {
      const { width, height } = canvas;
      const top = Math.round(bottom - height);
      bottom = top - gap * ratio;
      const screen = over(canvas, background());
      let plain = 0;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const at = 4 * (y * width + x);
          const there = 4 * ((top + y) * sheet.width + margin * ratio + x);
          const worst = Math.max(
            ...[0, 1, 2].map((c) => Math.abs((screen[at + c] ?? 0) - (sheet.data[there + c] ?? 0))),
          );
          if (worst > 64) plain++;
        }
      }
      return plain / (width * height);
    })
    .reverse();
}

const background = () => getComputedStyle(document.body).backgroundColor;

/** A canvas as it is seen: over what lies behind it. */
function over(canvas: HTMLCanvasElement, colour: string): Uint8ClampedArray {
  const context = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', {
    willReadFrequently: true,
  });
  if (context === null) throw new Error('over: expected a 2d context, got none');
  context.fillStyle = colour;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(canvas, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height).data;
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

export const savedPicture = { readSvg, comparePictures, compareWithScreen };
Object.assign(window, { savedPicture });
export type SavedPicture = typeof savedPicture;
