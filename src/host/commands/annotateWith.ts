// Annotate With…: makes a run the model of this workspace and colours a text with it.
import { COMMANDS } from '../ids';
import { Refusal } from '../report';
import type { Services } from '../services';
import { isImageRun, type RunFolder } from '../explorer/runFolders';
import { annotateDocument } from './annotateDocument';
import { isSpec, runArgument, uriArgument } from './arguments';
import type { Command } from './command';
import { remember } from './modelChoice';
import { imageRunSentence } from '../sentences';
import { pickRun } from './pickRun';
import { runOfSpec } from './runOfSpec';
import { targetText } from './targetText';

export const annotateWith: Command = {
  id: COMMANDS.annotateWith,
  runs: 'Annotating',
  run: async (services, target) => {
    const run = await runFor(services, target);
    if (run === undefined) return;
    if (isImageRun(run.record)) {
      throw new Refusal(imageRunSentence(run.specName), [
        { label: 'Open Sampler', command: COMMANDS.openSampler, arguments: [run.folder] },
      ]);
    }
    if (!run.hasModel) {
      throw new Refusal(
        `${run.specName} ${run.label} has no weights yet: its first checkpoint is still to come.`,
        [{ label: 'Show Training', command: COMMANDS.showTraining, arguments: [run.folder] }],
      );
    }
    await remember(services, run.folder);
    const document = await targetText(undefined);
    if (document !== undefined) await annotateDocument(services, document, run.folder);
  },
};

async function runFor(services: Services, target: unknown): Promise<RunFolder | undefined> {
  const uri = uriArgument(target);
  if (uri !== undefined && isSpec(uri)) return runOfSpec(services, uri);
  return (
    runArgument(services, target) ?? pickRun(services, 'Annotate with which run?', (run) => run.hasModel)
  );
}
