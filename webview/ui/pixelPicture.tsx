// Small 8-bit pictures side by side, as pixels: what a model of images is given. Knows no model.
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Brush } from './brush';
import { fitCanvas } from './fitCanvas';

export interface PixelPictures {
  readonly height: number;
  readonly width: number;
  /** 1 (grey) or 3 (RGB). */
  readonly channels: number;
  /** 8-bit values [pictures, height, width, channels] */
  readonly pixels: Uint8Array;
}

const GAP = 6;

export function picturesSize(
  { height, width, channels, pixels }: PixelPictures,
  room: number,
  side: number,
): { readonly columns: number; readonly scale: number; readonly width: number; readonly height: number } {
  const count = Math.max(1, pixels.length / (height * width * channels));
  const exact = side / Math.max(height, width);
  const scale = exact >= 1 ? Math.floor(exact) : exact;
  const columns = Math.max(1, Math.min(count, Math.floor((room + GAP) / (width * scale + GAP))));
  return {
    columns,
    scale,
    width: columns * (width * scale + GAP) - GAP,
    height: Math.ceil(count / columns) * (height * scale + GAP) - GAP,
  };
}

export function paintPictures(
  brush: Brush,
  pictures: PixelPictures,
  { columns, scale }: ReturnType<typeof picturesSize>,
): void {
  const { height, width } = pictures;
  brush.imageSmoothingEnabled = scale < 1;
  for (const [index, picture] of canvasesOf(pictures).entries()) {
    const x = (index % columns) * (width * scale + GAP);
    const y = Math.floor(index / columns) * (height * scale + GAP);
    brush.drawImage(picture, x, y, width * scale, height * scale);
  }
}

/** @param side the longest side of each picture, in CSS pixels */
export function PixelPicture(properties: {
  readonly pictures: PixelPictures;
  readonly room: number;
  readonly side: number;
  readonly name: string;
}) {
  const { pictures, room, side, name } = properties;
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = picturesSize(pictures, room, side);
  useLayoutEffect(() => {
    const context = fitCanvas(canvas.current, size);
    if (context) paintPictures(context, pictures, size);
  }, [pictures, size.columns, size.scale]);
  return <canvas ref={canvas} role="img" aria-label={name} />;
}

function canvasesOf({ height, width, channels, pixels }: PixelPictures): OffscreenCanvas[] {
  const size = height * width * channels;
  return Array.from({ length: Math.floor(pixels.length / size) }, (_, index) => {
    const image = new ImageData(width, height);
    for (let pixel = 0; pixel < height * width; pixel++) {
      for (let colour = 0; colour < 3; colour++) {
        const from = index * size + pixel * channels + (channels === 3 ? colour : 0);
        image.data[4 * pixel + colour] = pixels[from] ?? 0;
      }
      image.data[4 * pixel + 3] = 255;
    }
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d')?.putImageData(image, 0, 0);
    return canvas;
  });
}
