// The legend is the table: each state with its pattern, its name, and how many inputs of it each stack has.
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { FieldReport } from '../../../src/protocol/receptiveField';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import type { Theme } from '../../ui/theme';
import { paintSwatch } from './painter';
import type { Counts, InputState } from './states';
import { STATE_WORDS, unitOf } from './words';

const SIZE = 14;
const ALLOWED = ['seen', 'blind', 'shallow'] as const;

export function Legend(properties: {
  readonly report: FieldReport;
  readonly counts: readonly Counts[];
  readonly theme: Theme;
}) {
  const { report, counts, theme } = properties;
  const unit = unitOf(report);
  const row = (state: InputState | 'output', values: readonly number[], strong = false) => (
    <tr key={state} class={strong ? 'big' : ''}>
      <th scope="row">
        <Swatch state={state} theme={theme} /> {STATE_WORDS[state]}
      </th>
      {values.map((value, at) => (
        <td key={at}>
          <Quantity text={formatCount(value)} unit={unit} hideUnit />
        </td>
      ))}
    </tr>
  );
  const leaking = counts.some(({ leak }) => leak > 0);
  return (
    <section class="legend" aria-label="What the output sees" data-legend={unit}>
      <table>
        <thead>
          <tr>
            <th scope="col">{unit}</th>
            {report.stacks.map(({ family, title }, at) => (
              <th scope="col" key={`${family} ${at}`}>
                <Quote>{title}</Quote>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ALLOWED.map((state) =>
            row(
              state,
              counts.map((each) => each[state]),
              state === 'blind',
            ),
          )}
          <tr class="sum">
            <th scope="row">allowed context</th>
            {report.stacks.map(({ allowed }, at) => (
              <td key={at}>
                <Quantity text={formatCount(allowed)} unit={unit} hideUnit />
              </td>
            ))}
          </tr>
          {leaking
            ? row(
                'leak',
                counts.map(({ leak }) => leak),
                true,
              )
            : null}
          {row(
            'output',
            counts.map(() => 1),
          )}
          {row(
            'future',
            counts.map(({ future }) => future),
          )}
        </tbody>
      </table>
      <p class="ar-note">
        Blind: no number of layers reaches it. Too shallow: more layers would. Future: the order of generation
        does not allow it.
      </p>
    </section>
  );
}

function Swatch({ state, theme }: { readonly state: InputState | 'output'; readonly theme: Theme }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const ratio = window.devicePixelRatio;
    const element = canvas.current;
    if (element === null) return;
    [element.width, element.height] = [SIZE * ratio, SIZE * ratio];
    const context = element.getContext('2d');
    context?.scale(ratio, ratio);
    if (context !== null) paintSwatch(context, state, SIZE, theme);
  }, [state, theme]);
  return <canvas ref={canvas} class="swatch" aria-hidden="true" />;
}
