// What an engine process gives its handlers: the devices, and nothing else.
// Knows no channel and no process, so that the CLI runs the very same handlers in its own process.
import type { DeviceChoice, DeviceReport, DevicesReport } from '../protocol/engine';

/** How a choice that takes seconds says so, and is ended. */
export interface Measuring {
  readonly signal: AbortSignal;
  say(sentence: string): Promise<void>;
}

/** What of a model decides where it can be computed: its family says it. */
export interface Computed {
  readonly title: string;
  /** Whether it reads numbers on the host in the middle of a call. */
  readonly readsOnHost?: boolean;
}

export interface EngineContext {
  /**
   * The device this process computes on, chosen at the first call. A choice made when the process was started
   * (a setting, `--device`) beats `wish`, which is what a spec asks for. "auto" measures what was not measured
   * before only where `measuring` is given: a person who waits for an answer is not made to wait for that. It picks no
   * device that cannot compute what is `computed`; what an earlier call picked stays.
   */
  device(wish?: DeviceChoice, measuring?: Measuring, computed?: Computed): Promise<DeviceReport>;
  devices(): Promise<DevicesReport>;
}
