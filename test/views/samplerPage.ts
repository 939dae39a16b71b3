// What the Sampler's tests have in common: its page over the real session and a toy engine, and the data behind it.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { BeamSearchState } from '../../src/host/sampler/samplerBeamSearch';
import type { SamplerDocument, SamplerStep } from '../../src/protocol/sampler';
import type { ViewPages } from './pages';
import { THEMES, type ThemeFixture } from './themes';

export interface Truth {
  readonly document: SamplerDocument;
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly ids: readonly number[];
  readonly drawn: number;
  readonly kept: number;
  readonly next: SamplerStep;
  readonly beam: BeamSearchState;
}

/** What the Sampler's page can be told besides what every page can. */
interface Harness {
  truth(): Truth;
  slowDown(milliseconds: number): void;
  restart(): Promise<void>;
}

const theme = THEMES[0] as ThemeFixture;

export const truth = (page: Page): Promise<Truth> =>
  page.evaluate(() => (window.harness as unknown as Harness).truth());
/** Every move takes the host so long from now on. */
export const slowDown = (page: Page, milliseconds: number) =>
  page.evaluate((time) => (window.harness as unknown as Harness).slowDown(time), milliseconds);
/** A new engine is there. */
export const restart = (page: Page) => page.evaluate(() => (window.harness as unknown as Harness).restart());
export const heard = (page: Page) =>
  page.evaluate(() => window.harness.heard.map(({ method, params }) => ({ method, params })));
export const press = (page: Page, label: string) =>
  page.locator('vscode-button', { hasText: label }).first().click();
export const settled = async (page: Page, nodes: number) => {
  await expect.poll(async () => (await truth(page)).document.nodes.length).toBe(nodes);
  await page.waitForSelector('.next[aria-busy="false"]');
};

export async function withPage(
  pages: ViewPages,
  state: string,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const { page, complaints } = await pages.open('sampler', state, theme, 1200, 1000);
  await work(page);
  expect(complaints).toEqual([]);
  expect(await page.evaluate(() => window.harness.violations)).toEqual([]);
  // A reload takes the audit away with the page it was put into.
  const bare = await page.evaluate(() => ('audit' in window ? window.audit.bareNumbers() : []));
  expect(bare).toEqual([]);
  await page.context().close();
}
