// Check: whether a spec's network or a run does what is said of it. The outcomes stand under its mask.
import { COMMANDS } from '../ids';
import type { Command } from './command';
import { maskSubject } from './maskSubject';

export const check: Command = {
  id: COMMANDS.check,
  runs: 'Checking a model',
  run: async (services, target) => {
    const subject = await maskSubject(services, target, 'Check which spec or run?');
    if (subject !== undefined) await services.causalMask.show(subject).check();
  },
};
