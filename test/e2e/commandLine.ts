// The command line on the workspace that the editor shows: what a view says is compared with what it prints.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';

const CLI = path.resolve(import.meta.dirname, '../../dist/cli.mjs');

/** @returns what it printed */
export async function commandLine(...words: string[]): Promise<string> {
  const options = { cwd: inject('workspace'), maxBuffer: 1 << 28 };
  return (await promisify(execFile)(process.execPath, [CLI, ...words], options)).stdout;
}

/** @returns what it printed, read as JSON */
export async function headless(...words: string[]): Promise<unknown> {
  return JSON.parse(await commandLine(...words, '--json'));
}
