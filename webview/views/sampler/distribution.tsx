// The next token as two bars on one scale: before and after all filters, or one of them. Choosing a row forces it.
import { useRef, useState } from 'preact/hooks';
import type { SamplerSettings, SamplerStep } from '../../../src/protocol/sampler';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount, visibleToken } from '../../ui/format';
import { moveByKey } from '../../ui/keyboard';
import type { Comparison } from './comparison';
import { columnNames, probabilityText, shareText, stageName } from './cutWords';

export function Distribution(properties: {
  readonly step: SamplerStep;
  readonly comparison: Comparison;
  readonly settings: SamplerSettings;
  readonly fresh: boolean;
  readonly onForce: (id: number) => void;
}) {
  const { step, comparison, settings, fresh, onForce } = properties;
  const [at, setAt] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);
  const { before: first, after: second, scale, kept } = comparison;
  const [firstName, secondName] = columnNames(comparison, settings);
  const rows = comparison.rows.map((at, row) => ({
    text: step.texts[at] ?? '',
    row,
    id: step.id[at] ?? -1,
    before: first.probability[at] ?? 0,
    after: second.probability[at] ?? 0,
  }));
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
              <Quote>{firstName}</Quote>,{' '}
              <Quantity text={bits(first.entropy)} unit="bits of per-context entropy" />
            </th>
            <th scope="col" class="number">
              p
            </th>
            <th scope="col">
              <Quote>{secondName}</Quote>,{' '}
              <Quantity text={bits(second.entropy)} unit="bits of per-context entropy" />
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map(({ text, row, id, before, after }) => {
            const drawn = id === step.drawn.id;
            return [
              row === kept ? (
                <CutLine key="cut" step={step} comparison={comparison} settings={settings} />
              ) : null,
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
            <TailRow step={step} comparison={comparison} />
          ) : null}
          {kept >= rows.length ? <CutLine step={step} comparison={comparison} settings={settings} /> : null}
          {kept < rows.length && rows.length < step.vocabulary ? (
            <TailRow step={step} comparison={comparison} />
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

function TailRow({ step, comparison }: { readonly step: SamplerStep; readonly comparison: Comparison }) {
  const { before: model, after: final, scale } = comparison;
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

/** The dashed line with its sentence: what was cut and moved, and what is left. */
function CutLine(properties: {
  readonly step: SamplerStep;
  readonly comparison: Comparison;
  readonly settings: SamplerSettings;
}) {
  const { step, comparison, settings } = properties;
  const { by, after } = comparison;
  const stages = by === 'all' ? step.stages : [after];
  const cuts = stages.filter(({ cutCount }) => cutCount > 0);
  return (
    <tr class="cut">
      <td colSpan={5}>
        <p class="ar-note">
          {cuts.length === 0
            ? 'Nothing is cut: '
            : cuts.map((cut, index) => (
                <span key={cut.by} data-cut={cut.by}>
                  {index === 0 ? '' : ', '}
                  <Quote>{stageName(cut.by, settings)}</Quote> cuts{' '}
                  <Quantity text={formatCount(cut.cutCount)} unit={cut.cutCount === 1 ? 'token' : 'tokens'} />{' '}
                  (
                  <Quantity text={shareText(cut.cutMass)} unit="%" />)
                </span>
              ))}
          {cuts.length === 0 ? null : ': '}
          <Quantity
            text={`${formatCount(after.kept)} of ${formatCount(step.vocabulary)}`}
            unit="tokens stay"
          />
          {by === 'all' ? (
            <>
              , <Quantity text={(100 * step.keptMass).toFixed(1)} unit="% of the model’s mass" />
            </>
          ) : (
            <>
              , <Quantity text={shareText(after.moved)} unit="% of the mass moved" />
            </>
          )}
        </p>
      </td>
    </tr>
  );
}

const bits = (nats: number): string => (Math.abs(nats) / Math.LN2).toFixed(2);
