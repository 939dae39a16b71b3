// What the host knows about an engine process, in words: types and sentences only. No vscode, no process.
import type { DeviceChoice } from '../protocol/engine';
import type { Reason } from '../protocol/errors';

/** off: not asked for yet · stuck: alive, but computing nothing · gone: ended, by itself or by a kill. */
export type EngineState = 'off' | 'starting' | 'ready' | 'stuck' | 'gone';

export interface EngineStatus {
  readonly state: EngineState;
  /** One sentence for a person. */
  readonly sentence: string;
  /** What that person can do now, one sentence. */
  readonly action: string;
  /** Only with 'gone', and not when the host ended the process itself. */
  readonly reason?: Reason;
  readonly pid?: number;
  /** Which node runs the engine and why it was chosen, one sentence. */
  readonly node?: string;
}

/** How an engine process is started. Asked for anew at every start, so that changed settings take effect. */
export interface EngineLaunch {
  /** Absolute path of the built engine. */
  readonly bundle: string;
  /** Working directory of the process. */
  readonly folder: string;
  readonly device?: DeviceChoice;
  /** Forces the simd device's instruction set; a wrong name is refused by the device with the names there are. */
  readonly instructionSet?: string;
  readonly threads?: number;
  /** The `node` that a setting names. */
  readonly nodePath?: string;
  /** Everything the engine prints, and what this side has to say about it, line by line. */
  readonly log?: (line: string) => void;
  /** Options for node itself, such as a heap limit. */
  readonly nodeOptions?: readonly string[];
  /** What the environment is made from; the host's own unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export type StatusListener = (status: EngineStatus) => void;
