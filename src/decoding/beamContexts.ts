// Where a beam's distributions come from: a decoder that is fed each sequence anew, since its state cannot fork.
// And which part of a sequence a bounded context sees, so that a beam of one is the greedy sampler, sliding included.
import type { Decoder } from '../families/family';
import type { Continue } from './beam';

/**
 * A beam over one decoder: every sequence is prefilled from its beginning. The plain road, for any family.
 * @param between awaited after each sequence: a wide beam's step is long, and a cancel must be heard within it.
 */
export function prefillingContinue(
  decoder: Decoder,
  visible: (sequence: readonly number[]) => readonly number[],
  between: () => Promise<void> = () => Promise.resolve(),
): Continue {
  return async (sequences) => {
    const rows = [];
    for (const sequence of sequences) {
      decoder.reset();
      // A decoder may hand out its own buffer.
      rows.push(Float32Array.from(await decoder.prefill(visible(sequence))));
      await between();
    }
    return rows;
  };
}

/**
 * The part of a sequence that `generate` with `keepLatestHalf` would have before it: everything while it fits; each time
 * the context is full, the latest half of it stays.
 */
export function visiblePart(
  prompt: number,
  context: number,
): (sequence: readonly number[]) => readonly number[] {
  const half = Math.max(1, Math.floor(context / 2));
  return (sequence) => {
    let held = prompt > context ? half : prompt;
    for (let drawn = prompt; drawn < sequence.length; drawn++) held = held < context ? held + 1 : half;
    return sequence.slice(-held);
  };
}
