// The strip's legend, which is its histogram: colour, bits, bar and count share a row. Also the text equivalent.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Quantity } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import { colorOf, rangeOf, type StripSource } from './stripSource';

export function Legend(properties: {
  readonly kind: StripSource['kind'];
  readonly counts: readonly number[];
  readonly of: string;
}) {
  const { kind, counts, of } = properties;
  const most = Math.max(1, ...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return (
    <table class="legend" data-legend="bits">
      <caption class="ar-hidden">
        {kind === 'surprisal' ? 'Tokens by surprisal' : 'Tokens by difference'}
      </caption>
      <thead class="ar-label">
        <tr>
          <th scope="col" />
          <th scope="col">{kind === 'surprisal' ? 'bits' : 'bits, first − second'}</th>
          <th scope="col" />
          <th scope="col">{of}</th>
        </tr>
      </thead>
      <tbody>
        {counts.map((count, bin) => (
          <tr key={bin}>
            <td>
              <Swatch token={colorOf(kind, bin)} />
            </td>
            <th scope="row">
              <Quantity text={rangeOf(kind, bin)} unit="bits" hideUnit />
            </th>
            <td>
              <Bar share={count / most} some={count > 0} />
            </td>
            <td title={`${((100 * count) / Math.max(1, total)).toFixed(1)} % of ${formatCount(total)} ${of}`}>
              <Quantity text={formatCount(count)} unit={of} hideUnit />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Swatch({ token }: { readonly token: string }) {
  const element = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    element.current?.style.setProperty('background', `var(--${token})`);
  }, [token]);
  return <i class="swatch" ref={element} aria-hidden="true" />;
}

function Bar({ share, some }: { readonly share: number; readonly some: boolean }) {
  const element = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    element.current?.style.setProperty('width', some ? `max(2px, ${share * 100}%)` : '0');
  }, [share, some]);
  return (
    <span class="bar" aria-hidden="true">
      <i ref={element} />
    </span>
  );
}
