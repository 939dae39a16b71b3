// The audit of the view tests, run on a view inside the real VS Code: its fonts, its themes, its widths.
import path from 'node:path';
import { build } from 'esbuild';
import type { Frame } from 'playwright-core';
import { expect } from 'vitest';

let script: Promise<string> | undefined;

/** Bare numbers, faint or small text, controls without a name, what sticks out: none of them. */
export async function expectSound(frame: Frame, what: string): Promise<void> {
  // Evaluated by the debugger, outside the view's policy.
  await frame.evaluate(await (script ??= bundle()));
  const found = await frame.evaluate(() => ({
    bareNumbers: window.audit.bareNumbers(),
    faintText: window.audit.faintText(),
    unnamed: window.audit.unnamed(),
    cutOff: window.audit.cutOff(),
  }));
  expect({ what, ...found }).toEqual({ what, bareNumbers: [], faintText: [], unnamed: [], cutOff: [] });
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.resolve(import.meta.dirname, '../../views/page/audit.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}
