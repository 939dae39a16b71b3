// What the image that is looked at costs so far, and what it was drawn with on the way.
import type { ImageSamplerSettings } from '../../../src/protocol/imageSampler';
import type { ImageSamplerContent } from '../../../src/protocol/imageSamplerView';
import { Button } from '../../ui/controls';
import { FigureInline, Quote } from '../../ui/figure';
import type { DrawnImages } from './drawing';
import { figuresOf } from './imageBranches';
import { isSameSettings, settingsWords } from './settingsWords';
import { placeWords } from './words';

const MOST_TURNS = 8;

export function SoFar(properties: {
  readonly content: ImageSamplerContent;
  readonly drawn: DrawnImages;
  readonly onSettings: (settings: ImageSamplerSettings) => void;
}) {
  const { content, drawn, onSettings } = properties;
  const { choice, under, turns, model } = content;
  const count = drawn.stepsOf(choice.image);
  if (content.step === 0 || count === 0) return null;
  const [nats, bits, perDim] = figuresOf(drawn.natsOf(choice.image), count, content);
  const last = turns.at(-1)?.settings;
  return (
    <div class="soFar">
      <h2>So far</h2>
      <ul>
        <li>
          <FigureInline figure={nats} digits={2} />
        </li>
        <li>
          <FigureInline figure={bits} digits={2} />
        </li>
        <li>
          <FigureInline figure={perDim} digits={3} />
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
      <ul class="turns" aria-label="Drawn with">
        {turns.slice(0, MOST_TURNS).map(({ step, place, settings }, index) => (
          <li key={step} class="ar-note">
            <Quote>
              {index === 0 ? 'Drawn with ' : `From ${placeWords(model, place)} on `}
              {settingsWords(settings, turns[index - 1]?.settings)}
            </Quote>
          </li>
        ))}
        {turns.length > MOST_TURNS ? (
          <li class="ar-note">and more changes, in the tree of branches</li>
        ) : null}
      </ul>
      {last === undefined || isSameSettings(last, choice.settings) ? null : (
        <Button onPress={() => onSettings(last)}>Go On with These Settings</Button>
      )}
    </div>
  );
}
