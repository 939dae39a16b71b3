// Paints the images that are being drawn, side by side: what is there, what is not, the pixel that comes next, the image
// that is looked at and the region that is kept. Pure functions over a brush.
import type { ImageSamplerNext } from '../../../src/protocol/imageSampler';
import type { Region } from '../../../src/protocol/imageSamplerView';
import type { Brush } from '../../ui/brush';
import { hatch } from '../../ui/pictureLegend';
import type { Theme } from '../../ui/theme';
import type { DrawnImages } from './drawing';

const GAP = 12;
const EDGE = 3;
const TALLEST = 420;
const SMALLEST = 48;

export interface ImagesLayout {
  readonly columns: number;
  readonly scale: number;
  readonly pitchX: number;
  readonly pitchY: number;
  readonly width: number;
  readonly height: number;
}

export function imagesLayout(
  room: number,
  { count, height, width }: Pick<DrawnImages, 'count' | 'height' | 'width'>,
): ImagesLayout {
  const most = Math.max(1, Math.floor((room - 2 * EDGE + GAP) / (SMALLEST + GAP)));
  const columns = Math.min(most, Math.ceil(Math.sqrt(count * (count > 4 ? 2 : 1))));
  const rows = Math.ceil(count / columns);
  const exact = Math.min(
    ((room - 2 * EDGE + GAP) / columns - GAP) / width,
    (Math.max(TALLEST, rows * SMALLEST) / rows - GAP) / height,
  );
  const scale = exact >= 1 ? Math.floor(exact) : exact;
  const [pitchX, pitchY] = [width * scale + GAP, height * scale + GAP];
  return {
    columns,
    scale,
    pitchX,
    pitchY,
    width: columns * pitchX - GAP + 2 * EDGE,
    height: rows * pitchY - GAP + 2 * EDGE,
  };
}

/** The image under a point, and the pixel of it. */
export function imageAt(
  { columns, pitchX, pitchY, scale }: ImagesLayout,
  { count, height, width }: Pick<DrawnImages, 'count' | 'height' | 'width'>,
  x: number,
  y: number,
): { image: number; row: number; column: number } | undefined {
  const [left, top] = [x - EDGE, y - EDGE];
  const image = Math.floor(top / pitchY) * columns + Math.floor(left / pitchX);
  const row = Math.floor((top % pitchY) / scale);
  const column = Math.floor((left % pitchX) / scale);
  const inside = left >= 0 && top >= 0 && left < columns * pitchX && image < count;
  return inside && row < height && column < width ? { image, row, column } : undefined;
}

export interface ImagesPicture {
  readonly layout: ImagesLayout;
  readonly drawn: DrawnImages;
  readonly chosen: number;
  /** Images that the next step draws. */
  readonly together: readonly number[];
  readonly next: ImageSamplerNext | null;
  readonly region: Region | undefined;
}

export function paintImages(brush: Brush, picture: ImagesPicture, theme: Theme): void {
  const { layout, drawn, chosen, next, region } = picture;
  const { columns, scale, pitchX, pitchY } = layout;
  const [wide, tall] = [drawn.width * scale, drawn.height * scale];
  for (let image = 0; image < drawn.count; image++) {
    const x = EDGE + (image % columns) * pitchX;
    const y = EDGE + Math.floor(image / columns) * pitchY;
    brush.fillStyle = theme.color('ar-future');
    brush.fillRect(x, y, wide, tall);
    if (drawn.stepsOf(image) < drawn.size) {
      brush.strokeStyle = theme.color('ar-bar-rim');
      hatch(brush, x, y, wide, tall, 6);
    }
    brush.imageSmoothingEnabled = scale < 1;
    brush.drawImage(drawn.picture(image), x, y, wide, tall);
    brush.strokeStyle = theme.color('ar-bar-rim');
    brush.lineWidth = 1;
    brush.strokeRect(x - 0.5, y - 0.5, wide + 1, tall + 1);
    if (region !== undefined) {
      brush.strokeStyle = theme.color('ar-blind');
      brush.lineWidth = 1.5;
      brush.setLineDash([4, 3]);
      const [left, top] = [x + region.left * scale, y + region.top * scale];
      brush.strokeRect(left, top, (region.right - region.left) * scale, (region.bottom - region.top) * scale);
      brush.setLineDash([]);
    }
    // An image that stands elsewhere waits.
    if (next !== null && picture.together.includes(image))
      paintNext(brush, x + next.column * scale, y + next.row * scale, scale, theme);
    if (image === chosen && drawn.count > 1) {
      brush.strokeStyle = theme.color('ar-link');
      brush.lineWidth = 2;
      brush.strokeRect(x - 2, y - 2, wide + 4, tall + 4);
    }
  }
}

function paintNext(brush: Brush, x: number, y: number, scale: number, theme: Theme): void {
  brush.strokeStyle = theme.color('ar-fg');
  brush.lineWidth = scale >= 6 ? 1.5 : 1;
  const side = Math.max(3, scale);
  brush.strokeRect(x + (scale - side) / 2 + 0.5, y + (scale - side) / 2 + 0.5, side - 1, side - 1);
}
