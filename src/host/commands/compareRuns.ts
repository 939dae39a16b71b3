// Compare Runs: draws other runs behind one in its Training panel.
import { COMMANDS } from '../ids';
import { folderArgument } from './arguments';
import type { Command } from './command';
import { pickRun, pickRuns } from './pickRun';

export const compareRuns: Command = {
  id: COMMANDS.compareRuns,
  run: async (services, target) => {
    const folder = folderArgument(target) ?? (await pickRun(services, 'Compare which run?'))?.folder;
    if (folder === undefined) return;
    const panel = services.training.showRun(folder);
    const others = await pickRuns(services, 'Draw which runs behind it?', panel.compared);
    if (others === undefined) return;
    await panel.compare(others.map((run) => run.folder).filter((each) => each !== folder));
  },
};
