// The model beside what is known without one, and whose the bits are: two tables whose bars share their rows.
import type { InformationReport } from '../../../src/protocol/information';
import { Segments } from '../../ui/controls';
import { FigureInline, Quantity } from '../../ui/figure';
import { formatCount, formatValue } from '../../ui/format';
import type { Settings } from './settings';

export function Baselines(properties: {
  readonly report: InformationReport;
  readonly settings: Settings;
  readonly change: (part: Partial<Settings>) => void;
}) {
  const { report, settings, change } = properties;
  const { unit } = settings;
  const { summary, surprisal, baselines } = report;
  const { likelihood, bytes, bitsPerByte } = summary;
  const rows = [
    {
      id: 'model',
      label: 'the model',
      how: 'Each token after all that its window holds before it.',
      badge: likelihood,
      count: surprisal.count,
      bitsPerToken: surprisal.bits,
      bitsPerByte,
    },
    ...baselines,
  ].map((row) => ({ ...row, value: unit === 'bits/token' ? row.bitsPerToken : row.bitsPerByte }));
  const most = Math.max(...rows.map(({ value }) => value));
  return (
    <section class="baselines" aria-label="Baselines">
      <div class="ar-cap">
        <h2>What is known without the model</h2>
        <Segments
          name="Unit of the baselines"
          value={unit}
          choices={[
            { value: 'bits/token', label: 'bits/token' },
            { value: 'bits/byte', label: 'bits/byte' },
          ]}
          onChoose={(chosen) => change({ unit: chosen })}
        />
      </div>
      <ul>
        {rows.map(({ id, label, how, badge, count, value }) => (
          <li key={id} data-row={id}>
            <div class="ar-row">
              <span>{label}</span>
              <FigureInline
                figure={{
                  value,
                  unit,
                  count: unit === 'bits/token' ? count : bytes,
                  of: unit === 'bits/token' ? 'tokens' : 'bytes',
                  badge,
                }}
              />
            </div>
            <Bar share={most > 0 ? value / most : 0} strong={id === 'model'} />
            <p class="ar-label" data-quote="">
              {how}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Classes({ report }: { readonly report: InformationReport }) {
  const { classes, summary } = report;
  const { likelihood: badge } = summary;
  const parts = classes.reduce((sum, each) => sum + each.parts, 0);
  return (
    <section class="classes" aria-label="Bits by class of token">
      <h2>Whose the bits are</h2>
      <table>
        <caption class="ar-hidden">Share of the bits by class of token</caption>
        <thead class="ar-label">
          <tr>
            <th scope="col">class</th>
            <th scope="col">share</th>
            <th scope="col" />
            <th scope="col">bits</th>
            <th scope="col" class="wide">
              per token
            </th>
          </tr>
        </thead>
        <tbody>
          {classes.map(({ id, label, scored, bits, share, bitsPerToken }) => (
            <tr key={id} data-row={id}>
              <th scope="row">{label}</th>
              <td>{share === null ? '' : <Quantity text={(100 * share).toFixed(1)} unit="%" />}</td>
              <td class="bars">
                <Bar share={share ?? 0} />
              </td>
              <td>
                {scored === 0 ? (
                  <span class="ar-label">none</span>
                ) : (
                  <FigureInline
                    figure={{ value: bits, unit: 'bits', count: scored, of: 'tokens', badge }}
                    digits={1}
                    quiet
                  />
                )}
              </td>
              <td class="wide">
                {bitsPerToken === null ? null : (
                  <FigureInline
                    figure={{ value: bitsPerToken, unit: 'bits/token', count: scored, of: 'tokens', badge }}
                    digits={2}
                    quiet
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="ar-label">
        By the Unicode properties of the characters a token stands for.{' '}
        {parts === 0 ? null : (
          <>
            <Quantity text={formatCount(parts)} unit="tokens" /> are parts of a character and count where it
            belongs.{' '}
          </>
        )}
        Together{' '}
        <FigureInline
          figure={{
            value: classes.reduce((sum, { bits }) => sum + bits, 0),
            unit: 'bits',
            count: summary.scored,
            of: 'tokens',
            badge,
          }}
          digits={1}
        />
      </p>
    </section>
  );
}

function Bar({ share, strong = false }: { readonly share: number; readonly strong?: boolean }) {
  return (
    <span class={strong ? 'bar strong' : 'bar'} aria-hidden="true">
      <i style={{ width: share > 0 ? `max(2px, ${Math.min(1, share) * 100}%)` : '0' }} />
    </span>
  );
}

/** Bits and how far chance may have moved them. */
export function MeanBlock(properties: {
  readonly label: string;
  readonly mean: InformationReport['surprisal'];
  readonly badge: InformationReport['summary']['likelihood'];
  readonly error: string;
}) {
  const { label, mean, badge, error } = properties;
  const { bits, count, standardErrorBits } = mean;
  return (
    <div class="mean">
      <div class="ar-label">{label}</div>
      <div class="ar-mean">
        <FigureInline figure={{ value: bits, unit: 'bits/token', count, of: 'tokens', badge }} />
      </div>
      <div class="ar-label">
        {standardErrorBits === null ? null : (
          <Quantity text={`± ${formatValue(standardErrorBits)}`} unit="bits/token," />
        )}{' '}
        <span data-quote="">{error}</span>
      </div>
    </div>
  );
}
