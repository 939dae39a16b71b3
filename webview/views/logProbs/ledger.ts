// The ledger of units: one likelihood, six ways to quote it, each with its denominator and badge. Pure.
import type { ScoreSummary } from '../../../src/protocol/engine';
import { NATS_PER_BIT } from '../../../src/protocol/figure';
import type { Likelihood } from '../../ui/figure';

export interface LedgerRow {
  readonly id: string;
  /** How it is made, in words. */
  readonly how: string;
  readonly figure: Likelihood;
}

export function ledger(summary: ScoreSummary, characters: number): LedgerRow[] {
  const { nll, scored, bytes, likelihood: badge } = summary;
  const bits = nll / NATS_PER_BIT;
  const tokens = { count: scored, of: 'tokens', badge };
  return [
    { id: 'nats', how: '−Σ ln p', figure: { value: nll, unit: 'nats', ...tokens } },
    { id: 'bits', how: 'nats ÷ ln 2', figure: { value: bits, unit: 'bits', ...tokens } },
    {
      id: 'perToken',
      how: 'bits ÷ scored tokens',
      figure: { value: bits / scored, unit: 'bits/token', ...tokens },
    },
    {
      id: 'perCharacter',
      how: 'bits ÷ Unicode code points',
      figure: {
        value: bits / characters,
        unit: 'bits/character',
        count: characters,
        of: 'characters',
        badge,
      },
    },
    {
      id: 'perByte',
      how: 'bits ÷ UTF-8 bytes',
      figure: { value: summary.bitsPerByte, unit: 'bits/byte', count: bytes, of: 'bytes', badge },
    },
    {
      id: 'perplexity',
      how: 'exp(nats ÷ scored tokens)',
      figure: { value: summary.perplexity, unit: 'perplexity', ...tokens },
    },
  ];
}

/** Unicode code points; a lone surrogate is one. */
export function countCharacters(text: string): number {
  let pairs = 0;
  for (let i = 0; i + 1 < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(i + 1);
    if (next >= 0xdc00 && next <= 0xdfff) {
      pairs++;
      i++;
    }
  }
  return text.length - pairs;
}
