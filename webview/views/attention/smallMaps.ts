// All layers × heads on one canvas: a picture made once per answer and theme, and on each hover one copy of it with
// the lit row drawn over every map. Says which map lies under a point; chooses nothing.
import type { SmallAttention } from '../../../src/protocol/engine';
import type { AttentionLook } from '../../../src/protocol/attentionView';
import type { Theme } from '../../ui/theme';
import { css, dotsImage, type MapColours } from './colours';

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

export class SmallMaps {
  readonly canvas = document.createElement('canvas');
  layout: SmallLayout = layoutOf('heads', 1, 1, 100);
  private kind = 'heads';
  private picture: OffscreenCanvas | undefined;
  private ratio = 1;
  private count = 0;

  /** Draws anew all that does not change on hover. */
  show(
    small: SmallAttention | undefined,
    look: AttentionLook,
    shape: { readonly layers: number; readonly heads: number; readonly width: number },
    theme: Theme,
    colours: MapColours,
  ): void {
    const { layers, heads, width } = shape;
    this.kind = look.kind;
    this.count = look.kind === 'heads' ? layers * heads : layers;
    this.layout = layoutOf(look.kind, layers, heads, width);
    this.ratio = window.devicePixelRatio;
    const { canvas, layout, ratio } = this;
    canvas.width = Math.max(1, Math.round(layout.width * ratio));
    canvas.height = Math.max(1, Math.round(layout.height * ratio));
    canvas.style.width = `${layout.width}px`;
    canvas.style.height = `${layout.height}px`;
    this.picture = new OffscreenCanvas(canvas.width, canvas.height);
    const context = this.picture.getContext('2d');
    if (context === null) return;
    context.fillStyle = theme.color('ar-bg');
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.scale(ratio, ratio);
    this.labels(context, theme);
    for (let index = 0; index < this.count; index++) this.one(context, small, index, theme, colours);
  }

  /** @param row position whose row is lit in every map, of `length`; -1 for none */
  draw(theme: Theme, look: AttentionLook, row: number, length: number): void {
    const context = this.canvas.getContext('2d');
    if (context === null || this.picture === undefined) return;
    const { layout, ratio } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.picture, 0, 0);
    context.scale(ratio, ratio);
    if (row >= 0) {
      context.fillStyle = theme.color('ar-fg');
      const down = ((row + 0.5) / length) * layout.cell;
      const along = ((row + 1) / length) * layout.cell;
      for (let index = 0; index < this.count; index++) {
        const { x, y } = cornerOf(layout, this.kind, index);
        context.fillRect(x, y + down - 0.5, along, 1);
      }
    }
    const chosen = look.kind === 'heads' ? look.layer * layout.columns + look.head : look.layer;
    const { x, y } = cornerOf(layout, this.kind, chosen);
    context.strokeStyle = theme.color('ar-link');
    context.lineWidth = 2;
    context.strokeRect(x - 2, y - 2, layout.cell + 4, layout.cell + 4);
  }

  /** The map under a point of the canvas, in CSS pixels. */
  mapAt(x: number, y: number): number | undefined {
    const { layout } = this;
    const column = Math.floor((x - LEFT) / layout.pitch);
    const row = Math.floor((y - TOP) / layout.rowPitch);
    const index = row * layout.columns + column;
    const inside = column >= 0 && column < layout.columns && row >= 0 && row < layout.rows;
    return inside && index < this.count ? index : undefined;
  }

  private labels(context: OffscreenCanvasRenderingContext2D, theme: Theme): void {
    const { layout } = this;
    context.fillStyle = theme.color('ar-quiet');
    context.font = theme.font(11, 1);
    if (this.kind !== 'heads') {
      context.textAlign = 'left';
      for (let index = 0; index < this.count; index++) {
        const { x, y } = cornerOf(layout, this.kind, index);
        const text = this.kind === 'mean' || index === 0 ? `L${index + 1}` : `L1–L${index + 1}`;
        context.fillText(text, x, y - 5);
      }
      return;
    }
    context.textAlign = 'center';
    const every = Math.ceil(18 / layout.pitch);
    for (let head = 0; head < layout.columns; head += every) {
      context.fillText(String(head + 1), LEFT + head * layout.pitch + layout.cell / 2, 12);
    }
    context.textAlign = 'right';
    const down = Math.ceil(14 / layout.rowPitch);
    for (let layer = 0; layer < layout.rows; layer += down) {
      context.fillText(`L${layer + 1}`, LEFT - 6, TOP + layer * layout.rowPitch + layout.cell / 2 + 4);
    }
  }

  private one(
    context: OffscreenCanvasRenderingContext2D,
    small: SmallAttention | undefined,
    index: number,
    theme: Theme,
    colours: MapColours,
  ): void {
    const { layout, kind } = this;
    const { x, y } = cornerOf(layout, kind, index);
    if (small === undefined) {
      context.fillStyle = css(colours.masked);
      context.fillRect(x, y, layout.cell, layout.cell);
      return;
    }
    const { size, dots, entropy, ceiling } = small;
    const image = new OffscreenCanvas(size, size);
    image.getContext('2d')?.putImageData(dotsImage(dots, index * size * size, size, colours), 0, 0);
    // Enlarged dots keep their edges; shrunk ones are averaged, or thin lines would come and go.
    context.imageSmoothingEnabled = size > layout.cell * this.ratio;
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, x, y, layout.cell, layout.cell);
    const bar = y + layout.cell + BAR_GAP;
    context.fillStyle = theme.color('ar-grid');
    context.fillRect(x, bar, layout.cell, BAR);
    context.fillStyle = theme.color('ar-quiet');
    context.fillRect(x, bar, layout.cell * Math.min(1, (entropy[index] ?? 0) / (ceiling || 1)), BAR);
  }
}
