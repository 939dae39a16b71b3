// The running job a command is about: of the run it was given, else the only one; with several, a question.
import * as vscode from 'vscode';
import type { TrainingJob } from '../engine/trainingJob';
import { specName } from '../explorer/runFolders';
import { COMMANDS } from '../ids';
import { Refusal } from '../report';
import type { Services } from '../services';
import { folderArgument } from './arguments';

export async function liveJob(services: Services, target: unknown): Promise<TrainingJob | undefined> {
  const folder = folderArgument(target);
  const given = folder === undefined ? undefined : services.jobs.byFolder(folder);
  if (given?.live === true) return given;
  const jobs = services.jobs.live;
  const only = jobs[0];
  if (only === undefined) {
    throw new Refusal('Nothing is training now.', [{ label: 'Train', command: COMMANDS.train }]);
  }
  if (jobs.length === 1) return only;
  const items = jobs.map((job) => ({
    label: specName(job.params.spec),
    description: `${job.status}, step ${job.series.record?.step ?? 0}`,
    job,
  }));
  return (await vscode.window.showQuickPick(items, { title: 'Which training run?' }))?.job;
}
