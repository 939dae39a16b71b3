// One image sampler: what was chosen, what is drawn, and the run that goes on. Asks the engine; knows no vscode.
import type { Client } from '../../protocol/calls';
import type { EngineCalls } from '../../protocol/engine';
import { ArLensError, toErrorRecord, type ErrorRecord } from '../../protocol/errors';
import type { GivenConditions } from '../../protocol/imageCondition';
import type { ImageModelInfo } from '../../protocol/imageSets';
import type { ImageSamplerNext, ImageSamplerParams, KeptRegion } from '../../protocol/imageSampler';
import type {
  ImageSamplerChange,
  ImageSamplerChoice,
  ImageSamplerContent,
  Keeping,
  Region,
} from '../../protocol/imageSamplerView';
import { Emitter } from '../events';
import { imageSubject } from '../images/imageSubject';
import { Drawing } from './drawing';

export class ImageSamplerSession {
  /** Something that a view shows has changed. */
  readonly changes = new Emitter<void>();
  model: ImageModelInfo | undefined;
  drawing = new Drawing(0, 1);
  failure: ErrorRecord | undefined;
  keeping: Keeping | undefined;
  /** What the images are drawn given, of a model that reads it. */
  given: GivenConditions | null = null;
  private givenKey = '';
  private running: AbortController | undefined;
  private next: ImageSamplerNext | null = null;
  private elementsPerSecond: number | null = null;
  private problem = '';
  /** Ends when the last thing that was asked has ended. */
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly call: Client<EngineCalls>,
    public choice: ImageSamplerChoice,
    /** What was drawn before a reload [steps, count]. */
    private before: Uint8Array = new Uint8Array(0),
  ) {}

  /** Never rejects. */
  async open(): Promise<void> {
    this.failure = undefined;
    this.changes.fire();
    try {
      this.model = await this.call('imageModel', imageSubject(this.choice.run));
      this.begin();
      const { before, choice } = this;
      this.before = new Uint8Array(0);
      const steps = Math.min(this.drawing.size, Math.floor(before.length / choice.count));
      if (steps > 0) await this.draw(steps, { follow: before.slice(0, steps * choice.count) });
      else await this.look();
    } catch (error) {
      this.failure = toErrorRecord(error);
      this.changes.fire();
    }
  }

  /** Draws until the images are complete, or until it is paused. Never rejects. */
  async run(): Promise<void> {
    if (this.drawing.complete) this.begin();
    await this.draw(this.drawing.size);
  }

  async step(force?: number): Promise<void> {
    await this.draw(1, force === undefined ? {} : { force });
  }

  pause(): void {
    this.running?.abort();
    this.running = undefined;
    this.changes.fire();
  }

  async back(): Promise<void> {
    this.pause();
    await this.last;
    if (this.drawing.steps === 0) return;
    this.drawing = this.drawing.withoutLast();
    await this.look();
  }

  async clear(): Promise<void> {
    this.pause();
    this.begin();
    await this.look();
  }

  /** What is drawn stays where it can: temperature, cuts and guidance hold from the next sub-pixel on. */
  async change({ settings, count, perSecond, image }: ImageSamplerChange): Promise<void> {
    const was = this.choice;
    const isRunning = this.running !== undefined;
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
    const another =
      choice.count !== was.count ||
      choice.settings.seed !== was.settings.seed ||
      choice.settings.label !== was.settings.label ||
      JSON.stringify(choice.settings.condition) !== JSON.stringify(was.settings.condition);
    if (another) this.begin();
    if (isRunning) void this.run();
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

  content(label: string): ImageSamplerContent | undefined {
    const { model, choice, drawing, next, elementsPerSecond, problem, keeping } = this;
    if (model === undefined) return undefined;
    const { guidance } = choice.settings;
    const plain = guidance === undefined || guidance === 0 || guidance === 1;
    return {
      choice,
      label,
      model,
      step: drawing.steps,
      steps: drawing.size,
      serial: drawing.serial,
      running: this.running !== undefined,
      elementsPerSecond,
      next: drawing.complete ? null : next,
      under: plain ? 'the model' : 'the guided distribution',
      keeping: keeping ?? null,
      problem,
    };
  }

  private begin(): void {
    const { model } = this;
    const size = model === undefined ? 0 : model.height * model.width * model.channels;
    this.drawing = new Drawing(size, this.choice.count);
    this.next = null;
  }

  /** What comes next, with the settings as they are. */
  private async look(): Promise<void> {
    if (this.drawing.complete) return this.changes.fire();
    await this.draw(0);
  }

  /** One after another, so that each begins where the one before ended; a run that goes on is ended first. */
  private draw(length: number, extra: Pick<ImageSamplerParams, 'force' | 'follow'> = {}): Promise<void> {
    this.running?.abort();
    const abort = new AbortController();
    // A look and a single step are over before anybody could pause them.
    this.running = length > 1 ? abort : undefined;
    this.problem = '';
    this.changes.fire();
    this.last = this.last.then(() => this.drawNow(length, extra, abort));
    return this.last;
  }

  /** Never rejects. */
  private async drawNow(
    length: number,
    extra: Pick<ImageSamplerParams, 'force' | 'follow'>,
    abort: AbortController,
  ): Promise<void> {
    const { signal } = abort;
    const { drawing } = this;
    const current = () => !signal.aborted && this.drawing === drawing;
    if (signal.aborted || (length > 0 && drawing.complete)) return;
    try {
      const params = this.params(length, extra);
      await this.readGiven(params, signal);
      const { next, elementsPerSecond } = await this.call('imageSamplerRun', params, {
        signal,
        onProgress: (progress) => {
          if (!current()) return;
          drawing.add(progress);
          this.next = progress.next;
          this.changes.fire();
        },
      });
      if (!current()) return;
      this.next = next;
      if (length > 1) this.elementsPerSecond = elementsPerSecond;
    } catch (error) {
      if (!current()) return;
      this.problem = toErrorRecord(error).message;
    }
    if (this.running === abort) this.running = undefined;
    this.changes.fire();
  }

  /** Asked for when something that it depends on has changed. */
  private async readGiven(params: ImageSamplerParams, signal: AbortSignal): Promise<void> {
    if (!this.model?.condition) return;
    const { subject, count, settings, kept } = params;
    const key = JSON.stringify([count, settings.condition ?? null, kept ? [...kept.levels] : null]);
    if (key === this.givenKey) return;
    [this.given, this.givenKey] = [null, ''];
    const asked = { subject, count, settings, ...(kept ? { kept } : {}) };
    const given = await this.call('imageConditions', asked, { signal });
    // What came in a message is a view of all of it.
    [this.given, this.givenKey] = [given && { ...given, pixels: Uint8Array.from(given.pixels) }, key];
    this.changes.fire();
  }

  private params(length: number, extra: Pick<ImageSamplerParams, 'force' | 'follow'>): ImageSamplerParams {
    const { choice, drawing, keeping, model } = this;
    if (model === undefined) throw new ArLensError('busy', 'The model is still being read.');
    const kept = keeping && keptOf(keeping, model);
    return {
      subject: imageSubject(choice.run),
      count: choice.count,
      path: drawing.path,
      settings: choice.settings,
      length,
      // One step is taken at once, and what was there before a reload is.
      perSecond: extra.follow === undefined && length > 1 ? choice.perSecond : 0,
      image: choice.image,
      ...(kept === undefined ? {} : { kept }),
      ...extra,
    };
  }
}

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
