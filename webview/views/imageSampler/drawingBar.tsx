// What moves the drawing: on to its end, a step on or back, to any place of the branch that is walked, and with another
// seed from here.
import type { ImageSamplerContent, ImageSamplerHostCalls } from '../../../src/protocol/imageSamplerView';
import { Button } from '../../ui/controls';
import { Quote } from '../../ui/figure';
import type { Ask } from '../../ui/host';
import { KnobSlider, useRested } from '../../ui/knob';
import type { DrawnImages } from './drawing';
import { placeWords, togetherWords } from './words';

interface BarProperties {
  readonly content: ImageSamplerContent;
  readonly drawn: DrawnImages;
  readonly host: Ask<ImageSamplerHostCalls>;
}

export function DrawingBar(properties: BarProperties) {
  const { content, host } = properties;
  const { running, step, steps, stretches } = content;
  const isComplete = step >= steps;
  const together = togetherWords(content);
  return (
    <>
      <div class="ar-cap moves" role="toolbar" aria-label="Drawing">
        {running ? (
          <Button primary onPress={() => host('pause', undefined)}>
            Pause
          </Button>
        ) : (
          <Button primary onPress={() => host('run', undefined)}>
            {isComplete ? 'Draw Again' : step === 0 ? 'Draw' : 'Go On'}
          </Button>
        )}
        <Button onPress={() => host('step', undefined)}>Step</Button>
        <Button onPress={() => host('back', undefined)}>Back</Button>
        {isComplete || step === 0 ? null : <Button onPress={() => host('anew', undefined)}>Draw Anew</Button>}
        <Button onPress={() => host('begin', undefined)}>Start</Button>
        {stretches.length === 0 ? null : <Button onPress={() => host('clear', undefined)}>Clear</Button>}
      </div>
      {content.end === 0 ? null : <PlaceSlider {...properties} />}
      {together === '' ? null : (
        <p class="ar-note together">
          <Quote>{together}</Quote>
        </p>
      )}
    </>
  );
}

/** Along the branch that is walked, as far as it is drawn. */
function PlaceSlider({ content, drawn, host }: BarProperties) {
  const { step, steps, end, branch, model, turn } = content;
  const [at, change] = useRested(step, (to) => host('go', { branch, step: to, turn: turn + 1 }));
  const text = at >= steps ? 'complete' : `before ${placeWords(model, drawn.placeOf(at))}`;
  return (
    <div class="place">
      <KnobSlider
        range={{ label: 'Place', minimum: 0, maximum: end, step: 1, digits: 0 }}
        value={at}
        text={text}
        onSlide={change}
      />
    </div>
  );
}
