// Leaks grouped by distance, each with a way to its cells; and everything that was compared, with what it found.
import { Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import type { MaskComparison, MaskReport } from '../../../src/protocol/mask';
import type { OffsetGroup, Place } from './cells';
import { distanceOf } from './places';
import { comparisonName } from './words';

/** Groups that are listed; the rest is summed up. */
const LISTED = 12;

export function LeakList(properties: {
  readonly groups: readonly OffsetGroup[];
  readonly image: MaskReport['image'];
  readonly chosen: Place | undefined;
  readonly onJump: (place: Place) => void;
}) {
  const { groups, image, chosen, onJump } = properties;
  const offset = keyOf(image, chosen);
  const rest = groups.slice(LISTED);
  if (groups.length === 0) return null;
  return (
    <section class="leaks" aria-label="Leaks by distance">
      <h2>Leaks by distance</h2>
      <p class="ar-row ar-label">
        <span>input lies</span>
        <span>pairs</span>
      </p>
      <ul>
        {groups.slice(0, LISTED).map((group) => (
          <li key={group.offset}>
            <button
              type="button"
              class={group.offset === offset ? 'ar-row on' : 'ar-row'}
              title="Go to the next of them"
              onClick={() => onJump(nextOf(group, chosen, image))}
            >
              <span>
                <Quantity text={group.words} unit="positions" hideUnit />
              </span>
              <Quantity text={formatCount(group.places.length)} unit="pairs" hideUnit />
            </button>
          </li>
        ))}
      </ul>
      {rest.length === 0 ? null : (
        <p class="ar-label">
          and{' '}
          <Quantity
            text={formatCount(rest.reduce((sum, { places }) => sum + places.length, 0))}
            unit="pairs"
          />{' '}
          at <Quantity text={formatCount(rest.length)} unit="other distances" />
        </p>
      )}
    </section>
  );
}

/** The place after the chosen one, around and around. */
export function nextOf(
  { offset, places }: OffsetGroup,
  chosen: Place | undefined,
  image?: MaskReport['image'],
): Place {
  const first = places[0] ?? { output: 0, input: 0 };
  if (chosen === undefined || keyOf(image, chosen) !== offset) return first;
  return places.find(({ output }) => output > chosen.output) ?? first;
}

const keyOf = (image: MaskReport['image'], place: Place | undefined): number | undefined =>
  place === undefined ? undefined : distanceOf(image, place.output, place.input).key;

export function ComparisonTable(properties: {
  readonly comparisons: readonly MaskComparison[];
  readonly image: MaskReport['image'];
}) {
  const { comparisons, image } = properties;
  return (
    <section class="compared" aria-label="What was compared">
      <h2>What was compared</h2>
      <table>
        <thead class="ar-label">
          <tr>
            <th scope="col">network</th>
            <th scope="col">pairs</th>
            <th scope="col">leaks</th>
          </tr>
        </thead>
        <tbody>
          {comparisons.map((comparison, at) => (
            <tr key={at} class={comparison.leaks > 0 ? 'big' : ''}>
              <th scope="row">
                <Quote>{comparisonName(comparison, image)}</Quote>
                {comparison.leaks > 0 ? (
                  <span class="ar-label found">
                    <Quote>{comparison.verdict}</Quote>
                  </span>
                ) : null}
              </th>
              <td>
                <Quantity text={formatCount(comparison.pairs)} unit="pairs" hideUnit />
              </td>
              <td>
                <Quantity text={formatCount(comparison.leaks)} unit="leaks" hideUnit />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
