// What the images are drawn given, beside them: the pictures themselves, where they come from, and which of them.
import { useRef } from 'preact/hooks';
import type { ConditionSource, GivenConditions } from '../../../src/protocol/imageCondition';
import type { ImageSamplerContent, ImageSamplerHostCalls } from '../../../src/protocol/imageSamplerView';
import { Button, Dropdown } from '../../ui/controls';
import { Field, NumberField } from '../../ui/fields';
import { Quote } from '../../ui/figure';
import { useWidth } from '../../ui/hooks';
import type { Ask } from '../../ui/host';
import { PixelPicture } from '../../ui/pixelPicture';
import { givenFrom } from './words';

/** CSS pixels of a picture's longest side. */
export const GIVEN_SIDE = 72;
const MOST = 1_000_000;

export function GivenBar(properties: {
  readonly content: ImageSamplerContent;
  readonly given: GivenConditions | null;
  readonly host: Ask<ImageSamplerHostCalls>;
}) {
  const { content, given, host } = properties;
  const frame = useRef<HTMLDivElement>(null);
  const room = useWidth(frame);
  const { condition } = content.model;
  if (condition === null) return null;
  const { settings } = content.choice;
  const { condition: source = {} } = settings;
  const change = (next: ConditionSource) => {
    const rest = { ...settings };
    Reflect.deleteProperty(rest, 'condition');
    const none = next.file === undefined && next.image === undefined;
    host('change', { settings: none ? rest : { ...rest, condition: next } });
  };
  const { image } = source;
  return (
    <section class="given" aria-label="What the images are given" ref={frame}>
      <p class="ar-note">
        Each image is drawn given <Quote>{condition.words}</Quote>
        {given === null ? null : (
          <>
            , of <Quote>{givenFrom(given)}</Quote>
          </>
        )}
        ; its probability is p(x | picture).
      </p>
      {given === null || room === 0 ? null : (
        <PixelPicture
          pictures={given}
          room={room}
          side={GIVEN_SIDE}
          name={`${given.indices.length} ${given.indices.length === 1 ? 'picture' : 'pictures'}, one for each image in their order`}
        />
      )}
      <div class="region">
        <Field label="Pictures">
          <Dropdown
            name="Pictures"
            value={image === undefined ? 'each' : 'same'}
            choices={[
              { value: 'each', label: 'one after another' },
              { value: 'same', label: 'the same for all' },
            ]}
            onChoose={(which) => change(withImage(source, which === 'same' ? 0 : undefined))}
          />
        </Field>
        {image === undefined ? null : (
          <Field label="Which">
            <NumberField
              name="Which picture"
              value={image + 1}
              minimum={1}
              maximum={MOST}
              onNumber={(chosen) => change(withImage(source, chosen - 1))}
            />
          </Field>
        )}
        <Button onPress={() => host('conditionFrom', undefined)}>Take Them from a File…</Button>
        {source.file === undefined ? null : (
          <Button onPress={() => change(withImage({}, image))}>The Run’s Own</Button>
        )}
      </div>
    </section>
  );
}

function withImage({ file }: ConditionSource, image: number | undefined): ConditionSource {
  return { ...(file === undefined ? {} : { file }), ...(image === undefined ? {} : { image }) };
}
