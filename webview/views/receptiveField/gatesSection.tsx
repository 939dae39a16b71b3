// What a layer's gates let through: histograms of tanh(W_f ∗ x), σ(W_g ∗ x) and their product, with the share saturated.
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { GateHistogram } from '../../../src/protocol/gates';
import type { ReceptiveFieldContent } from '../../../src/protocol/receptiveFieldView';
import { Dropdown } from '../../ui/controls';
import { NumberField } from '../../ui/fields';
import { Quantity, Quote } from '../../ui/figure';
import { fitCanvas } from '../../ui/fitCanvas';
import { formatCount } from '../../ui/format';
import type { Theme } from '../../ui/theme';
import { HEIGHT, paintGates, WIDTH } from './gatesPainter';
import { TaskBar } from './taskBar';

const NAMES = { tanh: 'tanh(W_f ∗ x)', sigma: 'σ(W_g ∗ x)', product: 'product' } as const;

export function GatesSection(properties: {
  readonly content: ReceptiveFieldContent;
  readonly theme: Theme;
  readonly onStart: (looked: { readonly layer: number; readonly image?: number }) => void;
  readonly onStop: () => void;
}) {
  const { content, theme, onStart, onStop } = properties;
  const { gates, report, subject } = content;
  const family = report.families.find(({ id }) => id === report.own?.families[0]);
  if (subject.kind !== 'run' || family?.gated !== true) return null;
  const { result } = gates;
  const layers = report.own?.layers ?? 1;
  const layer = result?.layer ?? 1;
  const image = result?.image;
  const last = (result?.available ?? 1) - 1;
  const look = (next: number, only: number | undefined) =>
    onStart({ layer: next, ...(only === undefined ? {} : { image: only }) });
  return (
    <section class="gates" aria-label="Gates">
      <div class="ar-cap">
        <h2>Gates: what a layer lets through</h2>
        {result === null ? null : (
          <>
            <Dropdown
              name="Layer of the gates"
              value={String(layer)}
              choices={Array.from({ length: layers }, (_, at) => ({
                value: String(at + 1),
                label: `layer ${at + 1}`,
              }))}
              onChoose={(next) => look(Number(next), image)}
            />
            <Dropdown
              name="Images of the gates"
              value={image === undefined ? 'batch' : 'one'}
              choices={[
                { value: 'batch', label: 'a batch' },
                { value: 'one', label: 'one image' },
              ]}
              onChoose={(choice) => look(layer, choice === 'one' ? (image ?? 0) : undefined)}
            />
            {image === undefined ? null : (
              <>
                <NumberField
                  name={`Image of the gates, 0 to ${last}`}
                  value={image}
                  minimum={0}
                  maximum={last}
                  onNumber={(next) => look(layer, next)}
                />
                <span class="ar-note">
                  of <Quantity text={`0 to ${formatCount(last)}`} unit="images" hideUnit />
                </span>
              </>
            )}
          </>
        )}
      </div>
      <TaskBar
        task={gates}
        label="Look at the Gates"
        stale={false}
        onStart={() => look(layer, image)}
        onStop={onStop}
      />
      {result === null ? null : (
        <>
          <p class="ar-note">
            Layer <Quantity text={String(result.layer)} unit={`of ${result.layers}`} />, over{' '}
            {image === undefined ? (
              <Quantity
                text={formatCount(result.images)}
                unit={`of ${formatCount(result.available)} images`}
              />
            ) : (
              <>
                image <Quantity text={formatCount(image)} unit={`of 0 to ${formatCount(last)}`} />
              </>
            )}
            : <Quote>{result.source}</Quote>. Saturated (hatched): within{' '}
            <Quantity text={String(result.threshold)} unit="of an end of its range" />; of the product, shut:
            as near <Quote>0</Quote>.
          </p>
          <div class="histograms" data-legend="values">
            {result.stacks.map(({ stack, parts }) => (
              <div key={stack}>
                <h3 class="ar-note">
                  <Quote>{stack} stack</Quote>,{' '}
                  <Quantity text={formatCount(parts[0]?.count ?? 0)} unit="values" />
                </h3>
                {parts.map((part) => (
                  <Gate key={part.part} histogram={part} threshold={result.threshold} theme={theme} />
                ))}
              </div>
            ))}
          </div>
        </>
      )}
    </section>
  );
}

function Gate(properties: {
  readonly histogram: GateHistogram;
  readonly threshold: number;
  readonly theme: Theme;
}) {
  const { histogram, threshold, theme } = properties;
  const { part, low, high, shut } = histogram;
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = fitCanvas(canvas.current, { width: WIDTH, height: HEIGHT });
    if (context !== null) paintGates(context, histogram, threshold, theme);
  }, [histogram, threshold, theme]);
  const percent = (share: number) => (100 * share).toFixed(1);
  return (
    <figure data-part={part}>
      <canvas ref={canvas} role="img" aria-label={`Histogram of ${NAMES[part]}`} />
      <figcaption>
        <span class="ar-note">{NAMES[part]}</span>
        <span class="ar-label">
          {part === 'product' ? (
            <Quantity text={percent(shut)} unit="% shut" />
          ) : (
            <>
              <Quantity text={percent(low + high)} unit="% saturated" />
              {': '}
              <Quantity text={percent(low)} unit="% low" />, <Quantity text={percent(high)} unit="% high" />
            </>
          )}
        </span>
      </figcaption>
    </figure>
  );
}
