// Show Log: the channel with the detail behind every sentence.
import { COMMANDS } from '../ids';
import type { Command } from './command';

export const showLog: Command = { id: COMMANDS.showLog, run: ({ log }) => log.show() };
