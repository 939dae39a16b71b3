// A tree of branches as stretches without a fork and without a change of settings: what a picture of it shows. Pure.
import type { ImageStretch } from '../../protocol/imageSamplerView';
import type { ImageBranch } from './imageBranch';
import { ROOT, type ImageTree } from './imageTree';

/** A parent stands before its children; a branch goes on before others leave it. */
export function stretchesOf({ branches }: Pick<ImageTree, 'branches'>, places: Int32Array): ImageStretch[] {
  const forks = forksOf(branches);
  const stretches: ImageStretch[] = [];
  const waiting: Array<{ readonly branch: number; readonly from: number; readonly parent: number }> = [];
  const leave = (branch: number, step: number, parent: number) => {
    for (const fork of [...(forks.get(branch)?.get(step) ?? [])].reverse())
      waiting.push({ branch: fork, from: step, parent });
  };
  leave(ROOT, 0, ROOT);
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const branch = branches[at.branch] as ImageBranch;
    const { from, parent } = at;
    const to = nextCut(branch, from, forks.get(at.branch));
    const index = stretches.length;
    stretches.push({
      ...{ parent, branch: at.branch, from, to },
      place: places[from] ?? from,
      level: branch.levelAt(from),
      logProb: -branch.nats(from, from + 1),
      nats: branch.nats(from, to),
      forced: branch.forced.has(from),
      forcedSteps: [...branch.forced].filter((step) => step >= from && step < to).length,
      settings: branch.settingsAt(from) ?? { seed: 0, temperature: 1 },
      ...(to === branch.steps && branch.name !== '' ? { name: branch.name } : {}),
    });
    leave(at.branch, to, index);
    if (to < branch.steps) waiting.push({ branch: at.branch, from: to, parent: index });
  }
  return stretches;
}

/** Branches that leave a branch, by the step they leave it at. */
function forksOf(branches: readonly ImageBranch[]): Map<number, Map<number, number[]>> {
  const forks = new Map<number, Map<number, number[]>>();
  branches.forEach(({ parent, from }, index) => {
    const own = forks.get(parent) ?? new Map<number, number[]>();
    own.set(from, [...(own.get(from) ?? []), index]);
    forks.set(parent, own);
  });
  return forks;
}

function nextCut(
  branch: ImageBranch,
  from: number,
  forks: ReadonlyMap<number, readonly number[]> | undefined,
): number {
  const cuts = [...(forks?.keys() ?? []), ...branch.turns.map(({ step }) => step)];
  return Math.min(branch.steps, ...cuts.filter((step) => step > from));
}
