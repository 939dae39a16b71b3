// Every branch as a row: its name, its text, the bits of its whole path under the model and under what was drawn from.
import type { Badge } from '../../../src/protocol/figure';
import type { SamplerDocument } from '../../../src/protocol/sampler';
import { FigureInline, Quantity, Quote } from '../../ui/figure';
import { formatCount, visibleToken } from '../../ui/format';
import { Entry } from '../../ui/entry';
import { bitsFigure, leavesOf, pathTo, textOf, totalOf } from './branches';

const SHOWN = 28;
const LONGEST_NAME = 60;
const MOST_ROWS = 100;

export function BranchList(properties: {
  readonly document: SamplerDocument;
  readonly badge: Badge;
  readonly onGo: (node: number) => void;
  readonly onName: (node: number, name: string) => void;
}) {
  const { document: tree, badge, onGo, onName } = properties;
  const { nodes, current } = tree;
  const leaves = leavesOf(tree);
  if (leaves.length === 0) return null;
  return (
    <div class="branch-list">
      <table class="branches">
        <thead>
          <tr class="ar-label">
            <th scope="col">branch</th>
            <th scope="col">name</th>
            <th scope="col" class="number">
              tokens
            </th>
            <th scope="col" class="number">
              under the model
            </th>
            <th scope="col" class="number">
              under what was drawn from
            </th>
          </tr>
        </thead>
        <tbody>
          {leaves.slice(0, MOST_ROWS).map((leaf, index) => {
            const { count, bits, drawnBits, forced, found } = totalOf(nodes, leaf);
            const on = pathTo(nodes, leaf).includes(current);
            const text = visibleToken(textOf(nodes, leaf));
            return (
              <tr key={leaf} class={on ? 'on' : ''} data-leaf={leaf}>
                <td>
                  <button
                    type="button"
                    class="token"
                    title="Go to the end of this branch"
                    onClick={() => onGo(leaf)}
                  >
                    <Quote>{text.length > SHOWN ? `…${text.slice(-SHOWN)}` : text}</Quote>
                  </button>
                  {forced === 0 ? null : (
                    <span class="ar-label">
                      {' '}
                      □ <Quantity text={formatCount(forced)} unit="forced" />
                    </span>
                  )}
                  {found === 0 ? null : (
                    <span class="ar-label">
                      {' '}
                      ◇ <Quantity text={formatCount(found)} unit="by a beam" />
                    </span>
                  )}
                </td>
                <td>
                  <Entry
                    name={`Name of branch ${index + 1}`}
                    placeholder="unnamed"
                    value={nodes[leaf]?.name ?? ''}
                    onEntry={(name) => onName(leaf, name.slice(0, LONGEST_NAME))}
                  />
                </td>
                <td class="number">
                  <Quantity text={formatCount(count)} unit="tokens" hideUnit />
                </td>
                <td class="number" data-label="model">
                  <FigureInline figure={bitsFigure(bits, count, badge)} digits={2} quiet />
                </td>
                <td class="number" data-label="drawn from">
                  {drawnBits === null ? (
                    <span title="A token that was forced or found by a beam here had been cut: the filters give it no probability.">
                      ∞ <span class="ar-unit">bits</span>
                    </span>
                  ) : (
                    <FigureInline figure={bitsFigure(drawnBits, count, badge)} digits={2} quiet />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {leaves.length > MOST_ROWS ? (
        <p class="ar-note">
          and <Quantity text={formatCount(leaves.length - MOST_ROWS)} unit="more branches" /> in the tree
        </p>
      ) : null}
    </div>
  );
}
