// One Images panel: a file or folder of images in its view, scored by a run while it is looked at. The engine reads and
// computes; this asks it, keeps what the view may need again, and sends slices, bits and pixels apart from the state.
import * as path from 'node:path';
import type * as vscode from 'vscode';
import type { EngineService } from '../engine/engineService';
import type { RunStore } from '../explorer/runStore';
import type { Pixels } from '../pixelSelection';
import type { Client } from '../../protocol/calls';
import { createChannel, type Channel } from '../../protocol/channel';
import { ArLensError, toErrorRecord, type ErrorRecord } from '../../protocol/errors';
import type { ImageModelInfo, ImageNatsParams, ImageSetInfo } from '../../protocol/imageSets';
import type {
  ImagesContent,
  ImagesHostCalls,
  ImagesRun,
  ImagesScoring,
  ImagesViewCalls,
} from '../../protocol/imagesView';
import type { ViewState } from '../../protocol/views';
import { modelName } from '../explorer/runFolders';
import { COMMANDS } from '../ids';
import { rememberImageModel, rememberLabels, withLabels } from '../images/imageModel';
import { imageSubject } from '../images/imageSubject';
import { sentences } from '../sentences';
import { ImagesScores } from './imagesScores';
import { commonRequests } from './viewRequests';
import { webviewPort } from './webviewPort';

const SAY_EVERY = 100;
/** Of an image in the grid, and of one that is looked at; in pixels. */
const SMALL_SIDE = 64;
const LARGE_SIDE = 1024;
const MOST_ASKED = 512;

export interface ImagesServices {
  readonly context: vscode.ExtensionContext;
  readonly engine: EngineService;
  readonly runs: RunStore;
  readonly pixels: Pixels;
  readonly log: vscode.LogOutputChannel;
}

export class ImagesPanel {
  private readonly channel: Channel;
  private readonly view: Client<ImagesViewCalls>;
  private readonly owned: Array<() => void> = [];
  private opening = new AbortController();
  private set: ImageSetInfo | undefined;
  private model: ImageModelInfo | undefined;
  private failure: ErrorRecord | undefined;
  private cancelled = false;
  private readonly scores: ImagesScores;
  private useLabels: boolean;
  private ready = false;
  private timer: NodeJS.Timeout | undefined;
  private sent = { serial: -1, images: 0 };
  private sending: Promise<void> = Promise.resolve();
  private disposed = false;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly services: ImagesServices,
    readonly source: vscode.Uri,
    private run: string,
  ) {
    const { log, engine, runs, pixels } = services;
    this.scores = new ImagesScores(engine, () => this.later());
    this.useLabels = withLabels(services);
    this.channel = createChannel(webviewPort(panel.webview), {
      onInternalError: (method, error) => log.error(`images view: ${method}: ${String(error)}`),
    });
    this.view = this.channel.client<ImagesViewCalls>();
    this.serve();
    const visible = panel.onDidChangeViewState(() => {
      this.ready &&= panel.visible;
      if (panel.active) pixels.focus(this);
    });
    this.owned.push(
      () => void visible.dispose(),
      () => pixels.forget(this),
      runs.changes.on(() => this.later()),
      engine.onChange(({ state }) => {
        if (state === 'ready' && this.failure?.reason === 'engineGone') void this.open();
      }),
    );
    void this.open();
  }

  /** Somebody asked for these images again, perhaps under another model. */
  async again(run: string): Promise<void> {
    if (this.set === undefined) {
      if (run !== '') this.run = run;
      if (this.failure !== undefined || this.cancelled) await this.open();
    } else if (run !== '' && run !== this.run) await this.choose(run);
    else if (this.scores.state.kind === 'failed') await this.score();
  }

  dispose(): void {
    this.disposed = true;
    this.opening.abort();
    this.scores.stop();
    clearTimeout(this.timer);
    for (const stop of this.owned) stop();
    this.channel.dispose();
  }

  /** Never rejects. */
  private async open(): Promise<void> {
    this.opening.abort();
    const opening = new AbortController();
    this.opening = opening;
    [this.set, this.failure, this.cancelled] = [undefined, undefined, false];
    this.later();
    try {
      const set = await this.services.engine.call(
        'imageSet',
        { path: this.source.fsPath },
        { signal: opening.signal },
      );
      if (opening.signal.aborted) return;
      this.set = set;
    } catch (error) {
      if (opening.signal.aborted) return;
      this.failure = toErrorRecord(error);
    }
    this.later();
    if (this.set !== undefined) await this.score();
  }

  private async choose(run: string): Promise<void> {
    this.run = run;
    await rememberImageModel(this.services, run);
    await this.score();
  }

  /** Never rejects: what fails is part of the state. */
  private async score(): Promise<void> {
    const { run } = this;
    this.model = undefined;
    this.scores.stop();
    if (run === '') {
      this.services.pixels.forget(this);
      this.scores.none();
      return this.later();
    }
    const { engine } = this.services;
    const subject = imageSubject(run);
    await this.scores.run(async (signal) => {
      const model = await engine.call('imageModel', subject, { signal });
      if (!signal.aborted) this.model = model;
      this.later();
      return {
        subject,
        path: this.source.fsPath,
        withoutLabels: !this.useLabels,
        dimensions: dimensionsOf(this.set, model),
      };
    });
  }

  private serve(): void {
    const { engine, runs } = this.services;
    const file = this.source.fsPath;
    this.channel.serve<ImagesHostCalls>({
      ...commonRequests(
        () => this.viewReady(),
        () => this.cancel(),
      ),
      choose: async ({ run }) => {
        const known = run === '' || run === this.run || runs.byFolder(run)?.hasImageModel === true;
        if (!known) throw new ArLensError('notFound', 'That run is not in this workspace any more.');
        void this.choose(run);
        return Promise.resolve(undefined);
      },
      chooseLabels: async ({ use }) => {
        this.useLabels = use;
        void this.score();
        await rememberLabels(this.services, use);
        return undefined;
      },
      slice: async ({ indices }) => {
        const wanted = Int32Array.from(Array.from(indices).slice(0, MOST_ASKED));
        if (wanted.length === 0) return undefined;
        const found = await engine.call('thumbnails', { path: file, indices: wanted, side: SMALL_SIDE });
        if (this.ready) await this.view('slice', { indices: wanted, ...found });
        return undefined;
      },
      look: async ({ image }) => {
        await this.look(image);
        return undefined;
      },
      point: async ({ image, row, column }) => {
        await this.point({ image, row, column });
        return undefined;
      },
      stopScoring: () => {
        this.scores.stop();
        this.later();
        return Promise.resolve(undefined);
      },
      scoreAgain: () => {
        void this.score();
        return Promise.resolve(undefined);
      },
    });
  }

  private async look(image: number): Promise<void> {
    const { engine } = this.services;
    const { serial } = this.scores;
    const file = this.source.fsPath;
    const indices = Int32Array.of(image);
    const pixels = await engine.call('thumbnails', { path: file, indices, side: LARGE_SIDE });
    let problem = '';
    let nats = null;
    if (this.run !== '') {
      try {
        nats = await engine.call('imageNats', this.scored(image));
      } catch (error) {
        problem = toErrorRecord(error).message;
      }
    }
    if (this.ready && serial === this.scores.serial)
      await this.view('look', { serial, image, pixels, nats, problem });
  }

  /** To the view, and to whoever else says more of the pixel at the crosshair. */
  private async point(at: { image: number; row: number; column: number }): Promise<void> {
    const { run, model, scores, services } = this;
    const { serial } = scores;
    if (run === '') return;
    const params = { ...this.scored(at.image), row: at.row, column: at.column };
    const distribution = await services.engine.call('pixelDistribution', params);
    if (!this.ready || serial !== scores.serial) return;
    if (model !== undefined) {
      const file = path.basename(this.source.path);
      services.pixels.select({ owner: this, file, ...at, run, model, distribution });
    }
    await this.view('point', { serial, ...at, ...distribution });
  }

  /** One image as the panel's model and choice of labels score it. */
  private scored(image: number): ImageNatsParams {
    const path = this.source.fsPath;
    return { subject: imageSubject(this.run), path, image, withoutLabels: !this.useLabels };
  }

  private cancel(): void {
    if (this.set !== undefined) return;
    this.opening.abort();
    this.cancelled = true;
    this.later();
  }

  private viewReady(): void {
    this.ready = true;
    this.sent = { serial: -1, images: 0 }; // a view that starts has nothing yet
    this.send();
  }

  /** At most ten messages a second, whatever happens here. */
  private later(): void {
    if (!this.ready || this.disposed) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.send();
    }, SAY_EVERY);
  }

  private send(): void {
    if (!this.ready || this.disposed) return;
    // One after another: a state must not overtake the bits it speaks of.
    this.sending = this.sending
      .then(() => this.sendAll())
      .catch((error: unknown) => {
        const { reason, message } = toErrorRecord(error);
        if (reason !== 'engineGone') this.services.log.warn(`images view: ${message}`);
      });
  }

  private async sendAll(): Promise<void> {
    if (!this.ready || this.disposed) return;
    const { serial, bits, labels } = this.scores;
    if (this.sent.serial !== serial) this.sent = { serial, images: 0 };
    const from = this.sent.images;
    if (bits.length > from) {
      this.sent = { serial, images: bits.length };
      await this.view('bits', {
        serial,
        from,
        bits: Float32Array.from(bits.slice(from)),
        labels: labels.length === 0 ? null : Int32Array.from(labels.slice(from)),
      });
    }
    await this.view('state', this.state());
  }

  private state(): ViewState<ImagesContent> {
    const file = path.basename(this.source.path);
    const again = {
      label: 'Show Log-Probs',
      command: COMMANDS.showLogProbs,
      argument: this.source.fsPath,
    };
    if (this.failure !== undefined) {
      const gone = ['engineGone', 'outOfMemory'].includes(this.failure.reason);
      const button = gone ? { label: 'Restart Engine', command: COMMANDS.restartEngine } : again;
      return { kind: 'failed', sentence: this.failure.message, button };
    }
    if (this.cancelled)
      return { kind: 'empty', sentence: 'Opening the images was cancelled.', button: again };
    if (this.set === undefined) return { kind: 'working', doing: `Opening ${file}`, cancel: true };
    return {
      kind: 'result',
      content: {
        source: this.source.toString(),
        file,
        set: this.set,
        runs: this.known(),
        run: this.run,
        model: this.model ?? null,
        withLabels: this.useLabels,
        scoring: this.scoring(),
        serial: this.scores.serial,
      },
    };
  }

  private scoring(): ImagesScoring {
    const { state } = this.scores;
    if (state.kind === 'failed') {
      const { reason, message, action } = state.error;
      const restart = ['engineGone', 'outOfMemory'].includes(reason);
      return {
        kind: 'failed',
        sentence: sentences(message, action),
        ...(restart ? { button: { label: 'Restart Engine', command: COMMANDS.restartEngine } } : {}),
      };
    }
    if (state.kind !== 'none') return state;
    return this.known().length > 0
      ? { kind: 'none', sentence: 'Choose a run, and it scores these images.' }
      : {
          kind: 'none',
          sentence: 'Scores need a model of images, and this workspace has none yet: train one on these.',
          button: { label: 'Train', command: COMMANDS.trainOnFile, argument: this.source.fsPath },
        };
  }

  private known(): readonly ImagesRun[] {
    const runs = this.services.runs.imageModels.map((run) => ({
      run: run.folder,
      label: `${run.specName} ${run.label}`,
    }));
    const other = this.run !== '' && !runs.some((run) => run.run === this.run);
    return other ? [{ run: this.run, label: modelName(this.run) }, ...runs] : runs;
  }
}

/** Sub-pixels of an image as the model sees it: grey pictures have three channels for a model of RGB. */
function dimensionsOf(set: ImageSetInfo | undefined, { channels }: ImageModelInfo): number {
  return (set?.height ?? 0) * (set?.width ?? 0) * channels;
}
