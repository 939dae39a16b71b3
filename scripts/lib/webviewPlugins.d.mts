import type { Plugin } from 'esbuild';

export const sharedScripts: Readonly<Record<string, string>>;
export const webviewPlugins: Plugin[];
