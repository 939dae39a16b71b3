// The colour scale with its unit, and what grey means; drawn with the colours that the maps have.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Quantity } from '../../ui/figure';
import type { LegendKey } from '../../ui/pictureLegend';
import { css, SHADES } from '../../ui/shades';
import type { MapColours } from './colours';

const WIDTH = 240;
const HEIGHT = 10;
/** Weights that are written under the scale; a square root puts 0.25 in the middle. */
const MARKS = [0, 0.05, 0.25, 0.5, 1] as const;

/** The same for a saved picture. */
export const legendKeys = ({ shades, masked }: MapColours): LegendKey[] => [
  {
    kind: 'scale',
    colours: shades.filter((_, shade) => shade % 4 === 3).map(css),
    marks: MARKS.map((weight) => ({ at: Math.sqrt(weight), text: String(weight) })),
    label: 'attention weight, square-root scale; each row sums to 1',
  },
  {
    kind: 'box',
    colour: css(masked),
    label: 'the future, and what lies before a sliding window: masked, which is no weight of 0',
  },
];

export function Legend({ colours }: { readonly colours: MapColours }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const swatch = useRef<HTMLElement>(null);
  const marks = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (swatch.current !== null) swatch.current.style.background = css(colours.masked);
    colours.shades.forEach((shade, i) => {
      if (!context) return;
      context.fillStyle = css(shade);
      context.fillRect((i / SHADES) * WIDTH, 0, WIDTH / SHADES + 1, HEIGHT);
    });
    MARKS.forEach((weight, i) => {
      const mark = marks.current?.children[i];
      if (mark instanceof HTMLElement) mark.style.left = `${Math.sqrt(weight) * 100}%`;
    });
  }, [colours]);
  return (
    <div class="scale" data-legend="attention weight">
      <canvas ref={canvas} width={WIDTH} height={HEIGHT} aria-hidden="true" />
      <div class="marks ar-label" ref={marks}>
        {MARKS.map((weight) => (
          <span key={weight}>
            <Quantity text={String(weight)} unit="attention weight" hideUnit />
          </span>
        ))}
      </div>
      <p class="ar-label">
        attention weight, square-root scale; each row sums to{' '}
        <Quantity text="1" unit="attention weight" hideUnit />
      </p>
      <p class="ar-label masked">
        <i ref={swatch} /> the future, and what lies before a sliding window: masked, which is no weight of{' '}
        <Quantity text="0" unit="attention weight" hideUnit />
      </p>
    </div>
  );
}
