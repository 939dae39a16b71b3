// The numbers of a selection, each with unit, denominator and badge. Pure.
import type { ScoreSummary } from '../../../src/protocol/engine';
import { NATS_PER_BIT } from '../../../src/protocol/figure';
import type { Likelihood } from '../../ui/figure';

export interface SelectionFigures {
  readonly joint: Likelihood;
  readonly nats: Likelihood;
  readonly bits: Likelihood;
  readonly perToken: Likelihood;
  readonly perByte: Likelihood;
  readonly perplexity: Likelihood;
}

/** All from one sum: the engine's, over the scored tokens. */
export function figuresOf({
  nll,
  scored,
  bytes,
  bitsPerByte,
  perplexity,
  likelihood: badge,
}: ScoreSummary): SelectionFigures {
  const tokens = { count: scored, of: scored === 1 ? 'token' : 'tokens', badge };
  const bits = nll / NATS_PER_BIT;
  return {
    joint: { value: Math.exp(-nll), unit: 'probability', ...tokens },
    nats: { value: nll, unit: 'nats', ...tokens },
    bits: { value: bits, unit: 'bits', ...tokens },
    perToken: { value: bits / scored, unit: 'bits/token', ...tokens },
    perByte: {
      value: bitsPerByte,
      unit: 'bits/byte',
      count: bytes,
      of: bytes === 1 ? 'byte' : 'bytes',
      badge,
    },
    perplexity: { value: perplexity, unit: 'perplexity', ...tokens },
  };
}
