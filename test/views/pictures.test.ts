// Every view in every state, theme and width: nothing breaks the policy, no number is bare, all of it can be read.
// The pictures are left in build/views for a person to look at.
import { afterAll, beforeAll, describe, it } from 'vitest';
import { expectPicture } from './expectPicture';
import type { ViewName } from './pages';
import { ViewPages } from './pages';
import type { ThemeFixture } from './themes';
import { THEMES } from './themes';

const WIDTHS = { attention: [360, 1200], training: [360, 1200], likelihood: [280, 300] } as const;
const STATES = ['empty', 'working', 'waiting', 'result', 'failed'] as const;

let pages: ViewPages;
beforeAll(async () => {
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

async function look(view: ViewName, state: string, theme: ThemeFixture, width: number): Promise<void> {
  const { page, complaints } = await pages.open(view, state, theme, width);
  const name = `${view}.${state}.${width}.${theme.name}.png`;
  await expectPicture({ page, complaints }, name);
  await page.context().close();
}

for (const view of ['attention', 'training', 'likelihood'] as const) {
  describe.each(STATES)(`${view}, %s`, (state) => {
    it.each(THEMES)('$name', async (theme) => {
      for (const width of WIDTHS[view]) await look(view, state, theme, width);
    });
  });
}

describe('odd but possible', () => {
  it.each([
    ['attention', 'long'],
    ['attention', 'rollout'],
    ['attention', 'stale'],
    ['attention', 'table'],
    ['attention', 'tiny'],
    ['training', 'fresh'],
    ['training', 'failedRun'],
    ['training', 'imageRun'],
    ['likelihood', 'short'],
  ] as const)('%s, %s', async (view, state) => {
    const [dark, light] = THEMES;
    for (const theme of [dark, light]) {
      for (const width of WIDTHS[view]) if (theme !== undefined) await look(view, state, theme, width);
    }
  });
});
