// The `reach` call: what one output sees by closure over declared taps, for images and texts alike, and on wish what a
// network with random weights was seen to read there.
import { BitMatrix } from '../../analysis/bitMatrix';
import { measuredConnectivity } from '../../analysis/causality/measured';
import { predictingNetwork, type Network } from '../../analysis/causality/network';
import { drawsOf } from '../../analysis/causality/draws';
import { maySee } from '../../analysis/causality/declared';
import { stepsOf } from '../../analysis/reach/generation';
import { imageNetwork } from '../../analysis/reach/imageNetwork';
import { fieldOf, ReachFinder, type Reach } from '../../analysis/reach/reach';
import type { GridShape } from '../../analysis/reach/subpixelSet';
import type { Causality, TapGraph } from '../../families/family';
import type { ReachParams, ReachReport, ReachOffset } from '../../protocol/images';
import { conditionOf } from '../images/conditions';
import { imageDraws } from '../images/imageCausality';
import type { ImageSubject } from '../images/imageSubject';
import { bad, requireBelow } from '../reach/refusals';
import { textStack } from '../reach/stacks';
import { pauseOf, type Subject } from './subject';

type Asked = Pick<ReachParams, 'position' | 'channel' | 'measure'>;

/** One network after another, each to be perturbed. */
interface Opened {
  readonly seed: number;
  readonly alphabet?: number | undefined;
  readonly open: () => { network: Network; close: () => void };
}

const LONGEST_MEASURED = 4096;
const TEXT_DRAWS = 2;

export async function imageReach(
  subject: ImageSubject,
  asked: Asked,
  signal: AbortSignal,
): Promise<ReachReport> {
  const { family, config, facts, sizeFrom } = subject;
  const condition = conditionOf(facts);
  const { height, width, channels } = facts;
  const [row = NaN, column = NaN] = asked.position;
  if (asked.position.length !== 2) throw bad('position', 'R,C for an image', asked.position.join(','));
  requireBelow('position', 'rows', row, height);
  requireBelow('position', 'columns', column, width);
  const channel = asked.channel ?? 0;
  requireBelow('channel', 'channels', channel, channels);
  const shape = { height, width, channels };
  const output = (row * width + column) * channels + channel;
  const graph = family.taps(config, facts);
  const finder = new ReachFinder({
    graph,
    deepest: family.deepestTaps(config, facts),
    causality: family.causality,
    shape,
  });
  const reach = finder.of(output);
  const opened = imageDraws(subject).map(({ seed, open }): Opened => ({
    seed,
    open: () => {
      const { model, close } = open();
      return { network: imageNetwork(model, shape, facts.levels), close };
    },
  }));
  return {
    family: family.id,
    domain: 'image',
    position: [row, column],
    ...(channels > 1 ? { channel } : {}),
    image: { ...shape, from: sizeFrom },
    ...(condition ? { condition } : {}),
    ...(graph.order ? { order: graph.order } : {}),
    unit: channels > 1 ? 'subpixel' : 'pixel',
    receptiveField: fieldOf(shape, output, read(reach)),
    ...(await common(reach, shape, family.causality, { asked, opened, signal, graph })),
  };
}

export async function textReach(subject: Subject, asked: Asked, signal: AbortSignal): Promise<ReachReport> {
  const { family, config, facts, model } = subject;
  const [place = NaN] = asked.position;
  if (asked.position.length !== 1) throw bad('position', 'one place T for a text', asked.position.join(','));
  if (asked.channel !== undefined) throw bad('channel', 'none for a text', String(asked.channel));
  const context = Math.min(model.contextLength, LONGEST_MEASURED);
  requireBelow('position', 'places', place, context);
  const shape = {
    height: 1,
    width: asked.measure ? place + Math.min(8, context - place) : context,
    channels: 1,
  };
  const graph = family.taps(config);
  // What a window hides, more layers may reach.
  const { deepest, causality } = textStack(family, config, shape.width);
  const reach = new ReachFinder({ graph, deepest, causality, shape }).of(place);
  const draws = drawsOf(family, config, facts, subject.weights === 'own' ? model : undefined).slice(
    0,
    TEXT_DRAWS,
  );
  const opened = draws.map(({ seed, alphabet, open }): Opened => ({
    seed,
    alphabet,
    open: () => {
      const { model: drawn, close } = open();
      return { network: predictingNetwork(drawn), close };
    },
  }));
  const all = read(reach);
  return {
    family: family.id,
    domain: 'text',
    position: [place],
    unit: 'token',
    receptiveField: { tokens: all.length === 0 ? 0 : place - Math.min(...all) + 1 },
    ...(await common(reach, shape, family.causality, { asked, opened, signal, graph })),
  };
}

interface Measuring {
  readonly asked: Asked;
  readonly opened: readonly Opened[];
  readonly signal: AbortSignal;
  readonly graph: TapGraph;
}

async function common(reach: Reach, shape: GridShape, causality: Causality, measuring: Measuring) {
  const offsets = (indices: Iterable<number>): ReachOffset[] =>
    Array.from(indices, (index) => offsetOf(shape, reach.output, index));
  const measured = measuring.asked.measure
    ? await measure(reach, shape, causality, measuring, offsets)
    : undefined;
  return {
    causality,
    allowed: reach.allowed,
    seen: reach.seen.length,
    blind: reach.blind.length,
    tooShallow: reach.tooShallow.length,
    leaks: reach.leaks.length,
    offsets: {
      seen: offsets(reach.seen),
      blind: offsets(reach.blind),
      tooShallow: offsets(reach.tooShallow),
      leaks: offsets(reach.leaks),
    },
    method: 'closure' as const,
    ...(measured ? { measured } : {}),
  };
}

async function measure(
  reach: Reach,
  shape: GridShape,
  causality: Causality,
  { opened, signal, graph }: Measuring,
  offsets: (indices: Iterable<number>) => ReachOffset[],
): Promise<NonNullable<ReachReport['measured']>> {
  const size = shape.height * shape.width * shape.channels;
  const found = new BitMatrix(size, size);
  for (const { seed, alphabet, open } of opened) {
    const { network, close } = open();
    try {
      found.or(await measuredConnectivity(network, size, { seed, alphabet, pause: pauseOf(signal) }));
    } finally {
      close();
    }
  }
  const seen = Array.from({ length: size }, (_, input) => input).filter((input) =>
    found.get(reach.output, input),
  );
  const declared = new Set(read(reach));
  const undeclared = seen.filter((input) => !declared.has(input));
  const unmeasured = [...declared].filter((input) => !found.get(reach.output, input));
  const step = stepsOf(graph);
  const allowed = seen.filter((input) => maySee(causality, step(reach.output), step(input))).length;
  return {
    seen: allowed,
    leaks: seen.length - allowed,
    agrees: undeclared.length === 0 && unmeasured.length === 0,
    undeclared: offsets(undeclared),
    unmeasured: offsets(unmeasured),
    draws: opened.length,
  };
}

/** Everything the closure reads, allowed or not. */
function read({ seen, leaks }: Reach): Int32Array {
  return Int32Array.from([...seen, ...leaks]);
}

function offsetOf({ height, width, channels }: GridShape, output: number, input: number): ReachOffset {
  const place = (index: number): [number, number] => {
    const pixel = Math.floor(index / channels);
    return [Math.floor(pixel / width), pixel % width];
  };
  const [[r, c], [row, column]] = [place(output), place(input)];
  if (channels > 1) return [row - r, column - c, input % channels];
  return height === 1 ? [column - c] : [row - r, column - c];
}
