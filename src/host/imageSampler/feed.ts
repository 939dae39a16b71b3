// What a view of an image sampler is told, a frame at a time: the state, what is new of each image, and at rest what VS
// Code is to keep. One message after another: a view that draws slowly gets longer pieces. Knows no vscode.
import type { Client } from '../../protocol/calls';
import { toErrorRecord } from '../../protocol/errors';
import type { GivenConditions } from '../../protocol/imageCondition';
import type { DrawnPart, ImageSamplerContent, ImageSamplerViewCalls } from '../../protocol/imageSamplerView';
import type { ViewState } from '../../protocol/views';
import type { ImageSamplerSession } from './imageSamplerSession';
import { keptOf } from './keptTrees';

const FRAME = 16;

export class ImageSamplerFeed {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private listening = false;
  private sending = false;
  private drawing = -1;
  private given: GivenConditions | null = null;
  /** What the view has of each image. */
  private sent: Array<{ readonly serial: number; readonly steps: number }> = [];

  constructor(
    private readonly session: ImageSamplerSession,
    private readonly view: Client<ImageSamplerViewCalls>,
    private readonly state: () => ViewState<ImageSamplerContent>,
    private readonly warn: (sentence: string) => void,
  ) {}

  /** A view that starts has nothing yet. */
  start(): void {
    this.listening = true;
    this.drawing = -1;
    this.given = null;
    this.later();
  }

  /** Until it starts again. */
  stop(): void {
    this.listening = false;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  later(): void {
    if (!this.listening) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.send();
    }, FRAME);
  }

  private async send(): Promise<void> {
    if (!this.listening) return;
    if (this.sending) return this.later();
    this.sending = true;
    try {
      const { session, view } = this;
      const state = this.state();
      const news =
        state.kind === 'result' ? { drawing: session.drawing.serial, parts: this.news() } : undefined;
      if (this.given !== session.given) {
        this.given = session.given;
        await view('given', { given: session.given });
      }
      await view('state', state);
      if (news !== undefined && news.parts.length > 0) await view('drawn', news);
      if (news !== undefined && !session.isRunning) await view('keep', keptOf(session));
    } catch (error) {
      const { reason, message } = toErrorRecord(error);
      if (reason !== 'engineGone') this.warn(message);
    } finally {
      this.sending = false;
    }
  }

  private news(): readonly DrawnPart[] {
    const { drawing } = this.session;
    if (this.drawing !== drawing.serial) this.sent = [];
    this.drawing = drawing.serial;
    const parts: DrawnPart[] = [];
    drawing.trees.forEach(({ serial, step }, image) => {
      const has = this.sent[image];
      const from = has?.serial === serial ? has.steps : 0;
      if (has?.serial === serial && from === step) return;
      parts.push(drawing.part(image, from));
      this.sent[image] = { serial, steps: step };
    });
    return parts;
  }
}
