// Drives one VS Code window through the browser: opening, palette, files, keys, notifications, themes.
// Selectors of VS Code's own widgets live here and in editor.ts; it knows nothing of AR Lens.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { until } from './until';

/** The four themes every view is designed for: the label in the picker, and the class that shows it is in force. */
export const THEMES = {
  'dark-modern': { label: 'Dark Modern', kind: 'vs-dark' },
  'light-modern': { label: 'Light Modern', kind: 'vs' },
  'dark-high-contrast': { label: 'Dark High Contrast', kind: 'hc-black' },
  'light-high-contrast': { label: 'Light High Contrast', kind: 'hc-light' },
} as const;
export type ThemeName = keyof typeof THEMES;

const SCREENSHOTS = path.resolve(import.meta.dirname, '../screenshots');

export class Workbench {
  /** Errors that the window and its webviews wrote to the console. */
  readonly errors: string[] = [];
  /** Every address that was asked for, service workers excepted: those the proxy sees. */
  readonly requests: string[] = [];

  constructor(readonly page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.errors.push(error.stack ?? error.message));
    page.context().on('request', (request) => this.requests.push(request.url()));
  }

  /** Opens the address and waits until the folder's files are listed. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.page
      .locator('.monaco-workbench .explorer-folders-view .monaco-list-row')
      .first()
      .waitFor({ timeout: 90_000 });
  }

  /**
   * Runs a command by its exact title. Asks again while the keyboard service or the extension scan is not up yet.
   */
  async runCommand(title: string, timeout = 60_000): Promise<void> {
    await until(`the command “${title}” in the palette`, () => this.tryCommand(title), { timeout });
  }

  private async tryCommand(title: string): Promise<boolean> {
    const { page } = this;
    await page.keyboard.press('F1');
    try {
      const input = page.locator('.quick-input-widget:visible .quick-input-box input');
      await input.waitFor({ timeout: 3000 });
      await input.fill(`>${title}`);
      const row = this.quickRow(title);
      await row.waitFor({ timeout: 3000 });
      await row.click();
      return true;
    } catch {
      await page.keyboard.press('Escape');
      return false;
    }
  }

  /** Whether the palette offers a command: for those that must not be there. */
  async hasCommand(title: string): Promise<boolean> {
    const { page } = this;
    await page.keyboard.press('F1');
    const input = page.locator('.quick-input-widget:visible .quick-input-box input');
    await input.waitFor({ timeout: 5000 });
    await input.fill(`>${title}`);
    await page.locator('.quick-input-widget .monaco-list-row').first().waitFor({ timeout: 5000 });
    const found = (await this.quickRow(title).count()) > 0;
    await page.keyboard.press('Escape');
    return found;
  }

  private quickRow(label: string): Locator {
    const exact = new RegExp(`^${escapeRegExp(label)}$`);
    const name = this.page.locator('.label-name', { hasText: exact });
    return this.page.locator('.quick-input-widget .monaco-list-row', { has: name }).first();
  }

  /** Picks a row of the open quick pick by a part of its text. */
  async pick(text: string, timeout = 20_000): Promise<void> {
    const row = this.page.locator('.quick-input-widget:visible .monaco-list-row', { hasText: text }).first();
    await row.waitFor({ timeout });
    await row.click();
  }

  /** Answers the open input box. */
  async answer(text: string, timeout = 20_000): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible .quick-input-box input');
    await input.waitFor({ timeout });
    await input.fill(text);
    await input.press('Enter');
  }

  /** Opens a file of the folder by quick open and waits for its text. */
  async openFile(name: string): Promise<void> {
    await until(`${name} in the editor`, () => this.tryOpen(name), { timeout: 90_000 });
  }

  private async tryOpen(name: string): Promise<boolean> {
    const { page } = this;
    await page.keyboard.press('Control+p');
    try {
      const input = page.locator('.quick-input-widget:visible .quick-input-box input');
      await input.waitFor({ timeout: 3000 });
      await input.fill(name);
      const row = page
        .locator('.quick-input-widget .monaco-list-row', { hasText: path.basename(name) })
        .first();
      await row.waitFor({ timeout: 5000 });
      await row.click();
      // A panel about the file may carry its name, too, and be in front of another column.
      const tab = page.locator('.editor-group-container.active .tabs-container .tab.active', {
        hasText: path.basename(name),
      });
      await tab.waitFor({ timeout: 10_000 });
      await page
        .locator('.editor-group-container.active .monaco-editor .view-line')
        .first()
        .waitFor({ timeout: 10_000 });
      return true;
    } catch {
      await page.keyboard.press('Escape');
      return false;
    }
  }

  /** Drops what was typed into the active editor and closes all: the next window must not find it. */
  async discardAndClose(): Promise<void> {
    await this.runCommand('File: Revert File');
    await this.runCommand('View: Close All Editors');
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .monaco-list-row', { hasText: text });
  }

  /** Presses a notification's button. */
  async answerNotification(text: string | RegExp, button: string): Promise<void> {
    const row = this.notification(text).first();
    await row.waitFor({ timeout: 30_000 });
    await row.hover();
    await row.locator('.monaco-button', { hasText: button }).click();
  }

  async dismissNotifications(): Promise<void> {
    await this.runCommand('Notifications: Clear All Notifications');
    await this.page.locator('.notifications-toasts .monaco-list-row').first().waitFor({ state: 'hidden' });
  }

  statusBar(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text });
  }

  treeRow(text: string | RegExp): Locator {
    return this.page.locator('.pane-body .monaco-list-row', { hasText: text });
  }

  /**
   * Before a reload: in a browser VS Code writes what it keeps when it is idle, at most every five seconds, and shows
   * nobody when.
   */
  async untilKept(): Promise<void> {
    await this.page.waitForTimeout(20_000);
  }

  /** Walks down the Runs tree with the keys until a row is in sight: of a long tree only what is on screen exists. */
  async walkToRun(text: string | RegExp): Promise<void> {
    await this.runCommand('AR Lens: Focus on Runs View');
    await this.page.keyboard.press('Home');
    await until(`a row of the Runs tree with ${text}`, async () => {
      if (await this.treeRow(text).first().isVisible()) return true;
      await this.page.keyboard.press('ArrowDown');
      return false;
    });
  }

  /** A command in the menu of a row of a tree. @param title as the menu says it */
  async pickFromMenu(row: Locator, title: string): Promise<void> {
    const item = this.page.locator('.context-view .action-item', { hasText: title });
    await until(`“${title}” in the menu of a row`, async () => {
      // A menu that came up too early, without our item, stands in the way of the next one.
      await this.page.keyboard.press('Escape');
      await row.click({ button: 'right', timeout: 5000 });
      await item.first().click({ timeout: 5000 });
      // A menu that has just opened takes no click.
      await item
        .first()
        .click({ timeout: 1000 })
        .catch(() => undefined);
      return (await item.count()) === 0;
    });
  }

  async setTheme(theme: ThemeName): Promise<void> {
    const { label, kind } = THEMES[theme];
    await this.runCommand('Preferences: Color Theme');
    const input = this.page.locator('.quick-input-widget:visible .quick-input-box input');
    await input.fill(label);
    await this.quickRow(label).click();
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor({ timeout: 10_000 });
    await this.page
      .locator('.quick-input-widget:visible')
      .waitFor({ state: 'detached', timeout: 5000 })
      .catch(() => undefined);
  }

  /** Opens or closes a section of the side bar. */
  async togglePane(title: string): Promise<void> {
    await this.page.locator('.pane-header', { hasText: title }).first().click();
  }

  /** Brings a tab to the front by its title. */
  async showTab(title: string | RegExp): Promise<void> {
    const tab = this.page.locator('.tabs-container .tab', { hasText: title }).first();
    await tab.click();
    await this.page.locator('.tabs-container .tab.active', { hasText: title }).first().waitFor();
    // No tooltip of the tab's over what it shows.
    await this.page.mouse.move(0, 0);
  }

  /** Drags the side bar's edge. @param width CSS pixels of the side bar */
  async setSideBarWidth(width: number): Promise<void> {
    const { page } = this;
    await until(`a side bar of ${width} px`, async () => {
      const box = await page.locator('.part.sidebar').boundingBox();
      if (box === null) return false;
      if (Math.abs(box.width - width) <= 2) return true;
      const [edge, y] = [box.x + box.width, box.y + box.height / 2];
      await page.mouse.move(edge, y);
      await page.mouse.down();
      await page.mouse.move(box.x + width, y, { steps: 4 });
      await page.mouse.up();
      return false;
    });
  }

  /** A picture of the window, or of its upper part: <name>.png. */
  async screenshot(name: string, height?: number): Promise<string> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    const file = path.join(SCREENSHOTS, `${name}.png`);
    const clip = { x: 0, y: 0, width: this.page.viewportSize()?.width ?? 1400, height: height ?? 0 };
    await this.page.screenshot({ path: file, ...(height === undefined ? {} : { clip }) });
    return file;
  }

  async inEveryTheme(name: string, settle?: () => Promise<unknown>): Promise<void> {
    for (const theme of Object.keys(THEMES) as ThemeName[]) {
      await this.setTheme(theme);
      await settle?.();
      await this.screenshot(`${name}.${theme}`);
    }
    await this.setTheme('dark-modern');
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
