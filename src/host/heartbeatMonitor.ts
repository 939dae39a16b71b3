// Watches one engine's heartbeat: tells when it has been silent too long, and when it comes back.
// Knows bytes and clocks only.
import type { Readable } from 'node:stream';
import { HEARTBEAT } from '../protocol/process';

/** Milliseconds. Silence is told within a second of its beginning: patience + one beat + one look. */
const PATIENCE = 600;
const LOOK = 50;
/** A process that has not said it is ready has modules to load, perhaps from a cold disk. */
const START_PATIENCE = 20_000;

export interface Silence {
  readonly milliseconds: number;
  /** Not even the thread that beats runs: stopped, suspended, or the whole machine is. */
  readonly frozen: boolean;
}

export class HeartbeatMonitor {
  private lastAlive = performance.now();
  private lastByte = performance.now();
  private lastLook = performance.now();
  private patience = START_PATIENCE;
  private silent = false;
  private timer: NodeJS.Timeout | undefined;

  /** Told a silence when it begins, and undefined when it ends. */
  constructor(private readonly onChange: (silence: Silence | undefined) => void) {}

  listen(pipe: Readable): void {
    this.lastAlive = this.lastByte = this.lastLook = performance.now();
    pipe.on('data', (bytes: Buffer) => this.beat(bytes.includes(HEARTBEAT.alive)));
    pipe.on('error', () => undefined); // its end is the process's end, which is told elsewhere
    this.timer = setInterval(() => this.look(), LOOK);
    this.timer.unref();
  }

  /** From now on beats are due. */
  expect(): void {
    this.lastAlive = performance.now();
    this.patience = PATIENCE;
  }

  dispose(): void {
    clearInterval(this.timer);
  }

  private beat(alive: boolean): void {
    this.lastByte = performance.now();
    if (!alive) return;
    this.lastAlive = this.lastByte;
    if (!this.silent) return;
    this.silent = false;
    this.onChange(undefined);
  }

  private look(): void {
    const now = performance.now();
    // Whoever slept itself (a suspended machine, a busy host) has not heard what is still in the pipe.
    if (now - this.lastLook > 4 * LOOK) this.lastAlive = this.lastByte = now;
    this.lastLook = now;
    const silence = now - this.lastAlive;
    if (this.silent || silence < this.patience) return;
    this.silent = true;
    this.onChange({ milliseconds: Math.round(silence), frozen: now - this.lastByte >= PATIENCE / 2 });
  }
}
