// Clear Annotations: removes every annotation from every editor and forgets their scores.
import { COMMANDS } from '../ids';
import type { Command } from './command';

export const clearAnnotations: Command = {
  id: COMMANDS.clear,
  run: ({ annotations }) => annotations.clearAll(),
};
