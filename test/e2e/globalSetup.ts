// Once for the whole suite: the tools, the package as a person would install it, one server and one browser.
// The test files get addresses and paths; they start nothing themselves.
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { codeServer } from '../../scripts/tools/codeServer.mjs';
import { startWorkbench } from '../../scripts/tools/workbench.mjs';
import { startBrowser } from './driver/browser';
import { writeFixtures } from './fixtures';

const root = path.resolve(import.meta.dirname, '../..');
const say = (line: string) => console.log(`e2e: ${line}`);

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.colorTheme': 'Dark Modern',
  'workbench.reduceMotion': 'on',
  'editor.minimap.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.selectionHighlight': false,
  'editor.renderLineHighlight': 'none',
  'editor.bracketPairColorization.enabled': false,
  'editor.unicodeHighlight.ambiguousCharacters': false,
  'editor.wordBasedSuggestions': 'off',
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.accessibilitySupport': 'off',
  'files.autoSave': 'off',
  'files.simpleDialog.enable': true,
  'git.enabled': false,
  'window.confirmBeforeClose': 'never',
};

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const tools = await codeServer(say);
  if (tools.lost !== undefined) say(`note: ${tools.lost}`);
  const home = mkdtempSync(path.join(os.tmpdir(), 'ar-lens-e2e-'));
  const vsix = path.join(home, 'ar-lens.vsix');
  await promisify(execFile)(process.execPath, ['scripts/package.mjs', '--no-build', '--out', vsix], {
    cwd: root,
  });

  const workspace = path.join(home, 'workspace');
  cpSync(path.join(root, 'examples/workspace'), workspace, { recursive: true });
  writeFixtures(workspace);
  const untrusted = path.join(home, 'untrusted');
  cpSync(workspace, untrusted, { recursive: true });

  const open = async (name: string, folder: string, trust: 'off' | 'ask') => {
    const place = path.join(home, name);
    const notes = path.join(home, `${name}.notes`);
    const server = await startWorkbench({
      ...tools,
      home: place,
      folder,
      vsix,
      trust,
      settings: SETTINGS,
      env: watched(place, notes),
    });
    return { server, notes };
  };
  const trusted = await open('a', workspace, 'off');
  const guarded = await open('b', untrusted, 'ask');
  const attempts = path.join(home, 'attempts');
  const browser = await startBrowser(attempts);

  project.provide('browser', browser.endpoint);
  project.provide('workbenchUrl', trusted.server.url);
  project.provide('logs', trusted.server.logs);
  project.provide('workspace', workspace);
  project.provide('notes', trusted.notes);
  project.provide('attempts', attempts);
  project.provide('untrustedUrl', guarded.server.url);
  project.provide('untrustedNotes', guarded.notes);
  return async () => {
    await browser.stop();
    await Promise.all([trusted.server.stop(), guarded.server.stop()]);
    if (process.env['AR_LENS_E2E_KEEP'] === undefined) rmSync(home, { recursive: true, force: true });
    else say(`kept ${home}`);
  };
}

/**
 * The hook reaches VS Code's processes by NODE_OPTIONS. Engines get no NODE_* from the host, so for them a `node`
 * stands first on PATH that adds the hook and becomes the real one: same process id, same behaviour.
 */
function watched(home: string, notes: string): Record<string, string> {
  const hook = path.join(import.meta.dirname, 'driver/noteConnections.cjs');
  const bin = path.join(home, 'bin');
  mkdirSync(bin, { recursive: true });
  writeProgram(path.join(bin, 'node'), `exec "${process.execPath}" --require "${hook}" "$@"`);
  // VS Code asks the person's login shell for PATH; this one leaves it as it is.
  writeProgram(path.join(bin, 'shell'), 'for last; do :; done\nexec /bin/sh -c "$last"');
  return {
    SHELL: path.join(bin, 'shell'),
    AR_LENS_E2E_NOTES: notes,
    NODE_OPTIONS: `--require "${hook}"`,
    PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`,
  };
}

function writeProgram(file: string, body: string): void {
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}
