// Resume Training: a paused job goes on at once; a run that was stopped goes on from its checkpoint in a new process.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { SPEC_SUFFIX } from '../../protocol/run';
import type { RunFolder } from '../explorer/runFolders';
import { COMMANDS } from '../ids';
import { Refusal } from '../report';
import type { Services } from '../services';
import { folderArgument, runArgument } from './arguments';
import type { Command } from './command';
import { exists } from './newSpecFile';
import { pickRun } from './pickRun';
import { startTraining } from './startTraining';

export const resumeTraining: Command = {
  id: COMMANDS.resumeTraining,
  runs: 'Training',
  run: async (services, target) => {
    const folder = folderArgument(target);
    const paused = services.jobs.live.filter((job) => job.status === 'paused');
    const job = folder === undefined ? paused[0] : paused.find((each) => each.folder === folder);
    if (job !== undefined) return job.resume();
    const run = runArgument(services, target) ?? (await pickRun(services, 'Go on with which run?', canGoOn));
    if (run !== undefined) await goOn(services, run);
    return undefined;
  },
};

const canGoOn = (run: RunFolder): boolean =>
  run.resumable && typeof run.record !== 'string' && run.record.step < run.record.steps;

async function goOn(services: Services, run: RunFolder): Promise<void> {
  // The snapshot in the run cannot stand in: its paths are relative to the spec's own folder.
  const spec = vscode.Uri.file(
    path.join(run.folder, '..', '..', '..', '..', `${run.specName}${SPEC_SUFFIX}`),
  );
  if (!(await exists(spec))) {
    throw new Refusal(`${run.specName}${SPEC_SUFFIX}: expected the spec of this run, got none.`, [
      { label: 'Train Another', command: COMMANDS.train },
    ]);
  }
  await startTraining(services, { spec, resume: run.folder });
}
