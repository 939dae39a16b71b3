// Pause Training: the job keeps its memory and its place, and computes nothing.
import { COMMANDS } from '../ids';
import type { Command } from './command';
import { liveJob } from './liveJob';

export const pauseTraining: Command = {
  id: COMMANDS.pauseTraining,
  runs: 'Training',
  run: async (services, target) => (await liveJob(services, target))?.pause(),
};
