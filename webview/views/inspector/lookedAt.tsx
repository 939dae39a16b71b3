// Where the model looked when it predicted the token: layers by heads, each cell the head's strongest weight, each row
// ending in the layer's mean; below, the tokens of the chosen cell. Pointing lights them in the editor.
import { useRef } from 'preact/hooks';
import type { InspectedAttention, TokenInspection } from '../../../src/protocol/inspect';
import { Quantity } from '../../ui/figure';
import { formatCount, visibleToken } from '../../ui/format';
import { AttendedList } from './attendedList';
import { attendedBy, chosenHead, settingOf, shadeOf, type HeadChoice } from './heads';
import { formatProbability } from './rows';

interface Pointing {
  readonly onLight: (tokens: readonly number[]) => void;
  readonly onSelect: (token: number) => void;
}

export function LookedAt(
  properties: Pointing & {
    readonly attention: TokenInspection['attention'];
    readonly setting: string;
    readonly onHead: (setting: string) => void;
  },
) {
  const { attention } = properties;
  if ('none' in attention) {
    return (
      <section aria-label="Looked at">
        <h2>Looked at</h2>
        <p class="ar-note" data-quote="">
          {attention.none}
        </p>
      </section>
    );
  }
  return <Heads {...properties} attention={attention} />;
}

function Heads(
  properties: Pointing & {
    readonly attention: InspectedAttention;
    readonly setting: string;
    readonly onHead: (setting: string) => void;
  },
) {
  const { attention, onHead, onLight } = properties;
  const { layers, heads, positions } = attention;
  const chosen = chosenHead(attention, properties.setting);
  return (
    <section aria-label="Looked at">
      <div class="ar-row cap">
        <h2>Looked at</h2>
        <span class="ar-label">
          <Quantity text={formatCount(layers)} unit={layers === 1 ? 'layer' : 'layers'} />
          <span>&nbsp;×&nbsp;</span>
          <Quantity text={formatCount(heads)} unit={heads === 1 ? 'head' : 'heads'} />
        </span>
      </div>
      <Grid attention={attention} chosen={chosen} onHead={onHead} onLight={onLight} />
      <div class="scale" aria-hidden="true">
        {Array.from({ length: 16 }, (_, shade) => (
          <i key={shade} class={`seq-${shade}`} />
        ))}
      </div>
      <div class="ar-row ar-label" data-legend="weight">
        <Quantity text="0" unit="weight" hideUnit />
        <span>strongest weight, square root</span>
        <Quantity text="1" unit="weight" hideUnit />
      </div>
      <AttendedList
        name={nameOf(chosen)}
        attended={attendedBy(attention, chosen)}
        positions={positions}
        onLight={onLight}
        onSelect={properties.onSelect}
      />
    </section>
  );
}

function Grid(properties: {
  readonly attention: InspectedAttention;
  readonly chosen: HeadChoice;
  readonly onHead: (setting: string) => void;
  readonly onLight: (tokens: readonly number[]) => void;
}) {
  const { attention, chosen, onHead, onLight } = properties;
  const { layers, heads } = attention;
  const grid = useRef<HTMLDivElement>(null);
  const tokensOf = (choice: HeadChoice) =>
    attendedBy(attention, choice)
      .map(({ seen }) => seen.token)
      .filter((token) => token >= 0);
  const onKey = (event: KeyboardEvent) => {
    // From the cell that has the focus: the choice may not be drawn yet when keys come fast.
    const focused = event.target instanceof HTMLElement ? event.target.dataset['head'] : undefined;
    const from = focused === undefined ? chosen : chosenHead(attention, focused);
    const next = moved(event.key, from.layer, from.head ?? heads, layers, heads);
    if (next === undefined) return;
    event.preventDefault();
    onHead(settingOf(next));
    const cell = grid.current?.querySelector<HTMLElement>(`[data-head="${settingOf(next)}"]`);
    cell?.focus();
    onLight(tokensOf(next));
  };
  const cell = (choice: HeadChoice) => {
    const [strongest] = attendedBy(attention, choice);
    const setting = settingOf(choice);
    const isChosen = setting === settingOf(chosen);
    const weight = strongest?.weight ?? 0;
    const label = `${nameOf(choice)}: ${visibleToken(strongest?.seen.text ?? '')} ${formatProbability(weight)}`;
    return (
      <button
        key={setting}
        type="button"
        role="gridcell"
        tabIndex={isChosen ? 0 : -1}
        aria-selected={isChosen}
        aria-label={label}
        title={label}
        data-head={setting}
        data-weight={weight}
        class={choice.head === undefined ? 'mean' : `head seq-${shadeOf(weight)}`}
        onClick={() => onHead(setting)}
        onMouseEnter={() => onLight(tokensOf(choice))}
        onMouseLeave={() => onLight([])}
        onFocus={() => onLight(tokensOf(choice))}
        onBlur={() => onLight([])}
      >
        {choice.head === undefined ? <Mean text={strongest?.seen.text ?? ''} weight={weight} /> : null}
      </button>
    );
  };
  return (
    <div
      ref={grid}
      class="heads"
      data-picture=""
      role="grid"
      aria-label="Strongest weight by layer and head"
      onKeyDown={onKey}
    >
      {Array.from({ length: layers }, (_, layer) => (
        <div key={layer} role="row" class="layer">
          <span role="rowheader" class="ar-label">
            <Quantity text={String(layer + 1)} unit="layer" hideUnit />
          </span>
          <span class="cells" role="presentation">
            {Array.from({ length: heads }, (__, head) => cell({ layer, head }))}
          </span>
          {cell({ layer })}
        </div>
      ))}
    </div>
  );
}

function Mean({ text, weight }: { readonly text: string; readonly weight: number }) {
  return (
    <>
      <span class="token" data-quote="">
        {visibleToken(text)}
      </span>
      <Quantity text={formatProbability(weight)} unit="mean weight of 1" hideUnit />
    </>
  );
}

/** People count from 1, here as in the Attention view. */
function nameOf({ layer, head }: HeadChoice): string {
  const name = `layer ${layer + 1}`;
  return head === undefined ? `${name}, mean of its heads` : `${name}, head ${head + 1}`;
}

/** Arrows walk the cells, Home and End go to the row's ends; the mean is the last column. */
function moved(
  key: string,
  layer: number,
  column: number,
  layers: number,
  heads: number,
): HeadChoice | undefined {
  const at = (row: number, to: number): HeadChoice => {
    const [inside, head] = [Math.min(layers - 1, Math.max(0, row)), Math.min(heads, Math.max(0, to))];
    return head === heads ? { layer: inside } : { layer: inside, head };
  };
  switch (key) {
    case 'ArrowRight':
      return at(layer, column + 1);
    case 'ArrowLeft':
      return at(layer, column - 1);
    case 'ArrowDown':
      return at(layer + 1, column);
    case 'ArrowUp':
      return at(layer - 1, column);
    case 'Home':
      return at(layer, 0);
    case 'End':
      return at(layer, heads);
    default:
      return undefined;
  }
}
