// A histogram whose bars carry a scale's colours, so that it is the scale's legend too.
// Bars are drawn with classes and the DOM's style API (no style attributes: the CSP forbids them).
import { useEffect, useRef } from 'preact/hooks';
import { formatCount } from './format';

export interface HistogramBin {
  /** What stands under the bar. */
  readonly label: string;
  /** What it covers, in words: '3 to 4'. */
  readonly range: string;
  readonly count: number;
  /** Class that sets its colour. */
  readonly className: string;
  /** Below the threshold: only an outline, as in the editor, where nothing is drawn. */
  readonly hollow: boolean;
}

export function Histogram(properties: {
  readonly name: string;
  readonly unit: string;
  readonly of: string;
  readonly bins: readonly HistogramBin[];
}) {
  const most = Math.max(1, ...properties.bins.map((bin) => bin.count));
  return (
    <figure class="ar-histogram" aria-label={properties.name}>
      <div class="ar-bars" aria-hidden="true">
        {properties.bins.map((bin) => (
          <Bar key={bin.label} bin={bin} share={bin.count / most} unit={properties.unit} of={properties.of} />
        ))}
      </div>
      <div class="ar-swatches" aria-hidden="true">
        {properties.bins.map((bin) => (
          <i key={bin.label} class={bin.hollow ? 'ar-hollow' : bin.className} />
        ))}
      </div>
      <div class="ar-bins" aria-hidden="true">
        {properties.bins.map((bin) => (
          <span key={bin.label} data-quantity={bin.label} data-unit={properties.unit}>
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

function Bar(properties: {
  readonly bin: HistogramBin;
  readonly share: number;
  readonly unit: string;
  readonly of: string;
}) {
  const bar = useRef<HTMLElement>(null);
  const { bin, share } = properties;
  useEffect(() => {
    // A bin that holds something is never invisible.
    bar.current?.style.setProperty('height', bin.count === 0 ? '0' : `max(2px, ${share * 100}%)`);
  }, [share, bin.count]);
  const title = `${bin.range} ${properties.unit}: ${formatCount(bin.count)} ${properties.of}`;
  return (
    <span class="ar-bar" title={title}>
      <i ref={bar} class={bin.hollow ? 'ar-hollow' : bin.className} />
    </span>
  );
}
