// The `measureField` call: networks of the stacks that stand side by side, perturbed at every input, beside what their taps
// declare. What was measured is kept for all outputs, so that the next output is answered at once.
import { BitMatrix } from '../../analysis/bitMatrix';
import { maySee } from '../../analysis/causality/declared';
import { measuredConnectivity } from '../../analysis/causality/measured';
import { Closure } from '../../analysis/reach/closure';
import { stepsOf } from '../../analysis/reach/generation';
import { imageNetwork } from '../../analysis/reach/imageNetwork';
import { subpixelsOf } from '../../families/imageFamily';
import { IMAGE_FAMILIES } from '../../families/registry';
import type { CallContext } from '../../protocol/calls';
import type { InspectProgress } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type { FieldMeasurement, FieldParams, MeasuredStack } from '../../protocol/receptiveField';
import type { EngineContext } from '../context';
import { imageDraws } from '../images/imageCausality';
import { loadImageModel } from '../images/imageFolder';
import type { ImageSubject } from '../images/imageSubject';
import { pauseOf } from '../inspect/subject';
import { configOf, outputOf, requireSettings, USUAL, type Architecture } from './fieldReport';
import { architectureOf } from './receptiveField';

type Config = ImageSubject['config'];

interface Measured {
  readonly read: BitMatrix;
  readonly draws: readonly string[];
}

/** A network to be perturbed: what is kept of it is found again by `key`. */
interface Planned {
  readonly key: string;
  readonly subject: Omit<ImageSubject, 'model' | 'device' | 'sizeFrom'>;
  /** The run whose weights it has; random ones when absent. */
  readonly folder?: string;
}

const KEPT = 4;

export class MeasuredFields {
  private readonly kept = new Map<string, Measured>();

  async measure(
    { subject, ...asked }: FieldParams,
    engine: EngineContext,
    call: CallContext<InspectProgress>,
  ): Promise<FieldMeasurement> {
    const own = subject ? await architectureOf(subject) : undefined;
    if (own?.domain === 'text')
      throw new ArLensError('unsupported', 'A text’s pairs are measured in the causal mask view.');
    const settings = requireSettings({ ...(own?.settings ?? USUAL), ...asked.settings }, own);
    const { position, channel, output } = outputOf(asked, settings);
    const folder = subject && 'model' in subject ? subject.model : undefined;
    const planned = settings.families.map((id) => plan(id, settings, own, folder));
    const demanding = planned.find(({ subject: { family } }) => family.readsOnHost === true);
    await engine.device('auto', undefined, demanding?.subject.family);
    const stacks: MeasuredStack[] = [];
    for (const [at, each] of planned.entries()) {
      const share = (part: number): number => (at + part) / planned.length;
      const measured = this.kept.get(each.key) ?? (await measureNetwork(each, call, share));
      this.keep(each.key, measured);
      stacks.push(compared(each, measured, output));
    }
    return { settings, position, channel, stacks };
  }

  private keep(key: string, measured: Measured): void {
    this.kept.delete(key);
    this.kept.set(key, measured);
    for (const [oldest] of this.kept) {
      if (this.kept.size <= KEPT) break;
      this.kept.delete(oldest);
    }
  }
}

function plan(
  id: string,
  settings: FieldMeasurement['settings'],
  own: Extract<Architecture, { readonly domain: 'image' }> | undefined,
  folder: string | undefined,
): Planned {
  const family = IMAGE_FAMILIES.find((each) => each.id === id);
  if (!family) throw new ArLensError('badInput', `families: expected a family of images, got ${id}.`);
  const mine = own?.family.id === id ? own : undefined;
  const config: Config = configOf(family, settings, mine?.config);
  const { height, width, channels } = settings;
  const facts = { height, width, channels, levels: 2 };
  const problem = family.problem?.(config) ?? family.factsProblem?.(config, facts) ?? null;
  if (problem !== null) throw new ArLensError('badInput', `${problem}.`);
  // The run's own weights are measured too, where nothing is other than it is.
  const same =
    mine !== undefined &&
    (['height', 'width', 'channels', 'layers', 'kernel', 'firstKernel', 'order'] as const).every(
      (key) => settings[key] === mine.settings[key],
    );
  const weights = same && folder !== undefined && mine.from === 'model' ? 'own' : 'random';
  return {
    key: JSON.stringify([id, config, facts, weights === 'own' ? folder : '']),
    subject: { family, config, facts, weights },
    ...(weights === 'own' && folder !== undefined ? { folder } : {}),
  };
}

async function measureNetwork(
  { subject, folder }: Planned,
  { signal, progress }: CallContext<InspectProgress>,
  share: (part: number) => number,
): Promise<Measured> {
  const { family, config } = subject;
  const loaded = folder === undefined ? undefined : await loadImageModel(folder);
  const facts = loaded?.facts ?? subject.facts;
  const model = loaded?.model ?? family.build(config, facts, 1);
  try {
    const draws = imageDraws({ ...subject, facts, model, sizeFrom: 'model', device: '' });
    const size = subpixelsOf(facts);
    const read = new BitMatrix(size, size);
    // Each input is changed up, down and far away, where there are so many levels.
    const positions = size * size * Math.min(3, facts.levels - 1);
    const pause = pauseOf(signal);
    for (const [index, { title, seed, open }] of draws.entries()) {
      const opened = open();
      let done = 0;
      const doing = `${family.title}, ${title}`;
      const tell = async (more: number): Promise<void> => {
        done += more;
        const part = (index + Math.min(1, done / positions)) / draws.length;
        await progress({ done: index, of: draws.length, doing, share: share(part) });
      };
      try {
        await tell(0);
        const network = imageNetwork(opened.model, facts, facts.levels);
        const options = {
          seed,
          pause: async (more: number): Promise<void> => {
            await pause();
            await tell(more);
          },
        };
        read.or(await measuredConnectivity(network, size, options));
      } finally {
        opened.close();
      }
    }
    return { read, draws: draws.map(({ title }) => title) };
  } finally {
    model.dispose();
  }
}

function compared({ subject }: Planned, { read, draws }: Measured, output: number): MeasuredStack {
  const { family, config, facts } = subject;
  const size = subpixelsOf(facts);
  const graph = family.taps(config, facts);
  const [closure, step] = [new Closure(graph, facts), stepsOf(graph)];
  const [undeclared, unmeasured]: [number[], number[]] = [[], []];
  let [seen, leaks, differing] = [0, 0, 0];
  for (let to = 0; to < size; to++) {
    const declared = closure.of(to);
    for (let from = 0; from < size; from++) {
      const [may, does] = [declared.has(from), read.get(to, from)];
      if (may !== does) differing++;
      if (to !== output) continue;
      if (does && maySee('strict', step(to), step(from))) seen++;
      else if (does) leaks++;
      if (does && !may) undeclared.push(from);
      if (may && !does) unmeasured.push(from);
    }
  }
  return {
    family: family.id,
    title: family.title,
    seen,
    leaks,
    agrees: undeclared.length === 0 && unmeasured.length === 0,
    undeclared: Int32Array.from(undeclared),
    unmeasured: Int32Array.from(unmeasured),
    pairs: size * size,
    differing,
    draws,
  };
}
