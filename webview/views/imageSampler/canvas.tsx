// The images being drawn, as a control: a click or arrow keys choose the image that is looked at, a click on a pixel of
// that one goes back to it; where a region is kept, dragging draws another one.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ImageSamplerContent, Region } from '../../../src/protocol/imageSamplerView';
import { fitCanvas } from '../../ui/fitCanvas';
import { moveByKey } from '../../ui/keyboard';
import { useWidth } from '../../ui/hooks';
import type { Theme } from '../../ui/theme';
import type { DrawnImages } from './drawing';
import { imageAt, imagesLayout, paintImages, type ImagesPicture } from './imagesPainter';

interface Corner {
  readonly row: number;
  readonly column: number;
}

export function ImagesCanvas(properties: {
  readonly content: ImageSamplerContent;
  readonly drawn: DrawnImages;
  /** Counts what arrived: the canvas draws again when it changes. */
  readonly arrived: number;
  readonly theme: Theme;
  readonly words: string;
  readonly onImage: (image: number) => void;
  /** A pixel of the image that is looked at. */
  readonly onPixel: (row: number, column: number) => void;
  readonly onRegion: (region: Region) => void;
  readonly keep: (picture: ImagesPicture) => void;
}) {
  const { content, drawn, theme, onImage, onPixel, onRegion } = properties;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const room = useWidth(frame);
  const [drag, setDrag] = useState<{ readonly from: Corner; readonly to: Corner }>();
  const layout = imagesLayout(room, drawn);
  const { image } = content.choice;
  const region = drag === undefined ? content.keeping?.region : regionOf(drag.from, drag.to);
  const { together, next } = content;
  const picture: ImagesPicture = { layout, drawn, chosen: image, together, next, region };
  useLayoutEffect(() => {
    const context = fitCanvas(canvas.current, layout);
    if (!context) return;
    paintImages(context, picture, theme);
    properties.keep(picture);
  });
  const under = (event: MouseEvent) => imageAt(layout, drawn, event.offsetX, event.offsetY);
  const onKey = (event: KeyboardEvent) => {
    const to = moveByKey(event.key, image, drawn.count, layout.columns);
    if (to === undefined) return;
    onImage(to);
    event.preventDefault();
  };
  return (
    <div ref={frame} class="frame">
      <canvas
        ref={canvas}
        role="slider"
        tabIndex={0}
        aria-label="Images being drawn"
        aria-valuemin={1}
        aria-valuemax={drawn.count}
        aria-valuenow={image + 1}
        aria-valuetext={properties.words}
        onKeyDown={onKey}
        onPointerDown={(event) => {
          const at = under(event);
          if (at !== undefined && content.keeping !== null) setDrag({ from: at, to: at });
        }}
        onPointerMove={(event) => {
          const at = under(event);
          if (drag !== undefined && at !== undefined) setDrag({ from: drag.from, to: at });
        }}
        onPointerUp={(event) => {
          const at = under(event);
          if (drag !== undefined) {
            setDrag(undefined);
            const { from, to } = drag;
            if (from.row !== to.row || from.column !== to.column) return onRegion(regionOf(from, to));
          }
          if (at === undefined) return;
          if (at.image === image) onPixel(at.row, at.column);
          else onImage(at.image);
        }}
        onPointerLeave={() => setDrag(undefined)}
      />
    </div>
  );
}

const regionOf = (one: Corner, other: Corner): Region => ({
  top: Math.min(one.row, other.row),
  left: Math.min(one.column, other.column),
  bottom: Math.max(one.row, other.row) + 1,
  right: Math.max(one.column, other.column) + 1,
});
