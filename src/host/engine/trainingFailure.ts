// What a training's failure means for its run: the sentence that a person reads, and whether another device goes on.
// Knows no process and no editor.
import type { DeviceId } from '../../protocol/engine';
import type { ErrorRecord } from '../../protocol/errors';
import { sentences } from '../sentences';

/** The process ended, the run did not: its checkpoint is whole. */
const GO_ON = 'Resume it to go on from its last checkpoint.';

const CARD = 'webgpu' satisfies DeviceId;

export interface TrainingFailure {
  readonly sentence: string;
  /** It failed because of its device alone: another one goes on from the last checkpoint. */
  readonly lostDevice: boolean;
}

/** @param run where the run has a folder: the device that it computed on, as its record says it */
export function trainingFailure(
  { reason, message, action }: ErrorRecord,
  run?: { readonly device: string },
): TrainingFailure {
  // The machine has memory of its own, so that a card without any is like one that is gone.
  const cardIsFull = reason === 'outOfMemory' && run?.device === CARD;
  const lostDevice = reason === 'deviceLost' || cardIsFull;
  const processEnded = !lostDevice && (reason === 'engineGone' || reason === 'outOfMemory');
  return { sentence: sentences(message, processEnded && run !== undefined ? GO_ON : action), lostDevice };
}
