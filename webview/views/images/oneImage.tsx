// The ledger of one image: its likelihood in every unit, what it is given, and how many pixels cost how much.
import type { ImageModelInfo, ImageNats } from '../../../src/protocol/imageSets';
import type { ImagesContent } from '../../../src/protocol/imagesView';
import { Histogram } from '../../plots/histogram';
import { FigureInline, Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import { PixelPicture } from '../../ui/pixelPicture';
import { classWords } from '../../ui/pixelWords';
import { pixelBars, type ImageAnalysis } from './analysis';
import { conditionWords } from './given';
import { halfOfTheBits } from './heat';
import type { Drawn } from './look';

/** CSS pixels. */
const GIVEN_SIDE = 96;

export function OneImage({
  content,
  drawn,
}: {
  readonly content: ImagesContent;
  readonly drawn: Drawn | undefined;
}) {
  const nats = drawn?.look.nats ?? null;
  const { model } = content;
  if (drawn === undefined || nats === null || model === null) return null;
  const total = -nats.logProb.reduce((sum, one) => sum + one, 0);
  const dimensions = nats.logProb.length;
  const common = { count: dimensions, of: 'sub-pixels', badge: model.likelihood };
  const bits = drawn.bits ?? new Float64Array(0);
  return (
    <section class="ledger" aria-label="This image">
      <h2>This image</h2>
      <ul>
        <li data-row="image bits/dim" title="bits ÷ D">
          <FigureInline
            figure={{ value: total / Math.LN2 / dimensions, unit: 'bits/dim', ...common }}
            digits={4}
          />
        </li>
        <li data-row="image bits" title="nats ÷ ln 2">
          <FigureInline figure={{ value: total / Math.LN2, unit: 'bits', ...common }} digits={2} />
        </li>
        <li data-row="image nats" title="−Σ ln p">
          <FigureInline figure={{ value: total, unit: 'nats', ...common }} digits={2} />
        </li>
      </ul>
      <Given model={model} label={nats.label} />
      <GivenPicture model={model} nats={nats} />
      <p class="ar-label">
        half of the bits in{' '}
        <Quantity text={formatCount(halfOfTheBits(bits))} unit={`of ${formatCount(bits.length)} pixels`} />
      </p>
    </section>
  );
}

/** What is known of the image before its first sub-pixel. */
function GivenPicture({ model, nats }: { readonly model: ImageModelInfo; readonly nats: ImageNats }) {
  const { condition, height, width } = nats;
  const words = conditionWords(model);
  if (condition === null || words === '') return null;
  return (
    <figure class="given" data-given-picture="">
      <PixelPicture
        pictures={{ height, width, ...condition }}
        room={GIVEN_SIDE}
        side={GIVEN_SIDE}
        name={`What this image is given: ${model.condition?.words ?? ''}`}
      />
      <figcaption class="ar-label">
        <Quote>{words}</Quote>
      </figcaption>
    </figure>
  );
}

/** @param at the pixel at the crosshair */
export function PixelHistogram({ analysis, at }: { readonly analysis: ImageAnalysis; readonly at: number }) {
  return (
    <section aria-label="Histogram of this image">
      <h2>Pixels by bits</h2>
      <Histogram name="Pixels by bits" unit="bits" of="pixels" bins={pixelBars(analysis, at)} />
      <p class="ar-label">of this image; outlined: the pixel at the crosshair</p>
    </section>
  );
}

function Given({ model, label }: { readonly model: ImageModelInfo; readonly label: number | null }) {
  if (model.classes === 0) return null;
  return (
    <p class="ar-label" data-given>
      {label === null ? (
        'without a class'
      ) : (
        <>
          given <Quote>{classWords(model, label)}</Quote>, p(x | class)
        </>
      )}
    </p>
  );
}
