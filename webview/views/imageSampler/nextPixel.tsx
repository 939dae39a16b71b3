// What comes next in the image that is looked at: its place, its distribution before and after temperature and cuts, what
// the seed draws, and another level by hand.
import { useState } from 'preact/hooks';
import type { ImageSamplerContent } from '../../../src/protocol/imageSamplerView';
import { Levels } from '../../plots/levels';
import { Button } from '../../ui/controls';
import { Field, NumberField } from '../../ui/fields';
import { FigureInline, Quantity, Quote } from '../../ui/figure';
import type { Theme } from '../../ui/theme';
import type { DrawnImages } from './drawing';
import { channelWord, nextWords } from './words';

export function NextPixel(properties: {
  readonly content: ImageSamplerContent;
  readonly drawn: DrawnImages;
  readonly theme: Theme;
  readonly onForce: (level: number) => void;
}) {
  const { content, drawn, theme, onForce } = properties;
  const { next, choice, model, step } = content;
  const [level, setLevel] = useState(0);
  return (
    <section class="next" aria-label="What comes next">
      <div class="ar-cap">
        <h2>
          <Quote>{nextWords(content)}</Quote>
        </h2>
        {choice.count > 1 ? (
          <span class="ar-note">
            of <Quantity text={String(choice.image + 1)} unit="image" before />
          </span>
        ) : null}
      </div>
      {next === null ? null : (
        <>
          <Levels
            name={channelWord(model.channels, next.channel)}
            probability={Float64Array.from(next.probability)}
            {...(isPlain(content) ? {} : { before: Float64Array.from(next.logProb, Math.exp) })}
            level={next.level}
            word={next.isKept ? 'kept' : 'the seed draws'}
            theme={theme}
            onChoose={onForce}
          />
          <Field label="Another level">
            <NumberField
              name="Level to force"
              value={level}
              minimum={0}
              maximum={model.levels - 1}
              onNumber={setLevel}
            />
            <Button onPress={() => onForce(Math.min(level, model.levels - 1))}>Force</Button>
          </Field>
        </>
      )}
      <SoFar content={content} drawn={drawn} step={step} />
    </section>
  );
}

/** What is drawn from is the model's own distribution. */
function isPlain({ choice }: ImageSamplerContent): boolean {
  const { temperature, topK, topP } = choice.settings;
  return temperature === 1 && topK === undefined && topP === undefined;
}

function SoFar(properties: {
  readonly content: ImageSamplerContent;
  readonly drawn: DrawnImages;
  readonly step: number;
}) {
  const { content, drawn, step } = properties;
  const { choice, model, under } = content;
  if (step === 0 || drawn.steps === 0) return null;
  const nats = drawn.nats[choice.image] ?? 0;
  const common = { count: drawn.steps, of: 'sub-pixels', badge: model.likelihood };
  return (
    <div class="soFar">
      <h2>So far</h2>
      <ul>
        <li>
          <FigureInline figure={{ value: nats / Math.LN2, unit: 'bits', ...common }} digits={2} />
        </li>
        <li>
          <FigureInline
            figure={{ value: nats / Math.LN2 / drawn.steps, unit: 'bits/dim', ...common }}
            digits={3}
          />
        </li>
      </ul>
      <p class="ar-label">
        under {under}
        {model.condition === null ? null : (
          <>
            {' '}
            given <Quote>{model.condition.words}</Quote>
          </>
        )}
        , before temperature and cuts
      </p>
    </div>
  );
}
