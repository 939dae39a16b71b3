// Show Training: the curve of a run, while it trains or afterwards.
import { COMMANDS } from '../ids';
import { folderArgument } from './arguments';
import type { Command } from './command';
import { pickRun } from './pickRun';

export const showTraining: Command = {
  id: COMMANDS.showTraining,
  run: async (services, target) => {
    const folder = folderArgument(target);
    const live = services.jobs.live[0];
    if (folder !== undefined) services.training.showRun(folder);
    else if (live !== undefined) services.training.showJob(live);
    else {
      const run = await pickRun(services, 'Show the training of which run?');
      if (run !== undefined) services.training.showRun(run.folder);
    }
  },
};
