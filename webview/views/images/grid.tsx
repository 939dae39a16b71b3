// All images as a grid that scrolls: only what is in sight is drawn, and only that is fetched. A control of its own:
// arrows go from image to image.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { ImageModelInfo } from '../../../src/protocol/imageSets';
import { Segments } from '../../ui/controls';
import { Quantity } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import { useWidth } from '../../ui/hooks';
import type { Theme } from '../../ui/theme';
import { classWords } from '../../ui/pixelWords';
import type { Gallery } from './gallery';
import {
  gridLayout,
  paintGrid,
  placeAt,
  placesInSight,
  scrollTo,
  topOf,
  type GridPicture,
} from './gridPainter';
import type { Change, Order, Settings } from './settings';

const TALLEST = 328;
const AHEAD = 400;

export interface GridProperties {
  readonly gallery: Gallery;
  readonly model: ImageModelInfo | null;
  readonly settings: Settings;
  readonly theme: Theme;
  /** Counts what arrived: the grid draws again when it changes. */
  readonly arrived: number;
  readonly change: Change;
  readonly onWant: (indices: readonly number[]) => void;
  readonly keep: (picture: () => GridPicture) => void;
}

export function Grid(properties: GridProperties) {
  const { gallery, model, settings, theme, change, keep } = properties;
  const frame = useRef<HTMLDivElement>(null);
  const spacer = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(frame);
  const layout = gridLayout(width, gallery.images, gallery.labelled);
  const height = Math.min(TALLEST, layout.tall);
  const order = gallery.order(settings.order);
  const pictureNow = (): GridPicture => {
    const top = topOf(layout, frame.current?.scrollTop ?? 0, height);
    const classNames = model?.classNames ?? [];
    return { gallery, order, classNames, layout, top, height, chosen: settings.image };
  };
  const draw = () => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    const ratio = window.devicePixelRatio;
    const [wide, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.current.width !== wide) canvas.current.width = wide;
    if (canvas.current.height !== tall) canvas.current.height = tall;
    canvas.current.style.height = `${height}px`;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const picture = pictureNow();
    paintGrid(context, picture, theme);
    const [first, end] = placesInSight(layout, order.length, picture.top - AHEAD, height + 2 * AHEAD);
    const wanted = gallery.wanted(order.subarray(first, end));
    if (wanted.length > 0) properties.onWant(wanted);
  };
  const latest = useRef(draw);
  latest.current = draw;
  const frameId = useRef(0);
  // Scrolling draws by itself: the rest of the view has no part in it.
  const onScroll = () => {
    if (frameId.current !== 0) return;
    frameId.current = requestAnimationFrame(() => {
      frameId.current = 0;
      latest.current();
    });
  };
  useEffect(() => () => cancelAnimationFrame(frameId.current), []);
  useLayoutEffect(() => {
    if (frame.current !== null) frame.current.style.height = `${height}px`;
    if (spacer.current !== null) spacer.current.style.height = `${layout.scrolled}px`;
  }, [height, layout.scrolled]);
  const place = Math.max(0, order.indexOf(settings.image));
  // What was gone to comes into sight; a view that opens, and another order, begin with what comes first.
  const gone = useRef(false);
  useLayoutEffect(() => {
    const { current } = frame;
    if (current === null || !gone.current) return;
    const wanted = scrollTo(layout, place, current.scrollTop, height);
    if (wanted !== current.scrollTop) current.scrollTo({ top: wanted });
  }, [settings.image, layout.columns]);
  useLayoutEffect(() => frame.current?.scrollTo({ top: 0 }), [settings.order]);
  useLayoutEffect(() => {
    keep(pictureNow);
    draw();
  });
  const imageAt = (to: number) => order[Math.min(order.length - 1, Math.max(0, to))] ?? 0;
  const onKey = (event: KeyboardEvent) => {
    const by = (from: number) => placeByKey(event.key, from, layout.columns, order.length);
    if (by(place) === undefined) return;
    gone.current = true;
    change(({ image }) => ({ image: imageAt(by(order.indexOf(image)) ?? place) }));
    event.preventDefault();
  };
  return (
    <section class="gallery" aria-label="All images">
      <div class="ar-cap">
        <h2>
          <Quantity text={formatCount(gallery.images)} unit={gallery.images === 1 ? 'image' : 'images'} />
        </h2>
        <Segments<Order>
          name="In which order"
          value={settings.order}
          choices={[
            { value: 'most', label: 'Most bits first' },
            { value: 'least', label: 'Fewest first' },
            { value: 'file', label: 'As in the file' },
          ]}
          onChoose={(by) => change({ order: by })}
        />
        {gallery.scored === 0 ? null : <span class="ar-note">{captionOf(gallery)}</span>}
      </div>
      <div
        ref={frame}
        class="frame"
        role="slider"
        tabIndex={0}
        aria-label="Images"
        aria-valuemin={1}
        aria-valuemax={gallery.images}
        aria-valuenow={place + 1}
        aria-valuetext={imageSentence(gallery, model, settings.image, place)}
        onKeyDown={onKey}
        onScroll={onScroll}
        onClick={(event) => {
          const { top } = pictureNow();
          const box = event.currentTarget.getBoundingClientRect();
          const at = placeAt(layout, event.clientX - box.left, event.clientY - box.top + top);
          if (at !== undefined && at < order.length) change({ image: imageAt(at) });
        }}
      >
        <div ref={spacer} class="spacer">
          <canvas ref={canvas} aria-hidden="true" />
        </div>
      </div>
    </section>
  );
}

/** What stands under each image. */
export const captionOf = ({ labelled }: Gallery): string =>
  labelled ? 'bits/dim and class under each' : 'bits/dim under each';

export function imageSentence(
  gallery: Gallery,
  model: ImageModelInfo | null,
  image: number,
  place: number,
): string {
  const bits = gallery.bits[image] ?? NaN;
  const scored = Number.isNaN(bits) ? 'not scored yet' : `${bits.toFixed(3)} bits/dim`;
  const words = classWords(model, gallery.label(image));
  return `Image ${image + 1}, ${scored}${words === '' ? '' : `, ${words}`}, place ${place + 1} of ${gallery.images}`;
}

function placeByKey(key: string, place: number, columns: number, length: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return place - 1;
    case 'ArrowRight':
      return place + 1;
    case 'ArrowUp':
      return place - columns;
    case 'ArrowDown':
      return place + columns;
    case 'PageUp':
      return place - 4 * columns;
    case 'PageDown':
      return place + 4 * columns;
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return undefined;
  }
}
