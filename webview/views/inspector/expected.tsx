// What the model expected at the token or the sub-pixel: the most likely as bars, the one that occurred filled, the rest
// hollow.
import type { Badge } from '../../../src/protocol/figure';
import { BadgeMark, Quantity, Quote } from '../../ui/figure';
import { formatCount, visibleToken } from '../../ui/format';
import { formatProbability, type Distribution } from './rows';

export function Expected(properties: {
  readonly of: 'token' | 'level';
  readonly distribution: Distribution;
  readonly model: string;
  readonly badge: Badge;
}) {
  const { of, distribution, model, badge } = properties;
  const { rows, rest, scale } = distribution;
  const there = of === 'token' ? ' (in the text)' : ' (in the image)';
  return (
    <section aria-label="Expected here">
      <div class="ar-row cap">
        <h2>Expected here</h2>
        <span class="ar-label">
          <Quote>{`p, ${model}`}</Quote>
          <BadgeMark badge={badge} />
        </span>
      </div>
      <table class="top">
        <colgroup>
          <col />
          <col />
          <col />
        </colgroup>
        <thead class="ar-hidden">
          <tr>
            <th scope="col">{of}</th>
            <th scope="col">bar</th>
            <th scope="col">probability</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.id}
              class={row.occurred ? 'occurred' : undefined}
              data-id={row.id}
              data-log-prob={row.logProb}
            >
              <th scope="row" class="token" data-quote="" title={visibleToken(row.text)}>
                {row.colour === undefined ? null : (
                  <i class="swatch" aria-hidden="true" style={{ background: row.colour }} />
                )}
                {visibleToken(row.text)}
                {row.occurred ? <span class="ar-hidden">{there}</span> : null}
              </th>
              <Bar share={row.probability / scale} />
              <Probability value={row.probability} />
            </tr>
          ))}
          {rest.count > 0 ? (
            <tr class="rest" data-mass={rest.mass} data-count={rest.count}>
              <th scope="row">
                <Quantity text={formatCount(rest.count)} unit={rest.count === 1 ? 'other' : 'others'} />
              </th>
              <Bar share={rest.mass / scale} />
              <Probability value={rest.mass} />
            </tr>
          ) : null}
        </tbody>
      </table>
    </section>
  );
}

function Bar({ share }: { readonly share: number }) {
  return (
    <td class="bar" aria-hidden="true">
      <i style={{ width: `${Math.min(1, share) * 100}%` }} />
    </td>
  );
}

function Probability({ value }: { readonly value: number }) {
  return (
    <td class="p">
      <Quantity text={formatProbability(value)} unit="probability of 1" hideUnit />
    </td>
  );
}
