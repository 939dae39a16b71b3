// Mutual information by distance: estimates, the shuffled text's, two fits and the residuals of both. As a table, too.
import type uPlot from 'uplot';
import { useMemo } from 'preact/hooks';
import type { MutualInformationTable } from '../../../src/protocol/information';
import { drawLine, drawText, makePlot } from '../../plots/plot';
import { PlotFrame, type KeepCanvas } from '../../plots/plotFrame';
import { linearTicks, logTicks } from '../../plots/ticks';
import { Segments } from '../../ui/controls';
import { Quantity } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import type { Theme } from '../../ui/theme';
import type { Settings } from './settings';
import { fitLaw, formatInformation } from './words';

const LEFT = 44;
const RIGHT = 12;
const FIT_NAMES = { exponential: 'exponential', power: 'power law' } as const;

interface ChartInput {
  readonly found: MutualInformationTable;
  readonly scale: Settings['distances'];
}

export function Distances(properties: {
  readonly found: MutualInformationTable;
  readonly sentence: string;
  readonly settings: Settings;
  readonly change: (part: Partial<Settings>) => void;
  readonly keep: KeepCanvas;
}) {
  const { found, sentence, settings, change, keep } = properties;
  const { distances: scale } = settings;
  const input = useMemo((): ChartInput => ({ found, scale }), [found, scale]);
  const title = 'What a token says about later ones';
  if (found.distance.length === 0) {
    return (
      <section aria-label="Mutual information by distance">
        <h2>{title}</h2>
        <p class="ar-note">The text is too short for pairs of tokens at a distance.</p>
      </section>
    );
  }
  const hidden = found.bits.filter((bits) => !(bits > 0)).length;
  return (
    <section class="distances" aria-label="Mutual information by distance">
      <div class="ar-cap">
        <h2>{title}</h2>
        <Segments
          name="Distance axis"
          value={scale}
          choices={[
            { value: 'log', label: 'log distance' },
            { value: 'linear', label: 'linear' },
          ]}
          onChoose={(distances) => change({ distances })}
        />
      </div>
      <p class="ar-note">
        mutual information in bits, by distance in tokens;{' '}
        <Quantity text={found.correction} unit="bias correction" hideUnit /> correction for the finite count
      </p>
      <div role="img" aria-label={sentence}>
        <PlotFrame name="information" keep={keep} input={input} draw={drawInformation} />
      </div>
      <ul class="ar-legend">
        <li>
          <i class="ar-dot" /> this text
        </li>
        <li>
          <i class="ar-dot hollow" /> the same, shuffled
        </li>
        {found.fits.map(({ kind }) => (
          <li key={kind}>
            <i class={`ar-swatch ${kind}`} /> {FIT_NAMES[kind]} fit
          </li>
        ))}
        <li>
          <i class="ar-swatch ar-swatch-floor" /> most that chance gave
        </li>
      </ul>
      <Fits found={found} />
      {found.fits.length === 0 ? null : (
        <div role="img" aria-label="Residuals of both fits; their values are in the table below.">
          <PlotFrame name="residuals" keep={keep} input={input} draw={drawResiduals} />
        </div>
      )}
      {hidden === 0 ? null : (
        <p class="ar-note">
          <Quantity text={formatCount(hidden)} unit={hidden === 1 ? 'estimate' : 'estimates'} /> at or below
          zero: a logarithmic axis has no place for them, the table has.
        </p>
      )}
      <details>
        <summary>Distances as a table</summary>
        <DistanceTable found={found} />
      </details>
    </section>
  );
}

function Fits({ found }: { readonly found: MutualInformationTable }) {
  const { fits, used, distance, chanceBits } = found;
  const above = (
    <>
      above the most that the shuffled text gave by chance,{' '}
      <Quantity text={formatInformation(chanceBits)} unit="bits" />
    </>
  );
  if (fits.length === 0) {
    return (
      <p class="ar-note">
        No fits: <Quantity text={formatCount(used)} unit={`of ${formatCount(distance.length)} distances`} />{' '}
        stand {above}.
      </p>
    );
  }
  return (
    <>
      <ul class="fits ar-note">
        {fits.map((fit) => (
          <li key={fit.kind} data-row={fit.kind}>
            {FIT_NAMES[fit.kind]}: <Quantity text={fitLaw(fit)} unit="bits" />, residual error{' '}
            <Quantity text={formatInformation(fit.residualError)} unit="in ln" />
          </li>
        ))}
      </ul>
      <p class="ar-note">
        Both by least squares of the logarithm over the first{' '}
        <Quantity text={formatCount(used)} unit={`of ${formatCount(distance.length)} distances`} />, {above}.
        The smaller residual is the better description of these points; neither is the truth.
      </p>
    </>
  );
}

function DistanceTable({ found }: { readonly found: MutualInformationTable }) {
  const { distance, pairs, bits, plugInBits, shuffledBits, fits, correction } = found;
  const cell = (value: number | undefined, unit: string) =>
    value === undefined ? null : <Quantity text={formatInformation(value)} unit={unit} hideUnit />;
  return (
    <div class="ar-scroll" tabIndex={0} role="group" aria-label="Distances, scrollable">
      <table class="numbers">
        <caption class="ar-hidden">Mutual information by distance</caption>
        <thead class="ar-label">
          <tr>
            <th scope="col">tokens apart</th>
            <th scope="col">pairs</th>
            <th scope="col">bits, {correction}</th>
            <th scope="col">bits, plug-in</th>
            <th scope="col">bits, shuffled</th>
            {fits.map(({ kind }) => (
              <th scope="col" key={kind}>
                residual, {FIT_NAMES[kind]} (ln)
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from(distance, (apart, row) => (
            <tr key={apart}>
              <th scope="row">
                <Quantity text={formatCount(apart)} unit="tokens" hideUnit />
              </th>
              <td>
                <Quantity text={formatCount(pairs[row] ?? 0)} unit="pairs" hideUnit />
              </td>
              <td>{cell(bits[row], 'bits')}</td>
              <td>{cell(plugInBits[row], 'bits')}</td>
              <td>{cell(shuffledBits[row], 'bits')}</td>
              {fits.map(({ kind, residuals }) => (
                <td key={kind}>{cell(residuals[row], 'ln')}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const above = (values: Float64Array): Array<number | null> =>
  Array.from(values, (value) => (value > 0 ? value : null));

function xRange(
  { distance }: MutualInformationTable,
  scale: Settings['distances'],
): readonly [number, number] {
  const last = distance.at(-1) ?? 1;
  return scale === 'log' ? [0.9, Math.max(2, last * 1.1)] : [0, Math.max(2, last)];
}

function drawInformation(element: HTMLElement, theme: Theme, { found, scale }: ChartInput): uPlot {
  const [bits, control] = [above(found.bits), above(found.shuffledBits)];
  const fits = found.fits.map(({ fittedBits }) =>
    Array.from(fittedBits, (value, row) => (row < found.used && value > 0 ? value : null)),
  );
  const drawn = [...bits, ...control, found.chanceBits].filter((value) => value !== null && value > 0);
  const low = drawn.reduce<number>((least, value) => Math.min(least, value ?? least), 1);
  // Estimates that are all alike still need an axis with two ends.
  const high = drawn.reduce<number>((most, value) => Math.max(most, value ?? most), 10 * low);
  const dots = (token: string, hollow: boolean) => ({
    paths: () => null,
    points: {
      show: true,
      size: 6,
      width: 1.5,
      stroke: theme.color(token),
      fill: theme.color(hollow ? 'ar-bg' : token),
    },
  });
  const styles = {
    exponential: { stroke: 'ar-line-2', dash: [] },
    power: { stroke: 'ar-line-4', dash: [6, 3] },
  };
  const plot = makePlot(element, {
    width: element.clientWidth,
    height: 220,
    left: LEFT,
    right: RIGHT,
    top: 8,
    bottom: 24,
    scale,
    yScale: 'log',
    theme,
    series: [
      ...found.fits.map(({ kind }) => ({
        stroke: theme.color(styles[kind].stroke),
        dash: styles[kind].dash,
        width: 1.5,
        points: { show: false },
      })),
      dots('ar-quiet', true),
      dots('ar-line-1', false),
    ],
    xRange: () => xRange(found, scale),
    yRange: () => [low / 1.5, high * 1.5],
    yTicks: ([bottom, top]) => logTicks(bottom, top),
    under: (made) => markLevel(made, theme, found.chanceBits),
    over: () => undefined,
    onCursor: () => undefined,
  });
  plot.setData([Array.from(found.distance), ...fits, control, bits]);
  return plot;
}

function drawResiduals(element: HTMLElement, theme: Theme, { found, scale }: ChartInput): uPlot {
  const most = found.fits.reduce((peak, { residuals }) => Math.max(peak, ...residuals.map(Math.abs)), 0.1);
  const range = [-most * 1.2, most * 1.2] as const;
  const looks = {
    exponential: { stroke: theme.color('ar-line-2'), dash: [] },
    power: { stroke: theme.color('ar-line-4'), dash: [6, 3] },
  };
  const plot = makePlot(element, {
    width: element.clientWidth,
    height: 104,
    left: LEFT,
    right: RIGHT,
    top: 20,
    bottom: 0,
    scale,
    theme,
    series: found.fits.map(({ kind }) => ({
      ...looks[kind],
      width: 1.25,
      points: { show: true, size: 4, width: 0, fill: looks[kind].stroke },
    })),
    xRange: () => xRange(found, scale),
    yRange: () => range,
    yTicks: ([low, high]) => linearTicks(low, high, 3),
    under: (made) => {
      markLevel(made, theme, 0);
      const { ctx, bbox } = made;
      const y = bbox.top - 8 * window.devicePixelRatio;
      drawText(ctx, theme, 'residuals: ln(estimate) − ln(fit)', bbox.left, y, { align: 'left' });
    },
    over: () => undefined,
    onCursor: () => undefined,
  });
  const rows = Array.from(found.distance);
  plot.setData([rows, ...found.fits.map(({ residuals }) => rows.map((_, row) => residuals[row] ?? null))]);
  return plot;
}

function markLevel(plot: uPlot, theme: Theme, value: number): void {
  const { ctx, bbox } = plot;
  const y = plot.valToPos(value, 'y', true);
  if (!Number.isFinite(y)) return;
  ctx.save();
  drawLine(
    ctx,
    theme.color('ar-floor'),
    [2, 3],
    [
      [bbox.left, y],
      [bbox.left + bbox.width, y],
    ],
  );
  ctx.restore();
}
