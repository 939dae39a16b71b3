// What every picture of a view is held to: saved for a person to look at, and audited; no complaint, no violation.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { OpenPage } from './pages';

export const PICTURES = path.resolve(import.meta.dirname, '../../build/views');

/** @param name of the file in build/views */
export async function expectPicture(
  { page, complaints }: Pick<OpenPage, 'page' | 'complaints'>,
  name: string,
): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: path.join(PICTURES, name), fullPage: true });
  const found = await page.evaluate(() => ({
    violations: window.harness.violations,
    bareNumbers: window.audit.bareNumbers(),
    faintText: window.audit.faintText(),
    unnamed: window.audit.unnamed(),
    cutOff: window.audit.cutOff(),
    offGrid: window.audit.offGrid(),
  }));
  const nothing = { violations: [], bareNumbers: [], faintText: [], unnamed: [], cutOff: [], offGrid: [] };
  expect({ name, complaints, ...found }).toEqual({ name, complaints: [], ...nothing });
}
