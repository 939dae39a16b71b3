// Every branch of a tree as a row: how it reads, its name, how many elements it has, and what the whole of it costs.
import { Entry } from '../ui/entry';
import { FigureInline, Quantity, Quote, type Likelihood } from '../ui/figure';
import { formatCount } from '../ui/format';
import './branchList.css';

const SHOWN = 28;
const LONGEST_NAME = 60;
const MOST_ROWS = 100;

export interface BranchColumn {
  readonly head: string;
  /** The same, short, where the view is narrow and the unit does not say it. */
  readonly label?: string;
  readonly digits: number;
}

export interface BranchRow {
  readonly leaf: number;
  /** What it reads like: its end where it is long. */
  readonly text: string;
  readonly name: string;
  /** The cursor stands in it. */
  readonly on: boolean;
  readonly count: number;
  readonly forced: number;
  /** By a beam search. */
  readonly found: number;
  /** One for each column; a sentence says why one has no end. */
  readonly costs: ReadonlyArray<Likelihood | string>;
}

export function BranchList(properties: {
  readonly rows: readonly BranchRow[];
  readonly columns: readonly BranchColumn[];
  /** What its elements are called: 'tokens'. */
  readonly elements: string;
  readonly onGo: (leaf: number) => void;
  readonly onName: (leaf: number, name: string) => void;
}) {
  const { rows, columns, elements } = properties;
  if (rows.length === 0) return null;
  return (
    <div class="branch-list">
      <table class="branches">
        <thead>
          <tr class="ar-label">
            <th scope="col">branch</th>
            <th scope="col">name</th>
            <th scope="col" class="number">
              {elements}
            </th>
            {columns.map(({ head }) => (
              <th key={head} scope="col" class="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row, index) => (
            <Row key={row.leaf} {...properties} row={row} index={index} />
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS ? (
        <p class="ar-note">
          and <Quantity text={formatCount(rows.length - MOST_ROWS)} unit="more branches" /> in the tree
        </p>
      ) : null}
    </div>
  );
}

function Row(properties: {
  readonly row: BranchRow;
  readonly index: number;
  readonly columns: readonly BranchColumn[];
  readonly elements: string;
  readonly onGo: (leaf: number) => void;
  readonly onName: (leaf: number, name: string) => void;
}) {
  const { row, index, columns, elements, onGo, onName } = properties;
  const { leaf, text, on, forced, found, name, count, costs } = row;
  return (
    <tr class={on ? 'on' : ''} data-leaf={leaf}>
      <td>
        <button type="button" class="token" title="Go to the end of this branch" onClick={() => onGo(leaf)}>
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
          value={name}
          onEntry={(given) => onName(leaf, given.slice(0, LONGEST_NAME))}
        />
      </td>
      <td class="number">
        <Quantity text={formatCount(count)} unit={elements} hideUnit />
      </td>
      {costs.map((cost, at) => (
        <td key={columns[at]?.head} class="number" data-label={columns[at]?.label}>
          {typeof cost === 'string' ? (
            <span title={cost}>
              ∞ <span class="ar-unit">bits</span>
            </span>
          ) : (
            <FigureInline figure={cost} digits={columns[at]?.digits ?? 2} quiet />
          )}
        </td>
      ))}
    </tr>
  );
}
