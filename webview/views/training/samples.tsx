// What the model writes, newest first: same prompt and seed, so that only the training differs.
import { FigureInline, Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import { NO_GLYPH, visibleText } from '../../ui/visibleText';
import type { RunModel, Sample } from './runModel';
import { lossFigure } from './runModel';
import type { UnitChoice } from './units';

const SHOWN = 50;

export function Samples(properties: {
  readonly run: RunModel;
  readonly unit: UnitChoice;
  /** Of images: by what a sample has for a text. */
  readonly pictures: ReadonlyMap<string, string>;
}) {
  const { run, unit, pictures } = properties;
  const ofImages = run.now.record.domain === 'image';
  const { samples } = run.now;
  const newest = samples.slice(-SHOWN).reverse();
  const [first] = newest;
  return (
    <section class="samples" aria-label="Samples, newest first">
      <div class="ar-cap">
        <h2>Samples</h2>
        {first === undefined ? null : (
          <span class="ar-note">
            <Quantity text={String(first.temperature)} unit="temperature" before />,{' '}
            <Quantity text={String(first.seed)} unit="seed" before />
            {first.given === undefined ? null : (
              <>
                ; each image to the right of what it is given: <Quote>{first.given}</Quote>
              </>
            )}
          </span>
        )}
      </div>
      {first === undefined ? <p class="ar-note">The first sample comes with the first evaluation.</p> : null}
      <ol>
        {newest.map((sample, index) => (
          <li
            key={`${sample.step} ${sample.seed} ${sample.prompt}`}
            class={index === 0 ? 'sample' : 'sample old'}
          >
            <div class="ar-row">
              <b class="ar-label">
                <Quantity text={formatCount(sample.step)} unit="step" before />
              </b>
              <SampleFigure run={run} sample={sample} unit={unit} />
            </div>
            {ofImages ? (
              <Picture source={pictures.get(sample.text)} sample={sample} />
            ) : (
              <pre tabIndex={0} aria-label={`Sample at step ${sample.step}`} data-quote="">
                <b>{visibleText(sample.prompt)}</b>
                {visibleText(sample.text)}
              </pre>
            )}
          </li>
        ))}
      </ol>
      {!ofImages && newest.some((sample) => visibleText(sample.text).includes(NO_GLYPH)) ? (
        <p class="ar-label">
          <Quote>{`${NO_GLYPH} stands for a control character or for bytes that form no character`}</Quote>
        </p>
      ) : null}
    </section>
  );
}

function Picture({ source, sample }: { readonly source: string | undefined; readonly sample: Sample }) {
  if (source === undefined) return <p class="ar-note">The picture is being read, or is gone.</p>;
  const { step, given } = sample;
  const beside = given === undefined ? '' : `, each to the right of what it is given: ${given}`;
  return <img class="pixels" src={source} alt={`Images sampled at step ${step}${beside}`} />;
}

function SampleFigure(properties: {
  readonly run: RunModel;
  readonly sample: Sample;
  readonly unit: UnitChoice;
}) {
  const { run, sample, unit } = properties;
  const badge = run.badge();
  if (badge === undefined || badge === 'none' || sample.count === 0) return <Quote>{''}</Quote>;
  const { nll, count } = sample;
  if (run.now.record.domain === 'image') {
    return (
      <span class="ar-label">
        <FigureInline figure={lossFigure({ nats: nll / count, count, badge }, unit)} digits={3} quiet />
      </span>
    );
  }
  // A sample's own bytes, not the validation text's average: untrained models write other characters.
  const bytes = new TextEncoder().encode(sample.text).length;
  const perElement = unit.perElement === 1 ? 1 : bytes / sample.count;
  const factor = (unit.factor * unit.perElement) / perElement;
  const figure = lossFigure(
    { nats: sample.nll / sample.count, count: sample.count, badge },
    { ...unit, factor, perElement },
  );
  return (
    <span class="ar-label">
      <FigureInline figure={figure} digits={2} quiet />
    </span>
  );
}
