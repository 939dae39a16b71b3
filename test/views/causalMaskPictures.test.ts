// The causal mask view in every state, theme and width: nothing breaks the policy, no number is bare, all of it can be
// read. The pictures are left in build/views for a person to look at.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ViewPages } from './pages';
import { THEMES } from './themes';

const PICTURES = path.resolve(import.meta.dirname, '../../build/views');

let pages: ViewPages;
beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

describe.each([
  'empty',
  'waiting',
  'working',
  'result',
  'leaking',
  'unseen',
  'strict',
  'tiny',
  'large',
  'stale',
  'measuring',
  'gone',
  'failed',
])('causal mask, %s', (state) => {
  it.each(THEMES)('$name', async (theme) => {
    for (const width of [360, 800, 1200]) {
      const { page, complaints } = await pages.open('causalMask', state, theme, width);
      const name = `causalMask.${state}.${width}.${theme.name}.png`;
      await page.screenshot({ path: path.join(PICTURES, name), fullPage: true });
      const found = await page.evaluate(() => ({
        violations: window.harness.violations,
        bareNumbers: window.audit.bareNumbers(),
        faintText: window.audit.faintText(),
        unnamed: window.audit.unnamed(),
        cutOff: window.audit.cutOff(),
        offGrid: window.audit.offGrid(),
      }));
      const nothing = {
        violations: [],
        bareNumbers: [],
        faintText: [],
        unnamed: [],
        cutOff: [],
        offGrid: [],
      };
      expect({ name, complaints, ...found }).toEqual({ name, complaints: [], ...nothing });
      await page.context().close();
    }
  });
});
