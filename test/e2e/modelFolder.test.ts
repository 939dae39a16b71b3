// Use a Model Folder… in the real VS Code: somebody's Mistral from outside the workspace, its card, annotations with it, the
// folders used lately, and a BERT that is refused by its name.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Page } from 'playwright-core';
import { COMMANDS } from '../../src/host/ids';
import { drawnRanges } from './driver/editor';
import { until } from './driver/until';
import { THEMES, type ThemeName, type Workbench } from './driver/workbench';
import { PROBE } from './fixtures';
import { openSession, titleOf, type Session } from './session';

const MODEL = path.resolve(import.meta.dirname, '../golden/values/models/ours/tuned-mistral');

let session: Session;
let workbench: Workbench;
let page: Page;
let elsewhere: string;

beforeAll(async () => {
  elsewhere = mkdtempSync(path.join(os.tmpdir(), 'ar-lens-elsewhere-'));
  for (const name of ['somebodys-mistral', 'somebodys-bert'])
    cpSync(MODEL, path.join(elsewhere, name), { recursive: true });
  writeFileSync(path.join(elsewhere, 'somebodys-mistral', 'README.md'), '---\nlicense: apache-2.0\n---\n');
  writeFileSync(path.join(elsewhere, 'somebodys-bert', 'config.json'), '{ "model_type": "bert" }');
  session = await openSession(inject('workbenchUrl'));
  ({ workbench } = session);
  ({ page } = workbench);
}, 120_000);
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await workbench.screenshot(`failed ${task.name}`.replaceAll(/\W+/g, '-'));
});
afterAll(async () => {
  await workbench.runCommand('View: Close All Editors');
  await session.close();
  rmSync(elsewhere, { recursive: true });
});

const input = () => page.locator('.quick-input-widget:visible .quick-input-box input');
const card = () => page.locator('.monaco-dialog-box');

const folders = () => page.locator('.quick-input-widget:visible .monaco-list-row');

/** Types a path into the editor's own dialog for folders, which lists its own folder first and answers late. */
async function choose(folder: string): Promise<void> {
  await input().waitFor({ timeout: 20_000 });
  await folders().first().waitFor({ timeout: 20_000 });
  await until(`${folder} in the dialog`, async () => {
    if ((await input().inputValue()) !== folder) await input().fill(folder);
    return (
      (await folders()
        .filter({ hasText: path.basename(folder) })
        .count()) > 0
    );
  });
  await page.locator('.quick-input-widget:visible .quick-input-action .monaco-button').first().click();
}

describe('a model folder from elsewhere', () => {
  it('shows its card', { timeout: 120_000 }, async () => {
    await workbench.openFile(PROBE);
    await workbench.runCommand(titleOf(COMMANDS.useModelFolder));
    await choose(path.join(elsewhere, 'somebodys-mistral'));
    await card().waitFor({ timeout: 60_000 });
    const text = (await card().textContent()) ?? '';
    for (const fact of [
      'somebodys-mistral',
      'Llama-shaped Transformer (mistral)',
      'Context: 64 tokens',
      'Tokenizer: character, 41 tokens',
      'Likelihood: exact',
      'Licence: apache-2.0',
    ])
      expect(text).toContain(fact);
    await workbench.screenshot('model-card.dark-modern');
  });

  it('annotates the text that is open', { timeout: 60_000 }, async () => {
    await card().locator('.monaco-button', { hasText: 'Annotate With It' }).click();
    await until('the annotations', async () => (await drawnRanges(page)).length > 0);
    await workbench
      .statusBar(/bits\/byte/)
      .first()
      .waitFor({ timeout: 20_000 });
  });

  it('is offered again, in every theme', { timeout: 120_000 }, async () => {
    for (const theme of Object.keys(THEMES) as ThemeName[]) {
      await workbench.setTheme(theme);
      await workbench.runCommand(titleOf(COMMANDS.useModelFolder));
      await page
        .locator('.quick-input-widget .monaco-list-row', { hasText: 'somebodys-mistral' })
        .first()
        .click();
      await card().waitFor({ timeout: 20_000 });
      await workbench.screenshot(`model-card.${theme}`);
      await page.keyboard.press('Escape');
      await card().waitFor({ state: 'detached' });
    }
    await workbench.setTheme('dark-modern');
  });

  it('that is a BERT is refused by its name', { timeout: 60_000 }, async () => {
    await workbench.runCommand(titleOf(COMMANDS.useModelFolder));
    await page
      .locator('.quick-input-widget .monaco-list-row', { hasText: 'Choose a model folder' })
      .first()
      .click();
    await choose(path.join(elsewhere, 'somebodys-bert'));
    await workbench
      .notification(/"bert" is a bidirectional model/)
      .first()
      .waitFor({ timeout: 20_000 });
    await workbench.dismissNotifications();
  });
});
