// What comes next in the image that is looked at: its place, its distribution before and after temperature and cuts, what
// the seed draws, and another level by hand.
import { useState } from 'preact/hooks';
import type { ImageSamplerNext, ImageSamplerSettings } from '../../../src/protocol/imageSampler';
import type { ImageSamplerContent } from '../../../src/protocol/imageSamplerView';
import { Levels } from '../../plots/levels';
import { Button } from '../../ui/controls';
import { Field, NumberField } from '../../ui/fields';
import { Quantity, Quote } from '../../ui/figure';
import type { Theme } from '../../ui/theme';
import { cutOf, isPlain, ownWords } from './distributions';
import type { DrawnImages } from './drawing';
import { cutWords } from './settingsWords';
import { SoFar } from './soFar';
import { channelWord, nextWords } from './words';

export function NextPixel(properties: {
  readonly content: ImageSamplerContent;
  readonly drawn: DrawnImages;
  readonly theme: Theme;
  readonly onForce: (level: number) => void;
  readonly onSettings: (settings: ImageSamplerSettings) => void;
}) {
  const { content, drawn, theme, onForce, onSettings } = properties;
  const { next, choice, model } = content;
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
          <Distributions content={content} next={next} theme={theme} onForce={onForce} />
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
      <SoFar content={content} drawn={drawn} onSettings={onSettings} />
    </section>
  );
}

/** Before and after temperature and cuts, side by side where these change anything. */
function Distributions(properties: {
  readonly content: ImageSamplerContent;
  readonly next: ImageSamplerNext;
  readonly theme: Theme;
  readonly onForce: (level: number) => void;
}) {
  const { content, next, theme, onForce } = properties;
  const { model, choice } = content;
  const channel = channelWord(model.channels, next.channel);
  const before = Float64Array.from(next.logProb, Math.exp);
  const after = Float64Array.from(next.probability);
  const mark = { level: next.level, word: next.isKept ? 'kept' : 'the seed draws' };
  const own = ownWords(choice.settings);
  if (isPlain(choice.settings)) {
    return (
      <>
        <Levels name={`${channel}, ${own}`} probability={before} {...mark} theme={theme} onChoose={onForce} />
        <p class="ar-note">Drawn from as it is: neither temperature nor cuts change it.</p>
      </>
    );
  }
  const { kept, mass, entropies } = cutOf(before, after);
  return (
    <>
      <div class="pair">
        <Levels
          name={`${channel}, ${own}`}
          probability={before}
          level={next.level}
          word="level"
          theme={theme}
          onChoose={onForce}
        />
        <Levels
          name={`${channel}, drawn from`}
          probability={after}
          before={before}
          beforeName={own}
          {...mark}
          theme={theme}
          onChoose={onForce}
        />
      </div>
      <p class="ar-note">
        <Quote>{cutWords(choice.settings)}</Quote>:{' '}
        <Quantity text={`${kept} of ${model.levels}`} unit="levels stay" />,{' '}
        <Quantity text={(100 * mass).toFixed(1)} unit="% of the mass before" />; entropy from{' '}
        <Quantity text={entropies[0].toFixed(2)} unit="bits" /> to{' '}
        <Quantity text={entropies[1].toFixed(2)} unit="bits" />, of this context
      </p>
    </>
  );
}
