// A window of the shared browser for one test file, and what the set-up provided for it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { inject } from 'vitest';
import { Workbench } from './driver/workbench';

declare module 'vitest' {
  interface ProvidedContext {
    /** Playwright's address of the shared browser. */
    readonly browser: string;
    readonly workbenchUrl: string;
    /** Where the extension's log channels are written; empty files where spdlog could not be compiled. */
    readonly logs: string;
    readonly workspace: string;
    /** What the Node processes noted: see driver/notes.ts. */
    readonly notes: string;
    /** Requests for other machines that the proxy refused. */
    readonly attempts: string;
    /** A second editor in which folders are not trusted. */
    readonly untrustedUrl: string;
    readonly untrustedNotes: string;
  }
}

interface Contributed {
  readonly contributes: {
    readonly commands: ReadonlyArray<{
      readonly command: string;
      readonly title: string;
      readonly category?: string;
    }>;
  };
}

const manifest = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8'),
) as Contributed;

/** A command's name in the palette, as package.json contributes it. */
export function titleOf(id: string): string {
  const command = manifest.contributes.commands.find((each) => each.command === id);
  if (command === undefined) throw new Error(`titleOf: expected a contributed command, got ${id}`);
  return command.category === undefined ? command.title : `${command.category}: ${command.title}`;
}

export interface Session {
  readonly workbench: Workbench;
  close(): Promise<void>;
}

export async function openSession(url: string): Promise<Session> {
  const browser: Browser = await chromium.connect(inject('browser'));
  const context = await browser.newContext({
    viewport: { width: 1400, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const workbench = new Workbench(await context.newPage());
  await workbench.open(url);
  return {
    workbench,
    async close() {
      await context.close();
      await browser.close();
    },
  };
}

/** Lines of a note file written by the set-up's processes. */
export function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
