// Starts a training job, shows its panel, and says in the status bar how far it is.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { DeviceChoice, TrainParams } from '../../protocol/engine';
import { toErrorRecord } from '../../protocol/errors';
import type { MetricsTable } from '../../protocol/run';
import type { TrainingJob } from '../engine/trainingJob';
import { specName } from '../explorer/runFolders';
import { readRunMetrics } from '../explorer/runMetrics';
import { share } from '../explorer/runText';
import type { Services } from '../services';

export interface TrainingRequest {
  readonly spec: vscode.Uri;
  /** A run folder to go on with, from its checkpoint. */
  readonly resume?: string;
  readonly steps?: number;
  /** In place of the setting's and the spec's. */
  readonly device?: DeviceChoice;
}

export async function startTraining(services: Services, request: TrainingRequest): Promise<TrainingJob> {
  await saveSpec(request.spec);
  const folder = vscode.workspace.getWorkspaceFolder(request.spec);
  const params: TrainParams = {
    spec: request.spec.fsPath,
    workspace: folder?.uri.fsPath ?? path.dirname(request.spec.fsPath),
    ...(request.resume === undefined ? {} : { out: request.resume, resume: true }),
    ...(request.steps === undefined ? {} : { steps: request.steps }),
  };
  const job = services.jobs.start(params, await history(services.log, request.resume), request.device);
  services.training.showJob(job);
  void showProgress(services, request, job);
  return job;
}

/** The curve so far; a run whose metrics cannot be read goes on without it. */
async function history(
  log: vscode.LogOutputChannel,
  run: string | undefined,
): Promise<MetricsTable | undefined> {
  if (run === undefined) return undefined;
  return readRunMetrics(run).catch((error: unknown) => {
    log.warn(`training: no curve from before: ${toErrorRecord(error).message}`);
    return undefined;
  });
}

/** What is trained is what stands in the editor. */
async function saveSpec(spec: vscode.Uri): Promise<void> {
  const open = vscode.workspace.textDocuments.find((each) => each.uri.toString() === spec.toString());
  if (open?.isDirty === true) await open.save();
}

async function showProgress(services: Services, request: TrainingRequest, job: TrainingJob): Promise<void> {
  const title = `Training ${specName(job.params.spec)}`;
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, async (progress) => {
    const stop = job.changes.on(() => {
      const { record } = job.series;
      const percent = record === undefined ? '' : `${Math.floor(share(record) * 100)} %`;
      progress.report({ message: job.status === 'running' ? percent : `${job.status} ${percent}`.trim() });
    });
    await job.ended;
    stop();
  });
  await services.runs.refresh();
  if (job.lostDevice && job.folder !== undefined) return offerAnother(services, request, job);
  if (job.failed !== undefined && !services.training.shows(job)) {
    services.log.error(`${title}: ${job.failed}`);
    void vscode.window.showErrorMessage(`${title}: ${job.failed}`);
  }
}

/** A card that is gone takes no run with it. */
async function offerAnother(services: Services, request: TrainingRequest, job: TrainingJob): Promise<void> {
  const text = `Training ${specName(job.params.spec)}: ${job.failed}`;
  services.log.error(text);
  const goOn = 'Resume on simd';
  if ((await vscode.window.showErrorMessage(text, goOn)) !== goOn || job.folder === undefined) return;
  await startTraining(services, { ...request, resume: job.folder, device: 'simd' });
}
