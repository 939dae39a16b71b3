// The bits of an image so far, sub-pixel by sub-pixel in the model's own order: a place of the curve lights its pixel, and
// the crosshair its place on the curve.
import type { Badge } from '../../../src/protocol/figure';
import { CURVE_HEIGHT, CURVE_LEFT, FocusCurve, markPlace, shortCounts } from '../../plots/focusCurve';
import { LineChart } from '../../plots/lineChart';
import type { KeepChart } from '../../plots/plotFrame';
import { linearTicks } from '../../plots/ticks';
import { FigureInline } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import type { Theme } from '../../ui/theme';
import { placeWords } from '../../ui/pixelWords';
import type { ImageAnalysis } from './analysis';
import { curvePlaces, pixelOf, type Generation } from './generation';
import type { Place } from './stage';

const RIGHT = 12;

export function Along(properties: {
  readonly analysis: ImageAnalysis;
  readonly badge: Badge;
  readonly at: Place;
  readonly keep: KeepChart;
  readonly onPoint: (place: Place | undefined) => void;
  readonly onChoose: (place: Place) => void;
}) {
  const { analysis, badge, at, keep, onPoint, onChoose } = properties;
  const { nats, generation } = analysis;
  const step = generation.stepOf[at.row * nats.width + at.column] ?? 0;
  const bits = generation.before[step + 1] ?? 0;
  return (
    <section class="along" aria-label="Bits so far">
      <div class="ar-cap">
        <h2>Bits so far</h2>
        <span class="ar-note">{orderWords(generation)}</span>
        <span class="ar-note" data-row="bits so far">
          <FigureInline
            figure={{ value: bits, unit: 'bits', count: step + 1, of: 'sub-pixels so far', badge }}
            digits={2}
          />
        </span>
      </div>
      <FocusCurve
        name="along"
        label={`Bits so far, ${orderWords(generation)}`}
        total={generation.steps}
        focus={step}
        step={nats.channels === analysis.channels ? nats.channels : 1}
        text={`sub-pixel ${formatCount(step + 1)} of ${formatCount(generation.steps)}, ${placeWords(at.row, at.column)}: ${bits.toFixed(1)} bits so far`}
        keep={keep}
        input={generation}
        draw={drawAlong}
        onFocus={(chosen) => onChoose(pixelOf(generation, nats, chosen))}
        onPoint={(pointed) => onPoint(pointed === undefined ? undefined : pixelOf(generation, nats, pointed))}
      />
    </section>
  );
}

export const orderWords = ({ isRaster }: Generation): string =>
  isRaster
    ? 'by sub-pixel in the model’s order: row by row, from the left'
    : 'by sub-pixel in the model’s own order of generation';

function drawAlong(
  element: HTMLElement,
  theme: Theme,
  { steps, before }: Generation,
  focus: () => number | undefined,
): LineChart {
  const width = element.clientWidth;
  const places = curvePlaces(steps, 2 * Math.max(1, width - CURVE_LEFT - RIGHT));
  const total = before[steps] ?? 0;
  const range = [0, total > 0 ? total * 1.05 : 1] as const;
  const chart = new LineChart(element, {
    width,
    height: CURVE_HEIGHT,
    left: CURVE_LEFT,
    right: RIGHT,
    top: 8,
    bottom: 24,
    scale: 'linear',
    theme,
    looks: [{ stroke: theme.color('ar-line-1'), width: 1.5 }],
    xRange: () => [0, steps],
    yRange: () => range,
    yTicks: ([low, high]) => linearTicks(low, high, 4),
    yText: shortCounts,
    under: (frame) => markPlace(frame, theme, focus() ?? 0),
    over: () => undefined,
    onCursor: () => undefined,
  });
  chart.setLines([{ x: places, y: places.map((place) => before[place] ?? NaN) }]);
  return chart;
}
