// What “Save picture” saves, view by view: the PNG and the SVG show the same, the SVG is whole XML that leaves nothing
// out and reaches nowhere, and what a token says cannot break it. The files are left in build/views.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ViewPages, type ViewName } from './pages';
import { savePicture, type Saved } from './saving';
import type { ThemeFixture } from './themes';
import { THEMES } from './themes';

const PICTURES = path.resolve(import.meta.dirname, '../../build/views');
const dark = THEMES[0] as ThemeFixture;

let pages: ViewPages;
beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

async function saved(view: ViewName, state: string, theme: ThemeFixture, width: number): Promise<Saved> {
  const { page, complaints } = await pages.open(view, state, theme, width);
  const found = await savePicture(page);
  const name = path.join(PICTURES, `saved.${view}.${state}.${width}.${theme.name}`);
  writeFileSync(`${name}.png`, found.png);
  writeFileSync(`${name}.svg`, found.source);
  expect(complaints).toEqual([]);
  expect(await page.evaluate(() => window.harness.violations)).toEqual([]);
  await page.context().close();
  return found;
}

function holds({ svg, compared, names }: Saved, title: string): void {
  expect(svg).toMatchObject({ problem: '', title, outside: [] });
  expect(svg.description).not.toBe('');
  expect(names.map((name) => path.extname(name))).toEqual(['.png', '.svg']);
  expect({ width: svg.width, height: svg.height }).toEqual({
    width: compared.width,
    height: compared.height,
  });
  // Smoothing of lines, letters and enlarged pixels differs a little between the two.
  expect(compared.differing).toBeLessThan(0.01);
  expect(compared.mean).toBeLessThan(2);
}

describe('attention', () => {
  it.each(THEMES)('$name', async (theme) => {
    for (const width of [360, 1200]) {
      const picture = await saved('attention', 'result', theme, width);
      holds(picture, 'Who looks at whom?');
      expect(picture.svg.texts.join('\n')).toContain(
        'attention weight, square-root scale; each row sums to 1',
      );
    }
  });
  it.each(['long', 'longest', 'tiny', 'rollout'])('%s', async (state) => {
    holds(await saved('attention', state, dark, 1200), 'Who looks at whom?');
  });
  it('writes any text as XML can hold it', async () => {
    const { svg } = await saved('attention', 'hostile', dark, 1200);
    expect(svg).toMatchObject({ problem: '', outside: [] });
    expect(svg.texts).toContain('</text>');
    expect(svg.texts).toContain('&amp;');
    expect(svg.description).toContain('</text>&amp;"\'\ufffd\ufffd\ufffd\ufffd\ufffd<script>]]>');
    expect(svg.elements).not.toHaveProperty('script');
  });
});

describe('causal mask', () => {
  it.each(THEMES)('$name', async (theme) => {
    for (const width of [360, 1200]) {
      const picture = await saved('causalMask', 'leaking', theme, width);
      holds(picture, 'What may it see?');
      const texts = picture.svg.texts.join('\n');
      expect(texts).toContain('leak: not declared, 21 pairs');
      expect(texts).toContain('Declared: all layers together');
      expect(picture.svg.description).toContain('21 leaks: output 0 depends on input 1');
    }
  });
  it.each(['large', 'tiny', 'strict'])('%s', async (state) => {
    holds(await saved('causalMask', state, dark, 1200), 'What may it see?');
  });
});
