// The legend is the table: each kind of cell with its pattern, its name and how many there are of it.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Quantity } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import type { Theme } from '../../ui/theme';
import { STATES, type CellState, type Counts } from './cells';
import { paintSwatch } from './painter';
import { STATE_WORDS } from './words';

const SIZE = 14;

export function Legend(properties: {
  readonly counts: Counts;
  readonly pairs: number;
  readonly block: number;
  readonly theme: Theme;
}) {
  const { counts, pairs, block, theme } = properties;
  return (
    <section class="legend" aria-label="Kinds of pairs" data-legend="pairs">
      <table>
        <caption class="ar-hidden">
          Pairs of an output and an input, by what was declared and measured
        </caption>
        <tbody>
          {STATES.map((state) => (
            <tr key={state} class={state === 'leak' && counts.leak > 0 ? 'big' : ''}>
              <th scope="row">
                <Swatch state={state} theme={theme} /> {STATE_WORDS[state]}
              </th>
              <td>
                <Quantity text={formatCount(counts[state])} unit="pairs" hideUnit />
              </td>
            </tr>
          ))}
          <tr class="sum">
            <th scope="row">pairs</th>
            <td>
              <Quantity text={formatCount(pairs)} unit="pairs" hideUnit />
            </td>
          </tr>
        </tbody>
      </table>
      <p class="ar-label blocks">
        {block === 1 ? null : (
          <>
            a square stands for <Quantity text={`${block} × ${block}`} unit="pairs" />: a leak among them
            wins, then what was never measured
          </>
        )}
      </p>
    </section>
  );
}

function Swatch({ state, theme }: { readonly state: CellState; readonly theme: Theme }) {
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
