// Restart Engine: ends the interactive engine, however stuck, and starts a new one. Annotated texts follow by themselves.
import { COMMANDS } from '../ids';
import type { Command } from './command';
import { withProgress } from './progress';

export const restartEngine: Command = {
  id: COMMANDS.restartEngine,
  runs: 'Running a model',
  run: ({ engine }) => withProgress('Restarting the engine', () => engine.restart()),
};
