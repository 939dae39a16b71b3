// Types of codeServer.mjs, for the suite that is written in TypeScript.

export interface InstalledCodeServer {
  readonly node: string;
  readonly entry: string;
  /** What does not work on this machine, in one sentence. */
  readonly lost: string | undefined;
}

export function codeServer(say: (line: string) => void): Promise<InstalledCodeServer>;
