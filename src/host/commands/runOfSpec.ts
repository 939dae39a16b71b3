// The run of a spec that a command works on: its only one, or the one that is picked; where none is trained, training is offered.
import type * as vscode from 'vscode';
import * as path from 'node:path';
import { isTrained, runsOf, specName, type RunFolder } from '../explorer/runFolders';
import { COMMANDS } from '../ids';
import { Refusal } from '../report';
import type { Services } from '../services';
import { pickRun } from './pickRun';

/** A model of texts or of images: who takes but one of them says so by the run's own record. */
export async function runOfSpec(services: Services, spec: vscode.Uri): Promise<RunFolder | undefined> {
  await services.runs.refresh();
  const folder = runsOf(spec.fsPath);
  const suits = (run: RunFolder): boolean => path.dirname(run.folder) === folder && isTrained(run);
  if (!services.runs.runs.some(suits)) {
    throw new Refusal(`${specName(spec.path)} has no trained run yet.`, [
      { label: 'Train', command: COMMANDS.train, arguments: [spec] },
    ]);
  }
  return pickRun(services, `Which run of ${specName(spec.path)}?`, suits);
}
