// Saves a view's picture as a person does, both ways, and brings back what was handed to the host.
import type { Page } from 'playwright-core';
import type { SavedSvg } from './page/savedPicture';

export interface Saved {
  readonly names: readonly string[];
  readonly png: Buffer;
  readonly svg: SavedSvg;
  /** The SVG's own text. */
  readonly source: string;
  /** PNG against SVG, both drawn. */
  readonly compared: {
    readonly width: number;
    readonly height: number;
    readonly differing: number;
    readonly mean: number;
  };
}

export async function savePicture(page: Page): Promise<Saved> {
  const before = await count(page);
  await choose(page, 'Save as PNG', before + 1);
  await choose(page, 'Save as SVG', before + 2);
  const saved = await page.evaluate(async () => {
    const calls = window.harness.heard.filter(({ method }) => method === 'save').slice(-2);
    const [png, svg] = calls.map(({ params }) => params as { suggestedName: string; data: Uint8Array });
    if (png === undefined || svg === undefined) throw new Error('savePicture: expected two saved files');
    const text = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    return {
      names: [png.suggestedName, svg.suggestedName],
      png: btoa(text(png.data)),
      source: new TextDecoder().decode(svg.data),
      svg: window.savedPicture.readSvg(svg.data),
      compared: await window.savedPicture.comparePictures(png.data, svg.data),
    };
  });
  return { ...saved, png: Buffer.from(saved.png, 'base64') };
}

const count = (page: Page) =>
  page.evaluate(() => window.harness.heard.filter(({ method }) => method === 'save').length);

async function choose(page: Page, item: string, expected: number): Promise<void> {
  await page.getByRole('button', { name: 'Save picture' }).click();
  await page.getByRole('menuitem', { name: item }).click();
  await page.waitForFunction(
    (wanted) => window.harness.heard.filter(({ method }) => method === 'save').length >= wanted,
    expected,
  );
}
