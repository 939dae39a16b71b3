// One image sampler: what was chosen, the trees that are drawn, and the run that goes on. Asks the engine; knows no vscode.
import type { Client } from '../../protocol/calls';
import type { EngineCalls } from '../../protocol/engine';
import { ArLensError, toErrorRecord, type ErrorRecord } from '../../protocol/errors';
import type { GivenConditions } from '../../protocol/imageCondition';
import type { ImageModelInfo } from '../../protocol/imageSets';
import type {
  ImageSamplerNext,
  ImageSamplerParams,
  ImageSamplerSettings,
  KeptRegion,
} from '../../protocol/imageSampler';
import type {
  ImageSamplerChange,
  ImageSamplerChoice,
  Keeping,
  Region,
} from '../../protocol/imageSamplerView';
import { Emitter } from '../events';
import { imageSubject } from '../images/imageSubject';
import { Drawing } from './drawing';
import { MOST_BRANCHES, ROOT, type ImageTree } from './imageTree';
import { readKeeping, restore } from './keptTrees';

const SEEDS = 2 ** 32;

export class ImageSamplerSession {
  /** Something that a view shows has changed. */
  readonly changes = new Emitter<void>();
  model: ImageModelInfo | undefined;
  drawing = new Drawing(0, 1);
  failure: ErrorRecord | undefined;
  keeping: Keeping | undefined;
  next: ImageSamplerNext | null = null;
  elementsPerSecond: number | null = null;
  /** What is wrong with what was asked for, in one sentence; else ''. */
  problem = '';
  /** The last move that a view asked for and that was carried out, by the view's own count. */
  turn = 0;
  /** What the images are drawn given, of a model that reads it. */
  given: GivenConditions | null = null;
  private givenKey = '';
  private running: AbortController | undefined;
  /** Ends when the last thing that was asked has ended. */
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly call: Client<EngineCalls>,
    public choice: ImageSamplerChoice,
    /** What VS Code kept of the view before a reload. */
    private kept: unknown = undefined,
  ) {}

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** Never rejects. */
  async open(): Promise<void> {
    this.failure = undefined;
    this.changes.fire();
    try {
      this.model = await this.call('imageModel', imageSubject(this.choice.run));
      this.forget();
      this.keeping ??= readKeeping(this.kept, this.model);
      restore(this.drawing, this.kept);
      this.kept = undefined;
      await this.look();
    } catch (error) {
      this.failure = toErrorRecord(error);
      this.changes.fire();
    }
  }

  /** Draws until the images are complete, or until it is paused; again from their beginning where they are. */
  async run(): Promise<void> {
    const { drawing } = this;
    if (drawing.tree(this.choice.image).complete)
      for (const tree of drawing.trees) if (tree.complete) tree.go(tree.line, 0);
    await this.draw(drawing.size);
  }

  async step(force?: number): Promise<void> {
    await this.draw(1, force);
  }

  /** The same place with the next seed: another branch, unless it draws what is there. */
  async anew(): Promise<void> {
    const { settings } = this.choice;
    this.choice = { ...this.choice, settings: { ...settings, seed: (settings.seed + 1) % SEEDS } };
    await this.draw(this.drawing.size);
  }

  pause(): void {
    this.running?.abort();
    this.running = undefined;
    this.changes.fire();
  }

  back(): Promise<void> {
    return this.move((tree) => tree.back());
  }

  go(branch: number, step: number, turn = this.turn): Promise<void> {
    return this.move((tree) => {
      this.turn = turn;
      tree.go(branch, step);
      this.choice = inClassOf(tree, this.choice);
    });
  }

  /** Empty images; their branches stay. */
  async begin(): Promise<void> {
    this.pause();
    await this.last;
    for (const tree of this.drawing.trees) tree.go(tree.line, 0);
    await this.look();
  }

  name(branch: number, name: string): void {
    const named = this.drawing.tree(this.choice.image).branches[branch];
    if (named !== undefined) named.name = name.trim();
    this.changes.fire();
  }

  /** Empty images, and no branches. */
  async clear(): Promise<void> {
    this.pause();
    this.forget();
    await this.look();
  }

  /**
   * What is drawn stays: seed, temperature, cuts and guidance hold from the next sub-pixel on. Another class is another
   * distribution of the whole, and so begins anew; given another picture, no branch is an image of the same distribution.
   */
  async change({ settings, count, perSecond, image }: ImageSamplerChange): Promise<void> {
    const was = this.choice;
    const { isRunning } = this;
    this.pause();
    this.choice = {
      ...was,
      ...(settings === undefined ? {} : { settings }),
      ...(count === undefined ? {} : { count }),
      ...(perSecond === undefined ? {} : { perSecond }),
      ...(image === undefined ? {} : { image }),
    };
    const { choice } = this;
    this.choice = { ...choice, image: Math.min(choice.image, choice.count - 1) };
    if (choice.count !== was.count || !isSameSource(choice.settings, was.settings)) this.forget();
    else if (choice.settings.label !== was.settings.label) {
      await this.last;
      for (const tree of this.drawing.trees) tree.go(ROOT, 0);
    } else if (image !== undefined) {
      await this.last;
      this.choice = inClassOf(this.drawing.tree(this.choice.image), this.choice);
    }
    if (isRunning) void this.draw(this.drawing.size);
    else await this.look();
  }

  /** @param keeping undefined: nothing is kept any more */
  async keep(keeping: Keeping | undefined): Promise<void> {
    this.keeping = keeping;
    await this.clear();
  }

  async keepRegion(region: Region | null): Promise<void> {
    await this.keep(region === null || !this.keeping ? undefined : { ...this.keeping, region });
  }

  dispose(): void {
    this.running?.abort();
    this.changes.dispose();
  }

  private forget(): void {
    const { model } = this;
    const size = model === undefined ? 0 : model.height * model.width * model.channels;
    this.drawing = new Drawing(size, this.choice.count);
    this.next = null;
  }

  /** Only the image that is looked at moves. */
  private async move(how: (tree: ImageTree) => void): Promise<void> {
    this.pause();
    await this.last;
    how(this.drawing.tree(this.choice.image));
    await this.look();
  }

  /** What comes next, with the settings as they are. */
  private async look(): Promise<void> {
    await this.draw(0);
  }

  /** One after another, so that each begins where the one before ended; a run that goes on is ended first. */
  private draw(length: number, force?: number): Promise<void> {
    this.running?.abort();
    const abort = new AbortController();
    // A look and a single step are over before anybody could pause them.
    this.running = length > 1 ? abort : undefined;
    this.problem = '';
    this.changes.fire();
    this.last = this.last.then(() => this.drawNow(length, force, abort));
    return this.last;
  }

  /** Never rejects. */
  private async drawNow(length: number, force: number | undefined, abort: AbortController): Promise<void> {
    const { signal } = abort;
    const { drawing } = this;
    const current = () => !signal.aborted && this.drawing === drawing;
    if (!current()) return;
    try {
      if (this.model?.condition) await this.readGiven(this.model, signal);
      if (!current()) return;
      const lead = drawing.tree(this.choice.image);
      if (lead.complete) this.next = null;
      const end = Math.min(drawing.size, lead.step + length);
      if (end > lead.step && drawing.trees.some((tree) => tree.isFull)) throw full();
      // Whom the image comes abreast of is drawn with it from there on.
      do await this.drawTogether(end, force, length, signal, current);
      while (current() && lead.step < end);
    } catch (error) {
      if (!current()) return;
      this.problem = toErrorRecord(error).message;
    }
    if (this.running === abort) this.running = undefined;
    this.changes.fire();
  }

  /** Asked for when something that it depends on has changed. */
  private async readGiven(model: ImageModelInfo, signal: AbortSignal): Promise<void> {
    const { choice, keeping } = this;
    const { count, settings, run } = choice;
    const kept = keeping && keptOf(keeping, model);
    const key = JSON.stringify([count, settings.condition ?? null, kept ? [...kept.levels] : null]);
    if (key === this.givenKey) return;
    [this.given, this.givenKey] = [null, ''];
    const asked = { subject: imageSubject(run), count, settings, ...(kept ? { kept } : {}) };
    const given = await this.call('imageConditions', asked, { signal });
    if (signal.aborted) return;
    // What came in a message is a view of all of it.
    [this.given, this.givenKey] = [given && { ...given, pixels: Uint8Array.from(given.pixels) }, key];
    this.changes.fire();
  }

  private async drawTogether(
    end: number,
    force: number | undefined,
    length: number,
    signal: AbortSignal,
    current: () => boolean,
  ): Promise<void> {
    const { drawing, choice, keeping, model } = this;
    if (model === undefined) throw new ArLensError('busy', 'The model is still being read.');
    const { count, settings, image } = choice;
    const lead = drawing.tree(image);
    if (lead.complete) return;
    const images = drawing.abreast(image);
    const kept = keeping && keptOf(keeping, model);
    let by = force === undefined ? undefined : image;
    const params: ImageSamplerParams = {
      ...{ subject: imageSubject(choice.run), count, settings, image },
      path: drawing.path(images),
      ...(images.length === count ? {} : { drawn: images }),
      length: Math.min(end, drawing.meetingOf(image)) - lead.step,
      // One step is taken at once.
      perSecond: length > 1 ? choice.perSecond : 0,
      ...(kept === undefined ? {} : { kept }),
      ...(force === undefined ? {} : { force }),
    };
    const { next, elementsPerSecond } = await this.call('imageSamplerRun', params, {
      signal,
      onProgress: (progress) => {
        if (!current()) return;
        drawing.add(progress, images, settings, by);
        by = undefined;
        this.next = progress.next && owned(progress.next);
        this.changes.fire();
      },
    });
    if (!current()) return;
    this.next = next && owned(next);
    if (length > 1) this.elementsPerSecond = elementsPerSecond;
  }
}

const isSameSource = (one: ImageSamplerSettings, other: ImageSamplerSettings): boolean =>
  one.condition?.file === other.condition?.file && one.condition?.image === other.condition?.image;

/** A path of another class is of another distribution: whoever goes to one takes its class. */
function inClassOf({ first }: ImageTree, choice: ImageSamplerChoice): ImageSamplerChoice {
  if (first === undefined || first.label === choice.settings.label) return choice;
  const settings = { ...choice.settings };
  for (const key of ['label', 'guidance'] as const) Reflect.deleteProperty(settings, key);
  const { label, guidance } = first;
  const own = {
    ...(label === undefined ? {} : { label }),
    ...(guidance === undefined ? {} : { guidance }),
  };
  return { ...choice, settings: { ...settings, ...own } };
}

const full = (): ArLensError =>
  new ArLensError(
    'unsupported',
    `The tree is full: an image has at most ${MOST_BRANCHES} branches. Clear forgets them.`,
  );

/** What comes from an engine shares one buffer with its message: kept numbers get their own. */
const owned = (next: ImageSamplerNext): ImageSamplerNext => ({
  ...next,
  logProb: Float32Array.from(next.logProb),
  probability: Float32Array.from(next.probability),
});

/** The region as a mask over sub-pixels. */
function keptOf({ levels, region }: Keeping, { height, width, channels }: ImageModelInfo): KeptRegion {
  const where = new Uint8Array(height * width * channels);
  const bottom = Math.min(height, region.bottom);
  for (let row = Math.max(0, region.top); row < bottom; row++) {
    const from = (row * width + Math.max(0, region.left)) * channels;
    const to = (row * width + Math.min(width, region.right)) * channels;
    if (to > from) where.fill(1, from, to);
  }
  return { levels, where };
}
