// What “Save picture” saves of the Sampler: the two columns, the draw, the tree, and the lattice where there is one.
import type { SamplerContent } from '../../../src/protocol/samplerView';
import { treePainting } from '../../plots/tree';
import type { Picture } from '../../ui/picture';
import { readTheme } from '../../ui/theme';
import { textOf } from './branches';
import { comparisonOf } from './comparison';
import { distributionPainting } from './distributionPicture';
import { latticePainting } from './latticeView';
import { racePainting } from './racePicture';
import { rootLabel, spokenCursor, treeWords } from './treeWords';

export function pictureOf(title: string, { next, document: tree, model, beam }: SamplerContent): Picture {
  const theme = readTheme();
  const found = beam.kind === 'result' ? beam : undefined;
  return {
    title,
    subtitle: `${model} · seed ${tree.settings.seed}`,
    description: spokenCursor(tree),
    legend: [
      { kind: 'box', colour: theme.color('ar-quiet'), label: 'before' },
      { kind: 'box', colour: theme.color('ar-line-1'), label: 'after; the outline is what was before' },
      { kind: 'line', colour: theme.color('ar-link'), label: 'path to the cursor, winner, best hypothesis' },
      { kind: 'line', colour: theme.color('ar-quiet'), label: 'other branches; thicker is likelier' },
      ...(found === undefined
        ? []
        : [{ kind: 'outline', colour: theme.color('ar-fg'), label: 'kept; dashed is cut' } as const]),
    ],
    paintings: [
      ...(next === null
        ? []
        : [
            distributionPainting(next, comparisonOf(next, tree.compared), tree.settings, theme),
            racePainting(next, theme),
          ]),
      treePainting(tree, treeWords(tree, next?.likelihood ?? 'none'), theme),
      ...(found === undefined
        ? []
        : [latticePainting(found, rootLabel(tree.prompt + textOf(tree.nodes, found.from)), theme)]),
    ],
    theme,
  };
}
