// Mutual information by distance: estimates, the shuffled text's, two fits and the residuals of both. As a table, too.
import { useMemo } from 'preact/hooks';
import type { MutualInformationTable } from '../../../src/protocol/information';
import { PlotFrame, type KeepChart } from '../../plots/plotFrame';
import { Segments } from '../../ui/controls';
import { Quantity } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import { drawInformation, drawResiduals, type DistanceInput } from './distancePlots';
import type { Settings } from './settings';
import { fitLaw, formatInformation } from './words';

const FIT_NAMES = { exponential: 'exponential', power: 'power law' } as const;

export function Distances(properties: {
  readonly found: MutualInformationTable;
  readonly sentence: string;
  readonly settings: Settings;
  readonly change: (part: Partial<Settings>) => void;
  readonly keep: KeepChart;
}) {
  const { found, sentence, settings, change, keep } = properties;
  const { distances: scale } = settings;
  const input = useMemo((): DistanceInput => ({ found, scale }), [found, scale]);
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
        <Quantity text={found.correction} unit="bias correction" hideUnit /> correction for the finite count;{' '}
        <Quantity text={String(found.seed)} unit="seed of the shuffle" before />
      </p>
      <div role="img" aria-label={sentence}>
        <PlotFrame name="information" keep={keep} input={input} draw={drawInformation} />
      </div>
      <ul class="ar-legend" data-legend="bits">
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
