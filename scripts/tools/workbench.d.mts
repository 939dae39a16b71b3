// Types of workbench.mjs, for the suite that is written in TypeScript.

export const QUIET_SETTINGS: Readonly<Record<string, unknown>>;

export interface WorkbenchOptions {
  /** Node 24 and code-server's entry script, from `codeServer()`. */
  readonly node: string;
  readonly entry: string;
  /** Everything the server writes lies in here. */
  readonly home: string;
  readonly folder: string;
  readonly vsix?: string;
  /** Written once, when the home is new. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** 'ask': folders start untrusted, as in a real editor. */
  readonly trust?: 'off' | 'ask';
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
}

export interface RunningWorkbench {
  readonly port: number;
  readonly base: string;
  readonly pid: number;
  readonly url: string;
  readonly settingsFile: string;
  readonly logs: string;
  readonly exited: Promise<number | null>;
  stop(): Promise<void>;
}

export function startWorkbench(options: WorkbenchOptions): Promise<RunningWorkbench>;
