// What a run gives to the choice of its device: the context, and a way to say that a choice is being measured.
import type { EngineContext, Measuring } from '../context';
import type { LearningSetting } from './tokenizerOf';

export type DeviceSetting = LearningSetting & { readonly context: Pick<EngineContext, 'device'> };

export function measuring({ control, emit }: DeviceSetting): Measuring {
  return {
    signal: control.stopSignal,
    say: (detail) => emit({ type: 'status', status: 'preparing', detail }),
  };
}
