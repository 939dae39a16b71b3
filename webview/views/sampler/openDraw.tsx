// The draw, opened: log p plus noise, candidate by candidate, on one axis. Whoever comes furthest is drawn.
import type { SamplerSettings, SamplerStep } from '../../../src/protocol/sampler';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount, visibleToken } from '../../ui/format';
import { raceOf, signed, type Racer } from './race';

export function OpenDraw(properties: {
  readonly step: SamplerStep;
  readonly settings: SamplerSettings;
  readonly fresh: boolean;
}) {
  const { step, settings, fresh } = properties;
  const race = raceOf(step);
  const final = step.stages.at(-1);
  const cut = step.vocabulary - (final?.kept ?? 0);
  return (
    <section class={fresh ? 'draw' : 'draw stale'} aria-label="The draw, opened" aria-busy={!fresh}>
      <div class="ar-cap">
        <h2>The draw, opened</h2>
        <span class="ar-note">
          the noise of seed <Quantity text={String(settings.seed)} unit="seed" hideUnit />, draw{' '}
          <Quantity text={formatCount(step.index + 1)} unit="draw" hideUnit />: the same at every temperature
          and cut
        </span>
      </div>
      <table>
        <thead>
          <tr class="ar-label">
            <th scope="col" class="number">
              rank
            </th>
            <th scope="col">token</th>
            <th scope="col" class="number">
              log p, nats
            </th>
            <th scope="col" class="number">
              + noise
            </th>
            <th scope="col" class="number">
              = sum
            </th>
            <th scope="col">● log p, line to the sum</th>
          </tr>
        </thead>
        <tbody>
          {race.racers.map((racer) => (
            <Row key={racer.id} racer={racer} finish={race.finish} />
          ))}
        </tbody>
      </table>
      <p class="ar-note">
        {final?.kept === 1 ? (
          'One token is left, so it wins with any noise. '
        ) : (
          <>
            Of <Quantity text={formatCount(final?.kept ?? 0)} unit="tokens" /> the largest sum is drawn: each
            wins as often as its p says (Gumbel-max).{' '}
          </>
        )}
        {cut === 0 ? null : (
          <>
            <Quantity text={formatCount(cut)} unit={cut === 1 ? 'token is' : 'tokens are'} /> cut: log p is −∞
            there, and no noise makes up for it.
          </>
        )}
      </p>
    </section>
  );
}

function Row({ racer, finish }: { readonly racer: Racer; readonly finish: number }) {
  const { id, text, rank, logProb, noise, sum, from, to } = racer;
  const percent = (share: number): string => `${100 * share}%`;
  const cut = rank === 0;
  return (
    <tr
      class={rank === 1 ? 'winner' : cut ? 'out' : ''}
      data-draw={id}
      data-noise={noise}
      data-sum={sum}
      data-rank={rank}
    >
      <td class="number">{cut ? 'cut' : <Quantity text={formatCount(rank)} unit="rank" hideUnit />}</td>
      <td>
        <span class="token">
          <i aria-hidden="true">{rank === 1 ? '✓' : ''}</i>
          <Quote>{visibleToken(text)}</Quote>
          {rank === 1 ? <span class="ar-hidden">, drawn</span> : null}
        </span>
      </td>
      <td class="number">
        <Quantity text={signed(logProb)} unit="nats" hideUnit />
      </td>
      <td class="number">
        <Quantity text={signed(noise)} unit="Gumbel noise" hideUnit />
      </td>
      <td class="number">
        <Quantity text={signed(sum)} unit="log p plus noise" hideUnit />
      </td>
      <td>
        <span class="race" aria-hidden="true">
          <s style={{ left: percent(finish) }} />
          {cut ? null : (
            <>
              <i style={{ left: percent(Math.min(from, to)), width: percent(Math.abs(to - from)) }} />
              <b style={{ left: percent(from) }} />
              <u style={{ left: percent(to) }} />
            </>
          )}
        </span>
      </td>
    </tr>
  );
}
