// What “Save picture” saves of the causal mask: both matrices as they are in sight, with the kinds of pairs and their counts.
import type { CausalMaskContent } from '../../../src/protocol/causalMaskView';
import type { MaskLayer } from '../../../src/protocol/mask';
import { formatCount } from '../../ui/format';
import type { Painting, Picture } from '../../ui/picture';
import type { LegendKey } from '../../ui/pictureLegend';
import type { Theme } from '../../ui/theme';
import { inBlocks, STATES, type Cells, type CellState, type Counts, type Place } from './cells';
import { LEFT, paintMatrix, TOP } from './painter';
import { blockOf, type Viewport } from './viewport';
import { layerName, STATE_WORDS, TITLE } from './words';

export interface MaskSight {
  readonly declared: Cells;
  readonly measured: Cells;
  /** The layer whose mask is declared; all together when absent. */
  readonly mask: MaskLayer | undefined;
  readonly counts: Counts;
  readonly view: Viewport;
  readonly chosen: Place | undefined;
  readonly theme: Theme;
}

const KEYS: Readonly<Record<CellState, [kind: Exclude<LegendKey['kind'], 'scale'>, token: string]>> = {
  seen: ['box', 'ar-seen'],
  unseen: ['outline', 'ar-seen'],
  shallow: ['dotted', 'ar-shallow'],
  future: ['box', 'ar-future'],
  leak: ['crossed', 'ar-leak'],
};

export function maskPicture({ name, report }: CausalMaskContent, sight: MaskSight): Picture {
  const { declared, measured, mask, counts, view, chosen, theme } = sight;
  const block = blockOf(view);
  const painting = (caption: string, cells: Cells): Painting => ({
    width: LEFT + view.side + 2,
    height: TOP + view.side + 2,
    caption,
    paint: (brush) =>
      paintMatrix(
        brush,
        { blocks: inBlocks(cells, block), block, view, image: report.image, chosen, pointed: undefined },
        theme,
      ),
  });
  const blocks = block === 1 ? '' : `; a square stands for ${block} × ${block} pairs`;
  return {
    title: TITLE,
    subtitle: `${name} · ${report.family} · ${report.causality}: ${report.rule}${blocks}`,
    description: report.verdict,
    legend: STATES.map((state) => {
      const [kind, token] = KEYS[state];
      const label = `${STATE_WORDS[state]}, ${formatCount(counts[state])} pairs`;
      return { kind, colour: theme.color(token), label };
    }),
    paintings: [
      painting(`Declared: ${mask === undefined ? 'all layers together' : layerName(mask)}`, declared),
      painting('Measured', measured),
    ],
    theme,
  };
}
