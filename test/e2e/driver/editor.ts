// Reads and drives the active text editor: the cursor, the hover, and the colours that decorations really have.
// Knows VS Code's rendering, not what the decorations mean.
import type { Page } from 'playwright-core';
import { until } from './until';

const ACTIVE = '.editor-group-container.active .editor-instance .monaco-editor';

/** A stretch of a line with a background of its own, as drawn. Columns from 0, UTF-16 units, one cell per unit. */
export interface DrawnRange {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  /** What getComputedStyle says: rgb(…) or rgba(…). */
  readonly colour: string;
}

/**
 * Puts the cursor at a place: line and column from 1, as the status bar counts them.
 * Asks again: a key pressed while a view is drawn anew can be lost.
 */
export async function goTo(page: Page, line: number, column: number): Promise<void> {
  await until(`the cursor at ${line}:${column}`, () => tryGoTo(page, line, column), { timeout: 60_000 });
}

async function tryGoTo(page: Page, line: number, column: number): Promise<boolean> {
  const input = page.locator('.quick-input-widget:visible .quick-input-box input');
  try {
    await page.keyboard.press('Control+1'); // the editor gets the keyboard; a click could scroll it
    await page.keyboard.press('Control+g');
    await input.waitFor({ timeout: 3000 });
    await input.fill(`:${line}:${column}`);
    await input.press('Enter');
    await page
      .locator('.statusbar-item', { hasText: `Ln ${line}, Col ${column}` })
      .waitFor({ timeout: 5000 });
    return true;
  } catch {
    await page.keyboard.press('Escape');
    return false;
  }
}

/** The hover at the cursor, by the keyboard's own command; its text as a person reads it. */
export async function hoverAtCursor(page: Page): Promise<string> {
  const hover = page.locator('.monaco-hover:visible .monaco-hover-content').first();
  return until('a hover with text', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Control+i');
    await hover.waitFor({ timeout: 3000 });
    const text = await hover.innerText();
    return text.trim() === '' || /^Loading/.test(text) ? undefined : text;
  });
}

/** Hovers fade in: a picture is taken of the finished one. */
export async function hoverSettled(page: Page): Promise<void> {
  const opacity = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('.monaco-hover')].map((each) => getComputedStyle(each).opacity),
    );
  await until('a hover that is fully there', async () => (await opacity()).includes('1'));
}

export async function closeHover(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page
    .locator('.monaco-hover:visible .monaco-hover-content')
    .first()
    .waitFor({ state: 'hidden', timeout: 5000 });
}

/**
 * All decoration backgrounds on screen. Needs a monospaced font and text of one cell per UTF-16 unit.
 * The line's number is found by matching tops with the rendered lines, whose numbers the margin shows.
 */
export function drawnRanges(page: Page): Promise<DrawnRange[]> {
  return page.evaluate((active) => {
    const editor = document.querySelector(active);
    if (editor === null) return [];
    const cell = widthOfCell(editor);
    const left = editor.querySelector('.view-lines')?.getBoundingClientRect().left ?? 0;
    const numbers = new Map<number, number>();
    for (const number of editor.querySelectorAll('.margin-view-overlays .line-numbers')) {
      numbers.set(Math.round(number.getBoundingClientRect().top), Number(number.textContent));
    }
    const ranges = [];
    for (const overlay of editor.querySelectorAll('.view-overlays .cdr')) {
      const colour = getComputedStyle(overlay).backgroundColor;
      if (colour === 'rgba(0, 0, 0, 0)' || overlay.className.includes('selected-text')) continue;
      const box = overlay.getBoundingClientRect();
      const line = numbers.get(Math.round(box.top));
      if (line === undefined || box.width === 0) continue;
      ranges.push({
        line,
        from: Math.round((box.left - left) / cell),
        to: Math.round((box.right - left) / cell),
        colour,
      });
    }
    return ranges;

    /** Measured over plain text: a span's own box may include what a decoration put after it. */
    function widthOfCell(within: Element): number {
      for (const span of within.querySelectorAll('.view-line > span > span')) {
        const text = span.firstChild;
        if (text?.nodeType !== Node.TEXT_NODE || (text.textContent?.length ?? 0) < 4) continue;
        const measured = document.createRange();
        measured.selectNodeContents(text);
        return measured.getBoundingClientRect().width / (text.textContent?.length ?? 1);
      }
      return 1;
    }
  }, ACTIVE);
}

/** Contents that decorations put after lines, by the line's place on screen. */
export function lineEndTexts(page: Page): Promise<string[]> {
  return page.evaluate((active) => {
    const texts: string[] = [];
    for (const span of document.querySelectorAll(`${active} .view-line span`)) {
      const { content } = getComputedStyle(span, '::after');
      if (content !== 'none' && content !== 'normal' && content !== '""')
        texts.push(content.replace(/^"|"$/g, ''));
    }
    return texts;
  }, ACTIVE);
}

/** A theme colour as the window resolved it, in the form that getComputedStyle gives. */
export function themeColour(page: Page, id: string): Promise<string> {
  return page.evaluate(
    (variable) => {
      const probe = document.createElement('div');
      probe.style.backgroundColor = `var(${variable})`;
      document.querySelector('.monaco-workbench')?.append(probe);
      const colour = getComputedStyle(probe).backgroundColor;
      probe.remove();
      return colour;
    },
    `--vscode-${id.replaceAll('.', '-')}`,
  );
}
