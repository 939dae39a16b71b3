// Show Causal Mask: what the network of a spec or a run may see, beside what it really sees.
import { COMMANDS } from '../ids';
import type { Command } from './command';
import { maskSubject } from './maskSubject';

export const showCausalMask: Command = {
  id: COMMANDS.showCausalMask,
  runs: 'Measuring a mask',
  run: async (services, target) => {
    const subject = await maskSubject(services, target, 'The mask of which spec or run?');
    if (subject !== undefined) services.causalMask.show(subject);
  },
};
