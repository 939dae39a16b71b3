// What “Save picture” saves of receptive fields: the grids side by side under one another, with the counts of each state.
import type { ReceptiveFieldContent } from '../../../src/protocol/receptiveFieldView';
import { EFFECTIVE_MEASURES } from '../../../src/protocol/effectiveMeasures';
import { formatCount } from '../../ui/format';
import type { Painting, Picture } from '../../ui/picture';
import { HEIGHT, paintGates, WIDTH } from './gatesPainter';
import { heatKeys, paintEffective } from './effectivePainter';
import { orderKeys, paintOrder } from './orderPainter';
import { orderSentence, type OrderPath } from './orderPath';
import type { LegendKey } from '../../ui/pictureLegend';
import type { Theme } from '../../ui/theme';
import { gridHeight, gridWidth, paintField, type GridSight } from './painter';
import type { Cells, Counts, InputState } from './states';
import { answerSentence, placeWords, settingsWords, STATE_WORDS, TITLE, unitOf } from './words';

export interface FieldSight {
  readonly depth: number;
  readonly counts: readonly Counts[];
  readonly cells: readonly Cells[];
  /** One of each grid where the order of generation is drawn, else none. */
  readonly paths: readonly OrderPath[];
  readonly sight: GridSight;
  readonly plane: number;
  readonly over: 'here' | 'everywhere';
  readonly theme: Theme;
}

const KEYS: ReadonlyArray<[InputState | 'output', Exclude<LegendKey['kind'], 'scale'>, string]> = [
  ['seen', 'box', 'ar-seen'],
  ['blind', 'hatched', 'ar-blind'],
  ['shallow', 'dotted', 'ar-shallow'],
  ['future', 'box', 'ar-future'],
  ['output', 'outline', 'ar-current'],
];

export function fieldPicture(content: ReceptiveFieldContent, shown: FieldSight): Picture {
  const { name, report } = content;
  const { depth, counts, cells, paths, sight, theme } = shown;
  const [path] = paths;
  const heat = heatOf(content, shown);
  const unit = unitOf(report);
  const of = (state: InputState) =>
    report.stacks.map(({ title }, at) => `${title} ${formatCount(counts[at]?.[state] ?? 0)}`).join(', ');
  const keys = counts.some(({ leak }) => leak > 0)
    ? [...KEYS, ['leak', 'crossed', 'ar-leak'] as const]
    : KEYS;
  return {
    title: TITLE,
    subtitle: `${name === '' ? '' : `${name} · `}${settingsWords(report)} · output ${placeWords(report, sight.output)}`,
    description: [
      answerSentence(report, depth, counts),
      ...paths.map((each, at) => {
        const stack = report.stacks[at];
        return stack === undefined ? '' : orderSentence(report, stack, each);
      }),
    ].join(' '),
    legend: [
      ...keys.map(([state, kind, token]) => ({
        kind,
        colour: theme.color(token),
        label: state === 'output' ? STATE_WORDS.output : `${STATE_WORDS[state]}, ${unit}: ${of(state)}`,
      })),
      ...(path === undefined
        ? []
        : orderKeys({ jumps: Math.max(...paths.map(({ jumps }) => jumps)) }, theme)),
      ...(heat?.keys ?? []),
    ],
    paintings: [
      ...cells.map((each, at): Painting => ({
        width: gridWidth(sight),
        height: gridHeight(sight),
        caption: `${report.stacks[at]?.title ?? ''}, ${depth} ${depth === 1 ? 'layer' : 'layers'}`,
        paint: (brush) => {
          const own = { ...sight, pointed: undefined };
          paintField(brush, each, own, theme);
          const drawn = paths[at];
          if (drawn !== undefined) paintOrder(brush, drawn, own, theme);
        },
      })),
      ...(heat?.paintings ?? []),
      ...gatesOf(content, theme),
    ],
    theme,
  };
}

/** The effective field where there is one of this output. */
function heatOf(
  { report, effective: { result } }: ReceptiveFieldContent,
  { sight, plane, over, theme }: FieldSight,
): { readonly keys: readonly LegendKey[]; readonly paintings: readonly Painting[] } | undefined {
  if (
    result === null ||
    String([...result.position, result.channel]) !== String([...report.position, report.channel])
  )
    return undefined;
  const map = result[over];
  return {
    keys: heatKeys(map, { unit: unitOf(report), formula: EFFECTIVE_MEASURES[result.measure].formula }, theme),
    paintings: [
      {
        width: gridWidth(sight),
        height: gridHeight(sight),
        caption: `${result.title}, effective, over ${result.source}`,
        paint: (brush) =>
          paintEffective(brush, { report, map, plane }, { ...sight, pointed: undefined }, theme),
      },
    ],
  };
}

function gatesOf({ gates: { result } }: ReceptiveFieldContent, theme: Theme): Painting[] {
  if (result === null) return [];
  return result.stacks.flatMap(({ stack, parts }) =>
    parts.map((part): Painting => ({
      width: WIDTH,
      height: HEIGHT,
      caption: `Gates of layer ${result.layer}, ${stack} stack: ${part.part}, ${(100 * (part.part === 'product' ? part.shut : part.low + part.high)).toFixed(1)} % ${part.part === 'product' ? 'shut' : 'saturated'}`,
      paint: (brush) => paintGates(brush, part, result.threshold, theme),
    })),
  );
}
