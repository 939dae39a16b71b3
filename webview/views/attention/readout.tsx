// What the row under the pointer, or else the selected one, looks at most: the picture's answer in figures.
import type { AttentionContent } from '../../../src/protocol/attentionView';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount, formatValue } from '../../ui/format';
import type { Pointed } from './fullMap';
import { strongest, weightAt } from './triangle';
import { formatWeight, labelOf, placeOf } from './words';

const SHOWN = 5;

export function Readout(properties: {
  readonly content: AttentionContent;
  readonly pointed: Pointed | undefined;
}) {
  const { content, pointed } = properties;
  const row = pointed?.row ?? content.selected;
  if (row < 0) {
    return (
      <div class="readout ar-note">
        <p>No token of this window is selected: point at a row, or put the cursor on one in the text.</p>
      </div>
    );
  }
  const { map, window } = content;
  const token = window.token[row] ?? -1;
  return (
    <div class="readout ar-note">
      <p>
        {token < 0 ? (
          'The start'
        ) : (
          <>
            Token <Quantity text={formatCount(token + 1)} unit="token" hideUnit />{' '}
            <b class="token">
              <Quote>{labelOf(content, row)}</Quote>
            </b>
          </>
        )}{' '}
        looks most at
      </p>
      <table>
        <tbody>
          {strongest(map.values, row, SHOWN).map(({ position, weight }) => (
            <tr key={position}>
              <th scope="row" class="token">
                <Quote>{labelOf(content, position)}</Quote>
              </th>
              <td>
                <Quote>{placeOf(content, position)}</Quote>
              </td>
              <td class="number">
                <Quantity text={formatWeight(weight)} unit="attention weight" hideUnit />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        entropy <Quantity text={formatValue(map.entropy[row] ?? NaN, 2)} unit="bits" /> of at most{' '}
        <Quantity text={formatValue(map.ceiling[row] ?? NaN, 2)} unit="bits" />
      </p>
      <p class="cell">
        {pointed === undefined || pointed.row === pointed.column ? null : (
          <>
            at{' '}
            <span class="token">
              <Quote>{labelOf(content, pointed.column)}</Quote>
            </span>{' '}
            <Weight
              of={weightAt(map.values, pointed.row, pointed.column)}
              beyond={map.kind === 'rollout' ? 'the layers’ windows together' : 'the layer’s window'}
            />
          </>
        )}
      </p>
    </div>
  );
}

function Weight({ of: weight, beyond }: { readonly of: number; readonly beyond: string }) {
  if (Number.isNaN(weight)) return <>masked: it lies before {beyond}</>;
  return <Quantity text={formatWeight(weight)} unit="attention weight" />;
}
