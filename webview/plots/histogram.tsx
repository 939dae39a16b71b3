// A histogram whose bars carry a scale's colours, so that it is the scale's legend too.
// Bars are drawn with the DOM's style API (no style attributes: the CSP forbids them); histogramPainter.ts paints the
// same for a saved picture.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { formatCount } from '../ui/format';
import './histogram.css';

export interface HistogramBin {
  /** What stands under the bar. */
  readonly label: string;
  /** What it covers, in words: '3 to 4'. */
  readonly range: string;
  readonly count: number;
  /** Its colour token: 'ar-surprisal-1'. */
  readonly colour: string;
  /** Below the threshold: only an outline, as in the editor, where nothing is drawn. */
  readonly hollow: boolean;
  /** What is looked at lies in this one, which is outlined: 'this image'. */
  readonly marked?: string;
}

export function Histogram(properties: {
  readonly name: string;
  readonly unit: string;
  readonly of: string;
  readonly bins: readonly HistogramBin[];
}) {
  const most = Math.max(1, ...properties.bins.map((bin) => bin.count));
  return (
    <figure class="ar-histogram" aria-label={properties.name} data-picture="" data-legend={properties.unit}>
      <div class="ar-bars" aria-hidden="true">
        {properties.bins.map((bin) => (
          <Bar key={bin.label} bin={bin} share={bin.count / most} unit={properties.unit} of={properties.of} />
        ))}
      </div>
      <div class="ar-swatches" aria-hidden="true">
        {properties.bins.map((bin) => (
          <Swatch key={bin.label} bin={bin} />
        ))}
      </div>
      <div class="ar-bins" aria-hidden="true">
        {properties.bins.map((bin) => (
          <span
            key={bin.label}
            class={bin.marked === undefined ? undefined : 'ar-marked'}
            data-quantity={bin.label}
            data-unit={properties.unit}
          >
            {bin.label}
          </span>
        ))}
      </div>
      <div class="ar-hidden">
        <table>
          <caption>{properties.name}</caption>
          <thead>
            <tr>
              <th scope="col">{properties.unit}</th>
              <th scope="col">{properties.of}</th>
            </tr>
          </thead>
          <tbody>
            {properties.bins.map((bin) => (
              <tr key={bin.label}>
                <th scope="row" data-quantity={bin.range} data-unit={properties.unit}>
                  {bin.range}
                  {bin.marked === undefined ? null : `, with ${bin.marked}`}
                </th>
                <td data-quantity={bin.count} data-unit={properties.of}>
                  {formatCount(bin.count)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

function Swatch({ bin }: { readonly bin: HistogramBin }) {
  const swatch = useRef<HTMLElement>(null);
  useLayoutEffect(() => paint(swatch.current, bin), [bin.colour, bin.hollow]);
  return <i ref={swatch} class={classOf(bin)} />;
}

function Bar(properties: {
  readonly bin: HistogramBin;
  readonly share: number;
  readonly unit: string;
  readonly of: string;
}) {
  const bar = useRef<HTMLElement>(null);
  const { bin, share } = properties;
  useLayoutEffect(() => {
    // A bin that holds something is never invisible.
    bar.current?.style.setProperty('height', bin.count === 0 ? '0' : `max(2px, ${share * 100}%)`);
    paint(bar.current, bin);
  }, [share, bin.count, bin.colour, bin.hollow]);
  const title = `${bin.range} ${properties.unit}: ${formatCount(bin.count)} ${properties.of}`;
  return (
    <span class="ar-bar" title={title}>
      <i ref={bar} class={classOf(bin)} />
    </span>
  );
}

const classOf = ({ hollow, marked }: HistogramBin): string =>
  `${hollow ? 'ar-hollow ' : ''}${marked === undefined ? '' : 'ar-marked'}`;

function paint(element: HTMLElement | null, { colour, hollow }: HistogramBin): void {
  element?.style.setProperty('background', hollow ? 'none' : `var(--${colour})`);
}
