// What a view is shown of an image sampler's session. Pure.
import type { ImageSamplerSettings } from '../../protocol/imageSampler';
import type { ImageSamplerContent } from '../../protocol/imageSamplerView';
import type { ImageSamplerSession } from './imageSamplerSession';
import { ROOT } from './imageTree';
import { stretchesOf } from './stretches';

export function contentOf(session: ImageSamplerSession, label: string): ImageSamplerContent | undefined {
  const { model, choice, drawing, keeping } = session;
  if (model === undefined) return undefined;
  const tree = drawing.tree(choice.image);
  const { places } = drawing;
  const stretches = stretchesOf(tree, places);
  const owner = tree.owner(tree.step);
  const turns = tree.turns().map((turn) => ({ ...turn, place: places[turn.step] ?? turn.step }));
  const drawnWith = turns.length === 0 ? [choice.settings] : turns.map(({ settings }) => settings);
  return {
    choice,
    label,
    model,
    step: tree.step,
    steps: drawing.size,
    drawing: drawing.serial,
    standing: drawing.standing,
    together: drawing.abreast(choice.image),
    stretches,
    at:
      owner === ROOT
        ? ROOT
        : stretches.findIndex(
            ({ branch, from, to }) => branch === owner && from < tree.step && tree.step <= to,
          ),
    end: tree.end,
    branch: tree.line,
    turns,
    turn: session.turn,
    running: session.isRunning,
    elementsPerSecond: session.elementsPerSecond,
    next: tree.complete ? null : session.next,
    under: drawnWith.every(isPlain) ? 'the model' : 'the guided distribution',
    keeping: keeping ?? null,
    problem: session.problem,
  };
}

const isPlain = ({ guidance = 1 }: ImageSamplerSettings): boolean => guidance === 0 || guidance === 1;
