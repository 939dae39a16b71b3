// An untrusted workspace: files and runs can be looked at, nothing of it runs, and the editor says why.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { COMMANDS, EXTENSION_ID } from '../../src/host/ids';
import type { RunRecord } from '../../src/protocol/run';
import { drawnRanges } from './driver/editor';
import { readNotes, reaches } from './driver/notes';
import { webviewFrame } from './driver/webviews';
import type { Workbench } from './driver/workbench';
import { PROBE, SPEC } from './fixtures';
import { openSession, titleOf, type Session } from './session';

/** The same in both workspaces, which are copies. */
const RUN = '.arlens/runs/almanac/example';

let session: Session;
let workbench: Workbench;

beforeAll(async () => {
  session = await openSession(inject('untrustedUrl'));
  ({ workbench } = session);
  await declineTrust();
}, 120_000);
afterAll(() => session.close());

describe('an untrusted workspace', () => {
  it('is in restricted mode', async () => {
    await workbench.statusBar('Restricted Mode').first().waitFor({ timeout: 20_000 });
  });

  it('refuses to annotate, in one sentence', { timeout: 60_000 }, async () => {
    await workbench.openFile(PROBE);
    await workbench.runCommand(titleOf(COMMANDS.annotate));
    await workbench
      .notification(/not trusted/i)
      .first()
      .waitFor({ timeout: 20_000 });
    await workbench.screenshot('untrusted.dark-modern');
    await workbench.dismissNotifications();
  });

  it('refuses to train, in one sentence', { timeout: 60_000 }, async () => {
    await workbench.openFile(SPEC);
    await workbench.runCommand(titleOf(COMMANDS.train));
    await workbench
      .notification(/not trusted/i)
      .first()
      .waitFor({ timeout: 20_000 });
    await workbench.dismissNotifications();
  });

  it('still lists its runs', async () => {
    await workbench.runCommand('View: Show AR Lens');
    await workbench.walkToRun('shakespeare');
  });

  it('shows the curve of a run that is over', { timeout: 60_000 }, async () => {
    await workbench.runCommand(titleOf(COMMANDS.showTraining));
    const view = await webviewFrame(
      workbench.page,
      EXTENSION_ID,
      'body[data-view="training"] section.loss',
      60_000,
    );
    const record = JSON.parse(
      readFileSync(path.join(inject('workspace'), RUN, 'run.json'), 'utf8'),
    ) as RunRecord;
    const best = record.best?.validation.bits.toFixed(3) ?? '';
    await view.getByText(best).first().waitFor();
    // The curve is there as pixels of its colour, not only its figures as text.
    const drawn = await view.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.plots canvas');
      const swatch = document.querySelector('.ar-swatch-validation');
      if (canvas === null || swatch === null) return 0;
      const wanted = getComputedStyle(swatch).borderTopColor.match(/\d+/g)?.map(Number) ?? [];
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let found = 0;
      for (let at = 0; at < pixels.length; at += 4)
        if (wanted.every((value, channel) => Math.abs((pixels[at + channel] ?? 0) - value) < 8)) found++;
      return found;
    });
    expect(drawn).toBeGreaterThan(100);
    await workbench.screenshot('untrusted-training.dark-modern');
  });

  it('has started no process and reached no machine', async () => {
    const notes = readNotes(inject('untrustedNotes'));
    expect(notes.filter((note) => note.kind === 'process' && note.role !== '')).toEqual([]);
    expect(notes.some((note) => note.kind === 'process')).toBe(true);
    expect(reaches(inject('untrustedNotes'))).toEqual([]);
    await workbench.openFile(PROBE);
    expect((await drawnRanges(workbench.page)).length).toBe(0);
  });
});

/** The editor asks about a folder it has not seen: this suite answers no. */
async function declineTrust(): Promise<void> {
  const dialog = workbench.page.locator('.monaco-dialog-box');
  const restricted = workbench.statusBar('Restricted Mode').first();
  await dialog.or(restricted).first().waitFor({ timeout: 60_000 });
  if (await dialog.isVisible()) await dialog.locator('.monaco-button', { hasText: /No, I don/ }).click();
}
