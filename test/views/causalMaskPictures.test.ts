// The causal mask view in every state, theme and width: nothing breaks the policy, no number is bare, all of it can be
// read. The pictures are left in build/views for a person to look at.
import { afterAll, beforeAll, describe, it } from 'vitest';
import { expectPicture } from './expectPicture';
import { ViewPages } from './pages';
import { THEMES } from './themes';

let pages: ViewPages;
beforeAll(async () => {
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
      await expectPicture({ page, complaints }, name);
      await page.context().close();
    }
  });
});
