// Turns the kernels' word on each instruction set into a clause for people: only what failed, equal reasons together.

const SETS = ['avx512', 'avx2', 'neon', 'baseline', 'wasm-relaxed', 'wasm'];
const ENTRY = new RegExp(`(?:^| )(${SETS.join('|')}): (.*?)\\.?(?= (?:${SETS.join('|')}): |$)`, 'gs');
const NO_NEWS = /^(not needed|not tried|chosen)/;

/** @param why entries such as "avx512: this processor does not have it.", joined by blanks. */
export function refusals(why: string): string {
  const byReason = new Map<string, string[]>();
  for (const [, set, reason] of why.matchAll(ENTRY)) {
    if (set === undefined || reason === undefined || NO_NEWS.test(reason)) continue;
    byReason.set(reason, [...(byReason.get(reason) ?? []), set]);
  }
  return [...byReason].map(([reason, sets]) => `${sets.join(', ')}: ${reason}`).join('; ');
}
