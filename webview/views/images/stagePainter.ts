// Paints one image large: its pixels, its bits beside or over them, outlined regions and the crosshair. Pure functions
// over a brush.
import type { Brush } from '../../ui/brush';
import type { Theme } from '../../ui/theme';
import type { Mode } from './settings';

const GAP = 16;
/** How much of the pixels shows through where the bits lie over them. */
const OVER = 0.72;
const TALLEST = 440;

export interface StageLayout {
  readonly panes: number;
  /** Of one pane, in CSS pixels, and between the left edges of two. */
  readonly width: number;
  readonly height: number;
  readonly pitch: number;
  /** CSS pixels an image pixel takes. */
  readonly scale: number;
  /** Image pixels in sight: the first, and how many. */
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
}

export interface Grid {
  readonly height: number;
  readonly width: number;
}

/** @param at the pixel that stays in the middle while a part is shown */
export function stageLayout(
  room: number,
  image: Grid,
  panes: number,
  zoom: number,
  at: { readonly row: number; readonly column: number },
): StageLayout {
  const pane = Math.max(40, Math.floor((room - (panes - 1) * GAP) / panes));
  const exact = Math.min(pane / image.width, TALLEST / image.height);
  const whole = exact >= 1 ? Math.floor(exact) : exact;
  const scale = whole * zoom;
  const [width, height] = [image.width * whole, image.height * whole];
  const columns = Math.min(image.width, width / scale);
  const rows = Math.min(image.height, height / scale);
  const first = (centre: number, shown: number, size: number) =>
    Math.min(size - shown, Math.max(0, Math.floor(centre + 0.5 - shown / 2)));
  return {
    panes,
    width,
    height,
    pitch: width + GAP,
    scale,
    left: first(at.column, columns, image.width),
    top: first(at.row, rows, image.height),
    columns,
    rows,
  };
}

/** A numbered square of pixels. */
export interface Outline {
  readonly row: number;
  readonly column: number;
  readonly side: number;
  readonly number: number;
  /** The line is broken, and the number dark on light. */
  readonly dashed: boolean;
}

export interface Stage {
  readonly layout: StageLayout;
  readonly pixels: OffscreenCanvas;
  readonly heat: OffscreenCanvas | undefined;
  readonly mode: Mode;
  readonly outlines: readonly Outline[];
  readonly row: number;
  readonly column: number;
}

export const stageSize = ({ panes, pitch, width, height }: StageLayout) => ({
  width: (panes - 1) * pitch + width,
  height,
});

export function paintStage(brush: Brush, stage: Stage, theme: Theme): void {
  const { layout, pixels, heat, mode } = stage;
  paintPane(brush, stage, 0, theme, () => {
    place(brush, pixels, layout);
    if (heat === undefined || mode === 'beside') return;
    brush.globalAlpha = OVER;
    place(brush, heat, layout);
    brush.globalAlpha = 1;
  });
  if (heat !== undefined && mode === 'beside')
    paintPane(brush, stage, layout.pitch, theme, () => place(brush, heat, layout));
}

/** The pixel under a point of the canvas. */
export function pixelAt(
  { pitch, width, height, scale, left, top }: StageLayout,
  x: number,
  y: number,
): { row: number; column: number } | undefined {
  const inPane = x % pitch;
  if (x < 0 || y < 0 || y >= height || inPane >= width) return undefined;
  return { row: Math.floor(top + y / scale), column: Math.floor(left + inPane / scale) };
}

function paintPane(brush: Brush, stage: Stage, x: number, theme: Theme, fill: () => void) {
  const { layout, row, column, outlines } = stage;
  const { width, height, scale, left, top } = layout;
  brush.save();
  brush.translate(x, 0);
  brush.beginPath();
  brush.rect(0, 0, width, height);
  brush.clip();
  fill();
  for (const each of outlines) outline(brush, each, layout);
  // Above all squares: a number must not lie under a neighbour's line.
  for (const each of outlines) tag(brush, each, layout, theme);
  const [cx, cy] = [(column - left) * scale, (row - top) * scale];
  crosshair(brush, { x: cx, y: cy, scale, width, height });
  brush.strokeStyle = theme.color('ar-bar-rim');
  brush.lineWidth = 1;
  brush.strokeRect(0.5, 0.5, width - 1, height - 1);
  brush.restore();
}

function place(brush: Brush, image: OffscreenCanvas, { scale, left, top }: StageLayout): void {
  brush.imageSmoothingEnabled = scale < 1;
  brush.drawImage(image, -left * scale, -top * scale, image.width * scale, image.height * scale);
}

const DARK = 'rgb(0 0 0 / 0.75)';
const LIGHT = 'rgb(255 255 255)';

/** A light line on a dark one, inside the square's edge, so that it shows on every image. */
function outline(
  brush: Brush,
  { row, column, side, dashed }: Outline,
  { scale, left, top }: StageLayout,
): void {
  const [x, y, size] = [(column - left) * scale, (row - top) * scale, side * scale];
  brush.save();
  for (const [colour, width, dash] of [
    [DARK, 4, []],
    [LIGHT, 2, dashed ? [5, 4] : []],
  ] as const) {
    brush.strokeStyle = colour;
    brush.lineWidth = width;
    brush.setLineDash([...dash]);
    brush.strokeRect(x + 2, y + 2, Math.max(1, size - 4), Math.max(1, size - 4));
  }
  brush.restore();
}

const TAG = 15;

function tag(
  brush: Brush,
  { row, column, number, dashed }: Outline,
  { scale, left, top }: StageLayout,
  theme: Theme,
): void {
  const [x, y] = [(column - left) * scale + 1, (row - top) * scale + 1];
  brush.fillStyle = dashed ? LIGHT : 'rgb(0 0 0)';
  brush.fillRect(x, y, TAG, TAG);
  brush.strokeStyle = dashed ? 'rgb(0 0 0)' : LIGHT;
  brush.lineWidth = 1;
  brush.strokeRect(x + 0.5, y + 0.5, TAG - 1, TAG - 1);
  brush.fillStyle = dashed ? 'rgb(0 0 0)' : LIGHT;
  brush.font = theme.font(11, 1, 600);
  brush.textAlign = 'center';
  brush.fillText(String(number), x + TAG / 2, y + 11.5);
}

/** Dark inside light, so that it shows on every image. */
function crosshair(
  brush: Brush,
  at: {
    readonly x: number;
    readonly y: number;
    readonly scale: number;
    readonly width: number;
    readonly height: number;
  },
): void {
  const middle = { x: at.x + at.scale / 2, y: at.y + at.scale / 2 };
  const side = Math.max(5, at.scale);
  for (const [colour, width, out] of [
    ['rgb(0 0 0 / 0.55)', 3, 1],
    ['rgb(255 255 255 / 0.9)', 1, 1],
  ] as const) {
    brush.strokeStyle = colour;
    brush.lineWidth = width;
    brush.beginPath();
    const half = side / 2 + out;
    brush.moveTo(0, middle.y);
    brush.lineTo(middle.x - half, middle.y);
    brush.moveTo(middle.x + half, middle.y);
    brush.lineTo(at.width, middle.y);
    brush.moveTo(middle.x, 0);
    brush.lineTo(middle.x, middle.y - half);
    brush.moveTo(middle.x, middle.y + half);
    brush.lineTo(middle.x, at.height);
    brush.rect(middle.x - half, middle.y - half, 2 * half, 2 * half);
    brush.stroke();
  }
}
