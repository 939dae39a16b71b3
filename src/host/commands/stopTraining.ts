// Stop Training: ends after the step it is at, with a checkpoint to go on from.
import { COMMANDS } from '../ids';
import type { Command } from './command';
import { liveJob } from './liveJob';
import { withProgress } from './progress';

export const stopTraining: Command = {
  id: COMMANDS.stopTraining,
  runs: 'Training',
  run: async (services, target) => {
    const job = await liveJob(services, target);
    if (job !== undefined)
      await withProgress('Stopping after this step, with a checkpoint', () => job.stop());
  },
};
