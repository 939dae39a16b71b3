// Asks for one run or several, with what tells them apart; where there is none, says so and offers training.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RunFolder } from '../explorer/runFolders';
import { lossText, progressText } from '../explorer/runText';
import { COMMANDS } from '../ids';
import { Refusal } from '../report';
import type { Services } from '../services';

interface RunItem extends vscode.QuickPickItem {
  readonly run: RunFolder;
}

export async function pickRun(
  services: Services,
  title: string,
  suits: (run: RunFolder) => boolean = () => true,
): Promise<RunFolder | undefined> {
  const items = await runItems(services, suits);
  const only = items[0];
  if (items.length === 1 && only !== undefined) return only.run;
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true }))
    ?.run;
}

export async function pickRuns(
  services: Services,
  title: string,
  picked: readonly string[],
): Promise<readonly RunFolder[] | undefined> {
  const items = await runItems(services, () => true);
  for (const item of items) item.picked = picked.includes(item.run.folder);
  const chosen = await vscode.window.showQuickPick(items, { title, canPickMany: true });
  return chosen?.map((item) => item.run);
}

async function runItems(services: Services, suits: (run: RunFolder) => boolean): Promise<RunItem[]> {
  await services.runs.ready();
  const items = services.runs.runs.filter(suits).map(runItem);
  if (items.length > 0) return items;
  throw new Refusal('There is no such run in this workspace yet.', [
    { label: 'Train One', command: COMMANDS.train },
  ]);
}

export function runItem(run: RunFolder): RunItem {
  const { record } = run;
  if (typeof record === 'string') return { label: `${run.specName} ${run.label}`, description: record, run };
  const best = record.best?.validation ?? record.validation;
  return {
    label: `${run.specName} ${run.label}`,
    description: best === undefined ? progressText(record) : lossText(best, record.data.bytesPerElement),
    detail: `${record.title}, ${progressText(record)}, ${path.basename(run.folder)}`,
    run,
  };
}
