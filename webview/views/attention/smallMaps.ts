// All layers × heads on one canvas: a picture made once per answer and theme, and on each hover one copy of it with
// the lit row drawn over every map. Says which map lies under a point; chooses nothing.
import type { SmallAttention } from '../../../src/protocol/engine';
import type { AttentionLook } from '../../../src/protocol/attentionView';
import type { Brush } from '../../ui/brush';
import type { Painting } from '../../ui/picture';
import type { Theme } from '../../ui/theme';
import { css } from '../../ui/shades';
import { dotsImage, type MapColours } from './colours';

const TOP = 18;
const LEFT = 28;
const BAR = 2;
/** Between a map and its bar. */
const BAR_GAP = 2;
const LARGEST = 120;

export interface SmallLayout {
  readonly columns: number;
  readonly rows: number;
  readonly pitch: number;
  readonly cell: number;
  readonly rowPitch: number;
  readonly width: number;
  readonly height: number;
}

/** Heads stand in their layer's row; a kind with one map per layer flows over the width. */
export function layoutOf(kind: string, layers: number, heads: number, width: number): SmallLayout {
  const columns = kind === 'heads' ? heads : Math.min(layers, Math.max(2, Math.floor((width - LEFT) / 96)));
  const rows = Math.ceil((kind === 'heads' ? layers * heads : layers) / columns);
  const pitch = Math.max(6, Math.min(LARGEST, Math.floor((width - LEFT) / columns)));
  const gap = pitch >= 24 ? 5 : 2;
  const cell = pitch - gap;
  const rowPitch = cell + BAR_GAP + BAR + gap + (kind === 'heads' ? 0 : 16);
  return { columns, rows, pitch, cell, rowPitch, width, height: TOP + rows * rowPitch };
}

/** CSS pixels of the upper left corner of map `index`. */
export function cornerOf(layout: SmallLayout, kind: string, index: number) {
  const row = Math.floor(index / layout.columns);
  return {
    x: LEFT + (index % layout.columns) * layout.pitch,
    y: TOP + row * layout.rowPitch + (kind === 'heads' ? 0 : 16),
  };
}

export interface SmallScene {
  readonly layout: SmallLayout;
  readonly kind: string;
  readonly count: number;
  /** Missing while it is computed. */
  readonly small: SmallAttention | undefined;
  readonly theme: Theme;
  readonly colours: MapColours;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
}

export interface SmallMarks {
  readonly look: AttentionLook;
  /** Position whose row is lit in every map, of `length`; -1 for none. */
  readonly row: number;
  readonly length: number;
}

export class SmallMaps {
  readonly canvas = document.createElement('canvas');
  private scene: SmallScene | undefined;
  private marks: SmallMarks | undefined;
  private picture: OffscreenCanvas | undefined;

  get layout(): SmallLayout {
    return this.scene?.layout ?? layoutOf('heads', 1, 1, 100);
  }

  /** Draws anew all that does not change on hover. */
  show(
    small: SmallAttention | undefined,
    look: AttentionLook,
    shape: { readonly layers: number; readonly heads: number; readonly width: number },
    theme: Theme,
    colours: MapColours,
  ): void {
    const { layers, heads, width } = shape;
    const { kind } = look;
    const layout = layoutOf(kind, layers, heads, width);
    const ratio = window.devicePixelRatio;
    const { canvas } = this;
    canvas.width = Math.max(1, Math.round(layout.width * ratio));
    canvas.height = Math.max(1, Math.round(layout.height * ratio));
    canvas.style.width = `${layout.width}px`;
    canvas.style.height = `${layout.height}px`;
    const count = kind === 'heads' ? layers * heads : layers;
    this.scene = { layout, kind, count, small, theme, colours, ratio };
    this.picture = new OffscreenCanvas(canvas.width, canvas.height);
    const context = this.picture.getContext('2d');
    if (context === null) return;
    context.scale(ratio, ratio);
    paintSmall(context, this.scene);
  }

  /** A copy of the picture with what is lit and chosen over it. */
  draw(marks: SmallMarks): void {
    this.marks = marks;
    const context = this.canvas.getContext('2d');
    if (context === null || this.picture === undefined || this.scene === undefined) return;
    const { ratio } = this.scene;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.picture, 0, 0);
    context.scale(ratio, ratio);
    paintMarks(context, this.scene, marks);
  }

  /** What is on the screen, for a saved picture. */
  painting(): Painting | undefined {
    const { scene, marks } = this;
    if (scene === undefined || marks === undefined) return undefined;
    const paint = (brush: Brush) => {
      paintSmall(brush, scene);
      paintMarks(brush, scene, marks);
    };
    return { ...scene.layout, caption: 'All maps', paint };
  }

  /** The map under a point of the canvas, in CSS pixels. */
  mapAt(x: number, y: number): number | undefined {
    const { layout } = this;
    const column = Math.floor((x - LEFT) / layout.pitch);
    const row = Math.floor((y - TOP) / layout.rowPitch);
    const index = row * layout.columns + column;
    const inside = column >= 0 && column < layout.columns && row >= 0 && row < layout.rows;
    return inside && index < (this.scene?.count ?? 0) ? index : undefined;
  }
}

export function paintSmall(brush: Brush, scene: SmallScene): void {
  const { layout, theme, count } = scene;
  brush.fillStyle = theme.color('ar-bg');
  brush.fillRect(0, 0, layout.width, layout.height);
  paintLabels(brush, scene);
  for (let index = 0; index < count; index++) paintMap(brush, scene, index);
}

export function paintMarks(brush: Brush, scene: SmallScene, { look, row, length }: SmallMarks): void {
  const { layout, kind, theme, count } = scene;
  if (row >= 0) {
    brush.fillStyle = theme.color('ar-fg');
    const down = ((row + 0.5) / length) * layout.cell;
    const along = ((row + 1) / length) * layout.cell;
    for (let index = 0; index < count; index++) {
      const { x, y } = cornerOf(layout, kind, index);
      brush.fillRect(x, y + down - 0.5, along, 1);
    }
  }
  const chosen = look.kind === 'heads' ? look.layer * layout.columns + look.head : look.layer;
  const { x, y } = cornerOf(layout, kind, chosen);
  brush.strokeStyle = theme.color('ar-link');
  brush.lineWidth = 2;
  brush.strokeRect(x - 2, y - 2, layout.cell + 4, layout.cell + 4);
}

function paintLabels(brush: Brush, { layout, kind, count, theme }: SmallScene): void {
  brush.fillStyle = theme.color('ar-quiet');
  brush.font = theme.font(11, 1);
  if (kind !== 'heads') {
    brush.textAlign = 'left';
    for (let index = 0; index < count; index++) {
      const { x, y } = cornerOf(layout, kind, index);
      const text = kind === 'mean' || index === 0 ? `L${index + 1}` : `L1–L${index + 1}`;
      brush.fillText(text, x, y - 5);
    }
    return;
  }
  brush.textAlign = 'center';
  const every = Math.ceil(18 / layout.pitch);
  for (let head = 0; head < layout.columns; head += every) {
    brush.fillText(String(head + 1), LEFT + head * layout.pitch + layout.cell / 2, 12);
  }
  brush.textAlign = 'right';
  const down = Math.ceil(14 / layout.rowPitch);
  for (let layer = 0; layer < layout.rows; layer += down) {
    brush.fillText(`L${layer + 1}`, LEFT - 6, TOP + layer * layout.rowPitch + layout.cell / 2 + 4);
  }
}

function paintMap(brush: Brush, scene: SmallScene, index: number): void {
  const { layout, kind, small, theme, colours, ratio } = scene;
  const { x, y } = cornerOf(layout, kind, index);
  if (small === undefined) {
    brush.fillStyle = css(colours.masked);
    brush.fillRect(x, y, layout.cell, layout.cell);
    return;
  }
  const { columns, size, dots, entropy, ceiling } = small;
  const image = new OffscreenCanvas(size, size);
  image.getContext('2d')?.putImageData(dotsImage(dots, index * size * size, size, colours), 0, 0);
  // Enlarged dots keep their edges; shrunk ones are averaged, or thin lines would come and go.
  brush.imageSmoothingEnabled = size > layout.cell * ratio;
  brush.imageSmoothingQuality = 'high';
  brush.drawImage(image, x, y, layout.cell, layout.cell);
  const bar = y + layout.cell + BAR_GAP;
  brush.fillStyle = theme.color('ar-grid');
  brush.fillRect(x, bar, layout.cell, BAR);
  brush.fillStyle = theme.color('ar-quiet');
  const most = ceiling[Math.floor(index / columns)] ?? 0;
  brush.fillRect(x, bar, layout.cell * Math.min(1, (entropy[index] ?? 0) / (most || 1)), BAR);
}
