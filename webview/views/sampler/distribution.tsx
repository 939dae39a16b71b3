// The next token as two bars on one scale: the model's probability, and the one that is drawn from. Choosing a row forces it.
import { useRef, useState } from 'preact/hooks';
import type { SamplerSettings, SamplerStage, SamplerStep } from '../../../src/protocol/sampler';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount, visibleToken } from '../../ui/format';
import { moveByKey } from '../../ui/keyboard';
import { keptRows, probabilityText, scaleOf, stageName } from './cutWords';

export function Distribution(properties: {
  readonly step: SamplerStep;
  readonly settings: SamplerSettings;
  readonly fresh: boolean;
  readonly onForce: (id: number) => void;
}) {
  const { step, settings, fresh, onForce } = properties;
  const [at, setAt] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);
  const model = step.stages[0];
  const final = step.stages.at(-1);
  if (model === undefined || final === undefined) return null;
  const scale = scaleOf(step);
  const kept = keptRows(step);
  const rows = step.texts.map((text, row) => ({ text, row, id: step.id[row] ?? -1 }));
  const focused = Math.min(at, rows.length - 1);
  const onKey = (event: KeyboardEvent, row: number) => {
    const next = moveByKey(event.key, row, rows.length);
    if (next === undefined) return;
    event.preventDefault();
    setAt(next);
    const buttons = body.current?.querySelectorAll('button');
    buttons?.[next]?.focus();
  };
  return (
    <section class={fresh ? 'next' : 'next stale'} aria-label="Next token" aria-busy={!fresh}>
      <div class="ar-cap">
        <h2>Next token</h2>
        <span class="ar-note">
          the seed draws{' '}
          <b class="token">
            <Quote>{visibleToken(step.drawn.text)}</Quote>
          </b>
          ; choose a row to force it
        </span>
      </div>
      <table>
        <thead>
          <tr class="ar-label">
            <th scope="col">token</th>
            <th scope="col" class="number">
              p
            </th>
            <th scope="col">
              model, <Quantity text={bits(model.entropy)} unit="bits of entropy" />
            </th>
            <th scope="col" class="number">
              p
            </th>
            <th scope="col">
              drawn from, <Quantity text={bits(final.entropy)} unit="bits of entropy" />
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map(({ text, row, id }) => {
            const [before, after] = [model.probability[row] ?? 0, final.probability[row] ?? 0];
            const drawn = id === step.drawn.id;
            return [
              row === kept ? <CutLine key="cut" step={step} settings={settings} /> : null,
              <tr
                key={id}
                class={`${drawn ? 'drawn' : ''} ${row >= kept ? 'out' : ''}`}
                data-row={row}
                data-before={before}
                data-after={after}
                onClick={() => onForce(id)}
              >
                <td>
                  <button
                    type="button"
                    class="token"
                    tabIndex={row === focused ? 0 : -1}
                    title={drawn ? 'The seed draws this. Choose it by hand' : 'Choose it by hand'}
                    onKeyDown={(event) => onKey(event, row)}
                    onFocus={() => setAt(row)}
                  >
                    <i aria-hidden="true">{drawn ? '✓' : ''}</i>
                    <Quote>{visibleToken(text)}</Quote>
                    {drawn ? <span class="ar-hidden">, drawn by the seed</span> : null}
                  </button>
                </td>
                <td class="number">
                  <Quantity text={probabilityText(before)} unit="probability" hideUnit />
                </td>
                <td>
                  <Bar share={before / scale} kind="model" />
                </td>
                <td class="number">
                  {row >= kept ? (
                    <span class="ar-hidden">cut</span>
                  ) : (
                    <Quantity text={probabilityText(after)} unit="probability" hideUnit />
                  )}
                </td>
                <td>
                  <Bar share={after / scale} rim={before / scale} kind="final" />
                </td>
              </tr>,
            ];
          })}
          {kept >= rows.length && kept < step.vocabulary ? (
            <TailRow step={step} model={model} final={final} scale={scale} />
          ) : null}
          {kept >= rows.length ? <CutLine step={step} settings={settings} /> : null}
          {kept < rows.length && rows.length < step.vocabulary ? (
            <TailRow step={step} model={model} final={final} scale={scale} />
          ) : null}
        </tbody>
      </table>
    </section>
  );
}

/** The outline in the right column is the model's bar. */
function Bar(properties: {
  readonly share: number;
  readonly rim?: number;
  readonly kind: 'model' | 'final';
}) {
  const { share, rim, kind } = properties;
  return (
    <span class={`bar ${kind}`} aria-hidden="true">
      <i style={{ width: `${100 * share}%` }} />
      {rim === undefined ? null : <b style={{ width: `${100 * rim}%` }} />}
    </span>
  );
}

function TailRow(properties: {
  readonly step: SamplerStep;
  readonly model: SamplerStage;
  readonly final: SamplerStage;
  readonly scale: number;
}) {
  const { step, model, final, scale } = properties;
  return (
    <tr class={final.tail === 0 ? 'tail out' : 'tail'} data-before={model.tail} data-after={final.tail}>
      <td>
        <span class="others">
          <Quantity text={formatCount(step.vocabulary - step.id.length)} unit="others" />
        </span>
      </td>
      <td class="number">
        <Quantity text={probabilityText(model.tail)} unit="probability" hideUnit />
      </td>
      <td>
        <Bar share={model.tail / scale} kind="model" />
      </td>
      <td class="number">
        {final.tail === 0 ? (
          <span class="ar-hidden">cut</span>
        ) : (
          <Quantity text={probabilityText(final.tail)} unit="probability" hideUnit />
        )}
      </td>
      <td>
        <Bar share={final.tail / scale} rim={model.tail / scale} kind="final" />
      </td>
    </tr>
  );
}

/** The dashed line with its sentence: what each filter cut, and what is left. */
function CutLine({ step, settings }: { readonly step: SamplerStep; readonly settings: SamplerSettings }) {
  const cuts = step.stages.filter(({ by, cutCount }) => cutCount > 0 && by !== 'model');
  const kept = step.stages.at(-1)?.kept ?? 0;
  return (
    <tr class="cut">
      <td colSpan={5}>
        <p class="ar-note">
          {cuts.length === 0 ? (
            'Nothing is cut: '
          ) : (
            <>
              {cuts.map(({ by, cutCount, cutMass }, index) => (
                <span key={by} data-cut={by}>
                  {index === 0 ? '' : ', '}
                  <Quote>{stageName(by, settings)}</Quote> cuts{' '}
                  <Quantity text={formatCount(cutCount)} unit={cutCount === 1 ? 'token' : 'tokens'} /> (
                  <Quantity text={(100 * cutMass).toFixed(1)} unit="%" />)
                </span>
              ))}
              {': '}
            </>
          )}
          <Quantity text={`${formatCount(kept)} of ${formatCount(step.vocabulary)}`} unit="tokens stay" />,{' '}
          <Quantity text={(100 * step.keptMass).toFixed(1)} unit="% of the model’s mass" />
        </p>
      </td>
    </tr>
  );
}

const bits = (nats: number): string => (Math.abs(nats) / Math.LN2).toFixed(2);
