// Stage by stage: what is left after each filter, how much mass it moved, and which of them the columns below compare.
import type {
  SamplerDocument,
  SamplerSettings,
  SamplerStage,
  SamplerStep,
} from '../../../src/protocol/sampler';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import { shareText, stageName } from './cutWords';

export function Stages(properties: {
  readonly step: SamplerStep;
  readonly settings: SamplerSettings;
  readonly compared: SamplerDocument['compared'];
  readonly onCompare: (compared: SamplerDocument['compared']) => void;
}) {
  const { step, settings, compared, onCompare } = properties;
  const final = step.stages.at(-1);
  const penalty = step.stages.find(({ by }) => by === 'penalty');
  if (final === undefined) return null;
  const choice = (by: SamplerDocument['compared'], name: string) => (
    <label class="choice">
      <input type="radio" name="compared" checked={by === compared} onChange={() => onCompare(by)} />
      <Quote>{name}</Quote>
    </label>
  );
  return (
    <section class="stages" aria-label="Stage by stage">
      <div class="ar-cap">
        <h2>Stage by stage</h2>
        <span class="ar-note">choose what the columns below compare</span>
      </div>
      <table>
        <thead>
          <tr class="ar-label">
            <th scope="col">stage</th>
            <th scope="col" class="number">
              tokens left
            </th>
            <th scope="col" class="number">
              cut here
            </th>
            <th scope="col" class="number">
              mass moved
            </th>
            <th scope="col" class="number">
              entropy, per context
            </th>
          </tr>
        </thead>
        <tbody>
          {step.stages.map((stage) => (
            <tr key={stage.by} data-stage={stage.by} data-moved={stage.moved}>
              <td>
                {stage.by === 'model' ? (
                  <span class="first">model</span>
                ) : (
                  choice(stage.by, stageName(stage.by, settings))
                )}
              </td>
              <Left kept={stage.kept} />
              <td class="number">
                {stage.by === 'model' ? null : (
                  <Quantity text={formatCount(stage.cutCount)} unit="tokens cut" hideUnit />
                )}
              </td>
              <td class="number">
                {stage.by === 'model' ? null : <Quantity text={shareText(stage.moved)} unit="%" />}
              </td>
              <Entropy nats={stage.entropy} />
            </tr>
          ))}
          <tr class="whole">
            <td>{choice('all', 'all of them')}</td>
            <Left kept={final.kept} />
            <td class="number">
              <Quantity text={formatCount(step.vocabulary - final.kept)} unit="tokens cut" hideUnit />
            </td>
            <td class="number">
              <Quantity text={shareText(1 - step.keptMass)} unit="% cut" />
            </td>
            <Entropy nats={final.entropy} />
          </tr>
        </tbody>
      </table>
      {penalty?.seen === undefined ? null : <SeenNote seen={penalty.seen} />}
    </section>
  );
}

function Left({ kept }: { readonly kept: number }) {
  return (
    <td class="number">
      <Quantity text={formatCount(kept)} unit="tokens left" hideUnit />
    </td>
  );
}

function Entropy({ nats }: { readonly nats: number }) {
  return (
    <td class="number">
      <Quantity text={(Math.abs(nats) / Math.LN2).toFixed(2)} unit="bits" />
    </td>
  );
}

function SeenNote({ seen }: { readonly seen: NonNullable<SamplerStage['seen']> }) {
  return (
    <p class="ar-note">
      The penalty lowers <Quantity text={formatCount(seen.count)} unit="tokens" /> that stand in the text so
      far: together from <Quantity text={shareText(seen.before)} unit="%" /> to{' '}
      <Quantity text={shareText(seen.after)} unit="%" />.
    </p>
  );
}
