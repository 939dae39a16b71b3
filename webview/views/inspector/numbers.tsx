// Surprisal, rank, entropy and probability of what is inspected.
import { NATS_PER_BIT, type Badge } from '../../../src/protocol/figure';
import { FigureInline, Quantity } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import { formatProbability } from './rows';

export type Inspected = 'token' | 'sub-pixel';

/** Nats, but the rank. */
export function Numbers(properties: {
  readonly logProb: number;
  readonly entropy: number;
  readonly rank: number;
  /** How many values it could have had. */
  readonly values: number;
  readonly of: Inspected;
  readonly badge: Badge;
}) {
  const { logProb, entropy, rank, values, of, badge } = properties;
  return (
    <dl class="nums" aria-label="Numbers">
      <div data-name="surprisal">
        <dt class="ar-label">surprisal</dt>
        <dd>
          <FigureInline figure={surprisalOf(logProb, of, badge)} digits={2} quiet />
        </dd>
      </div>
      <div data-name="rank">
        <dt class="ar-label">rank</dt>
        <dd>
          <Quantity text={formatCount(rank)} unit={`of ${formatCount(values)}`} />
        </dd>
      </div>
      <div data-name="entropy">
        <dt class="ar-label" title="Of this one distribution, not an average over contexts">
          per-context entropy
        </dt>
        <dd>
          <FigureInline
            figure={{ value: bitsOf(entropy), unit: 'bits', count: 1, of: 'context', badge }}
            digits={2}
            quiet
          />
        </dd>
      </div>
      <div data-name="probability">
        <dt class="ar-label">probability</dt>
        <dd>
          <Quantity text={formatProbability(Math.exp(logProb))} unit="of 1" />
        </dd>
      </div>
    </dl>
  );
}

export const bitsOf = (nats: number) => Math.max(0, nats / NATS_PER_BIT);

export const surprisalOf = (logProb: number, of: Inspected, badge: Badge) =>
  ({ value: bitsOf(-logProb), unit: 'bits', count: 1, of, badge }) as const;
