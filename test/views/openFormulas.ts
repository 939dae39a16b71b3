// Opens every formula of a view, and waits until KaTeX and its fonts have drawn them.
import type { Page } from 'playwright-core';

export async function openFormulas(page: Page): Promise<void> {
  for (const section of await page.locator('details.ar-formulas').all()) {
    if (!(await section.evaluate((details: HTMLDetailsElement) => details.open)))
      await section.locator('summary').click();
    await section.locator('.ar-formula').first().waitFor();
  }
  await formulasDrawn(page);
}

export async function formulasDrawn(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const formulas = [...document.querySelectorAll('.ar-latex, .ar-symbol')];
    return formulas.length > 0 && formulas.every((each) => each.querySelector('.katex-html') !== null);
  });
  // A font is asked for when the first letter in it is laid out.
  await page.waitForFunction(
    () =>
      document.fonts.status === 'loaded' &&
      [...document.fonts].some(({ family, status }) => family.includes('KaTeX_Main') && status === 'loaded'),
  );
}
