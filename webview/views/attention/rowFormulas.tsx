// The selected row as formulas with its own numbers: the weight of one cell as a softmax of scores, and the row's entropy.
import { useEffect, useState } from 'preact/hooks';
import type { AttentionContent } from '../../../src/protocol/attentionView';
import type { AttentionRow } from '../../../src/protocol/attentionRow';
import { FormulaSection, FormulaView } from '../../formulas/formulaView';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import { strongest, rowOf, weightAt } from './triangle';
import { labelOf, nameOf, placeOf } from './words';

export function RowFormulas(properties: {
  readonly content: AttentionContent;
  /** The column that is pointed at; undefined: the strongest. */
  readonly column: number | undefined;
  /** Asks for the scores behind a row. */
  readonly onWant: (position: number) => void;
}) {
  const { content, column, onWant } = properties;
  const [open, setOpen] = useState(false);
  const { look, map, selected, window, stale } = content;
  const { start } = window;
  const has = rowAt(content) !== undefined;
  useEffect(() => {
    if (open && !has && !stale && selected >= 0 && look.kind === 'heads') onWant(selected);
  }, [open, has, stale, selected, start, look.kind, look.layer, look.head]);
  return (
    <FormulaSection name="row" title="Formula" onOpen={setOpen}>
      {() =>
        selected < 0 ? (
          <p class="ar-note">No token of this window is selected.</p>
        ) : (
          <>
            {look.kind === 'heads' ? (
              <Weight content={content} column={column} />
            ) : (
              <p class="ar-note">
                <Quote>{nameOf(look)}</Quote> is made from several rows, and is no softmax: choose a head.
              </p>
            )}
            <FormulaView
              id="entropy"
              values={{ weights: rowOf(map.values, selected).filter((weight) => !Number.isNaN(weight)) }}
            >
              <Quantity text={(map.entropy[selected] ?? NaN).toFixed(6)} unit="bits" />
            </FormulaView>
          </>
        )
      }
    </FormulaSection>
  );
}

function Weight({
  content,
  column,
}: {
  readonly content: AttentionContent;
  readonly column: number | undefined;
}) {
  const { map, selected } = content;
  const row = rowAt(content);
  if (row === undefined) return <p role="status">Asking for the scores of this row…</p>;
  const at =
    column !== undefined && column <= selected && !Number.isNaN(weightAt(map.values, selected, column))
      ? column
      : (strongest(map.values, selected, 1)[0]?.position ?? 0);
  return (
    <FormulaView id="attention" values={{ scores: row.scores, column: at }}>
      <Quantity text={weightAt(map.values, selected, at).toFixed(6)} unit="attention weight" />{' '}
      <span class="ar-note">
        of <Quote>{`${placeOf(content, at)} ‘${labelOf(content, at)}’`}</Quote>; D is{' '}
        <Quantity text={formatCount(row.size)} unit="numbers" />
      </span>
    </FormulaView>
  );
}

/** The scores, where they are of the row, layer and head that are shown. */
function rowAt({ row, look, selected, map }: AttentionContent): AttentionRow | undefined {
  const { layer, head } = look;
  const fits =
    row?.position === selected &&
    row.layer === layer &&
    row.head === head &&
    map.layer === layer &&
    map.head === head;
  return fits ? row : undefined;
}
