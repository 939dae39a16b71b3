// Types of chromium.mjs, for the suites that are written in TypeScript.

export function findChromium(): Promise<string | undefined>;
export function chromium(say: (line: string) => void): Promise<string>;
