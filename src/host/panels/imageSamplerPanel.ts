// One Image sampler panel: its session's state and what it draws, and what the view asks of it; the files it reads and writes.
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { createChannel, type Channel } from '../../protocol/channel';
import { ArLensError } from '../../protocol/errors';
import type {
  ImageSamplerContent,
  ImageSamplerHostCalls,
  ImageSamplerViewCalls,
} from '../../protocol/imageSamplerView';
import { RUN_FILES } from '../../protocol/run';
import type { ViewState } from '../../protocol/views';
import type { EngineService } from '../engine/engineService';
import { modelName } from '../explorer/runFolders';
import { COMMANDS } from '../ids';
import { MOST_IMAGES, readSettings } from '../imageSampler/choice';
import { ImageSamplerFeed } from '../imageSampler/feed';
import type { ImageSamplerSession } from '../imageSampler/imageSamplerSession';
import { contentOf } from '../imageSampler/samplerContent';
import { imageSubject, isSpecPath } from '../images/imageSubject';
import { commonRequests } from './viewRequests';
import { webviewPort } from './webviewPort';

const LONGEST_NAME = 60;

export interface ImageSamplerPanelParts {
  readonly panel: vscode.WebviewPanel;
  readonly engine: EngineService;
  readonly log: vscode.LogOutputChannel;
  /** Opens a file of images where their likelihood is shown, scored by this run. */
  readonly showImages: (file: vscode.Uri, run: string) => Promise<void>;
}

export class ImageSamplerPanel {
  private readonly channel: Channel;
  private readonly feed: ImageSamplerFeed;
  private readonly stops: ReadonlyArray<() => void>;

  constructor(
    private readonly parts: ImageSamplerPanelParts,
    readonly session: ImageSamplerSession,
  ) {
    const { panel, engine, log } = parts;
    this.channel = createChannel(webviewPort(panel.webview), {
      onInternalError: (method, error) => log.error(`image sampler view: ${method}: ${String(error)}`),
    });
    const view = this.channel.client<ImageSamplerViewCalls>();
    this.feed = new ImageSamplerFeed(
      session,
      view,
      () => this.state(),
      (sentence) => log.warn(`image sampler view: ${sentence}`),
    );
    this.serve();
    const visible = panel.onDidChangeViewState(() => {
      if (!panel.visible) this.feed.stop();
    });
    this.stops = [
      () => void visible.dispose(),
      session.changes.on(() => this.feed.later()),
      engine.onChange(({ state }) => {
        if (state === 'ready' && session.failure?.reason === 'engineGone') void session.open();
      }),
    ];
    void session.open();
  }

  dispose(): void {
    this.feed.stop();
    for (const stop of this.stops) stop();
    this.session.dispose();
    this.channel.dispose();
  }

  private serve(): void {
    const { session } = this;
    const done = (work: Promise<unknown>) => work.then(() => undefined);
    this.channel.serve<ImageSamplerHostCalls>({
      ...commonRequests(
        () => this.feed.start(),
        () => session.pause(),
      ),
      step: () => done(session.step()),
      // Answered at once: a run can take longer than anybody waits for an answer.
      run: () => {
        void session.run();
        return Promise.resolve(undefined);
      },
      pause: () => {
        session.pause();
        return Promise.resolve(undefined);
      },
      back: () => done(session.back()),
      begin: () => done(session.begin()),
      clear: () => done(session.clear()),
      anew: () => {
        void session.anew();
        return Promise.resolve(undefined);
      },
      go: ({ branch, step, turn }) => done(session.go(branch, step, turn)),
      name: ({ branch, name }) => {
        session.name(branch, name.slice(0, LONGEST_NAME));
        return Promise.resolve(undefined);
      },
      force: ({ level }) => done(session.step(level)),
      change: ({ settings, count, perSecond, image }) =>
        done(
          session.change({
            ...(settings === undefined ? {} : { settings: readSettings(settings) }),
            ...(count === undefined ? {} : { count: Math.min(MOST_IMAGES, Math.max(1, Math.floor(count))) }),
            ...(perSecond === undefined ? {} : { perSecond: Math.max(0, perSecond) }),
            ...(image === undefined ? {} : { image: Math.max(0, Math.floor(image)) }),
          }),
        ),
      keepFrom: () => done(this.keepFrom()),
      conditionFrom: () => done(this.conditionFrom()),
      region: ({ region }) => done(session.keepRegion(region)),
      toLogProbs: () => done(this.toLogProbs()),
    });
  }

  /** The upper half of a file's first image is kept until a person draws another region. */
  private async keepFrom(): Promise<void> {
    const { session, parts } = this;
    const { model } = session;
    if (model === undefined) return;
    const [chosen] =
      (await vscode.window.showOpenDialog({
        title: 'An image of which a region is kept',
        canSelectMany: false,
        openLabel: 'Keep a Region',
      })) ?? [];
    if (chosen === undefined) return;
    const subject = imageSubject(session.choice.run);
    const file = chosen.fsPath;
    const set = await parts.engine.call('imageSet', { path: file });
    if (set.height !== model.height || set.width !== model.width) {
      throw new ArLensError(
        'badInput',
        `${path.basename(file)}: expected images of ${model.width} × ${model.height}, which this model draws, got ${set.width} × ${set.height}.`,
      );
    }
    const { levels } = await parts.engine.call('imageLevels', { subject, path: file, image: 0 });
    const region = { top: 0, left: 0, bottom: Math.ceil(model.height / 2), right: model.width };
    await session.keep({ file: path.basename(file), levels: Uint8Array.from(levels), region });
  }

  private async conditionFrom(): Promise<void> {
    const { session } = this;
    const [chosen] =
      (await vscode.window.showOpenDialog({
        title: 'What the images are drawn given',
        canSelectMany: false,
        openLabel: 'Draw Given These',
      })) ?? [];
    if (chosen === undefined) return;
    const { settings } = session.choice;
    await session.change({ settings: { ...settings, condition: { file: chosen.fsPath } } });
  }

  /** Beside the run's other samples; of a spec without a run, among the machine's temporary files. */
  private async toLogProbs(): Promise<void> {
    const { session, parts } = this;
    const { choice, drawing } = session;
    if (!drawing.complete) throw new ArLensError('badInput', 'Draw the images to their end first.');
    const folder = isSpecPath(choice.run)
      ? path.join(tmpdir(), 'ar-lens-samples')
      : path.join(choice.run, RUN_FILES.samples);
    await mkdir(folder, { recursive: true });
    const ending = choice.count === 1 ? 'png' : 'idx';
    const name = `sampler-seed-${choice.settings.seed}-${randomUUID().slice(0, 8)}.${ending}`;
    const file = path.join(folder, name);
    await parts.engine.call('saveImages', {
      subject: imageSubject(choice.run),
      count: choice.count,
      levels: drawing.images(),
      path: file,
    });
    await parts.showImages(vscode.Uri.file(file), choice.run);
  }

  private state(): ViewState<ImageSamplerContent> {
    const { session } = this;
    const { run } = session.choice;
    if (session.failure !== undefined) {
      const gone = ['engineGone', 'outOfMemory'].includes(session.failure.reason);
      const button = gone
        ? { label: 'Restart Engine', command: COMMANDS.restartEngine }
        : { label: 'Open Sampler', command: COMMANDS.openSampler };
      return { kind: 'failed', sentence: session.failure.message, button };
    }
    const content = contentOf(session, modelName(run));
    if (content !== undefined) return { kind: 'result', content };
    return { kind: 'working', doing: `Reading ${modelName(run)}`, cancel: false };
  }
}
