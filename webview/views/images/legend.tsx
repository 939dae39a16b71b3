// The scale of the bits with its unit; drawn with the colours that the map has.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Quantity } from '../../ui/figure';
import type { LegendKey } from '../../ui/pictureLegend';
import { css, SHADES, type Rgb } from '../../ui/shades';

const WIDTH = 240;
const HEIGHT = 10;

/** Values under the scale: its ends, and what a uniform guess costs. */
export function marksOf(end: number, uniform: number) {
  return [
    { at: 0, text: '0' },
    { at: uniform / end, text: uniform === 1 ? '1' : uniform.toFixed(uniform % 1 === 0 ? 0 : 1) },
    { at: 1, text: `${end.toFixed(end % 1 === 0 ? 0 : 1)}+` },
  ];
}

export const legendKeys = (shades: readonly Rgb[], end: number, uniform: number): LegendKey[] => [
  {
    kind: 'scale',
    colours: shades.filter((_, shade) => shade % 4 === 3).map(css),
    marks: marksOf(end, uniform),
    label: `bits of surprisal of each pixel; a uniform guess costs ${marksOf(end, uniform)[1]?.text ?? ''}`,
  },
];

export function Legend(properties: {
  readonly shades: readonly Rgb[];
  readonly end: number;
  /** Bits of a uniform guess. */
  readonly uniform: number;
}) {
  const { shades, end, uniform } = properties;
  const canvas = useRef<HTMLCanvasElement>(null);
  const marks = useRef<HTMLDivElement>(null);
  const values = marksOf(end, uniform);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    shades.forEach((shade, i) => {
      if (!context) return;
      context.fillStyle = css(shade);
      context.fillRect((i / SHADES) * WIDTH, 0, WIDTH / SHADES + 1, HEIGHT);
    });
    values.forEach(({ at }, i) => {
      const mark = marks.current?.children[i];
      if (mark instanceof HTMLElement) mark.style.left = `${at * 100}%`;
    });
  }, [shades, end, uniform]);
  return (
    <div class="scale" data-legend="bits">
      <canvas ref={canvas} width={WIDTH} height={HEIGHT} aria-hidden="true" />
      <div class="marks ar-label" ref={marks}>
        {values.map(({ text }, i) => (
          <span key={i}>
            <Quantity text={text} unit="bits" hideUnit />
          </span>
        ))}
      </div>
      <p class="ar-label">
        bits of surprisal of each pixel; a uniform guess costs{' '}
        <Quantity text={values[1]?.text ?? ''} unit="bits" />
      </p>
    </div>
  );
}
