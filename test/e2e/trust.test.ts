// An untrusted workspace: files and runs can be looked at, nothing of it runs, and the editor says why.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { COMMANDS } from '../../src/host/ids';
import { drawnRanges } from './driver/editor';
import { readNotes, reaches } from './driver/notes';
import type { Workbench } from './driver/workbench';
import { PROBE, SPEC } from './fixtures';
import { openSession, titleOf, type Session } from './session';

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
    await workbench.treeRow('shakespeare').first().waitFor({ timeout: 20_000 });
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
