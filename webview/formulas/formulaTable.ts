// Every formula the views show, in one table. A test renders each, and holds what it comes to against what its view says.
import type { Formula, FormulaId, FormulaSymbol, FormulaValues } from './formula';
import { latexNumber, latexOfLog, latexTerms } from './latexNumber';

/** Terms that are written out before the dots. */
const SHOWN = 5;

const N: FormulaSymbol = { latex: 'n', meaning: 'tokens scored' };
const NATS: FormulaSymbol = { latex: 'L', meaning: 'nats, −ln of the joint probability' };
const BITS: FormulaSymbol = { latex: 'b', meaning: 'bits, nats ÷ ln 2' };
const CONTEXT: FormulaSymbol = {
  latex: 'c',
  meaning: 'the text before, as far as the model’s window reaches',
};
const TERM: FormulaSymbol = {
  latex: 'p(x_i \\mid c, x_{<i})',
  meaning: 'what the model gave token i, having read what stands before it',
};

export const FORMULAS: { readonly [Id in FormulaId]: Formula<FormulaValues[Id]> } = {
  chainRule: {
    title: 'Chain rule',
    left: 'P(x_1, \\dots, x_n \\mid c)',
    right: '\\prod_{i=1}^{n} p(x_i \\mid c, x_{<i})',
    numbers: ({ logProb }) => latexScored(logProb, '\\cdot', (log) => latexOfLog(log, 4)),
    symbols: [TERM, CONTEXT, N],
    unit: 'probability',
    evaluate: ({ logProb }) => sumOf(logProb),
    logarithm: true,
  },
  negativeLogLikelihood: {
    title: 'Nats',
    left: 'L = -\\ln P',
    right: '\\sum_{i=1}^{n} -\\ln p(x_i \\mid c, x_{<i})',
    numbers: ({ logProb }) => latexScored(logProb, '+', (log) => latexNumber(-log, 4)),
    symbols: [TERM, N],
    unit: 'nats',
    evaluate: ({ logProb }) => -sumOf(logProb),
  },
  bits: {
    title: 'Bits',
    left: 'b',
    right: '\\dfrac{L}{\\ln 2}',
    numbers: ({ nats }) => `\\dfrac{${latexNumber(nats, 7)}}{${latexNumber(Math.LN2)}}`,
    symbols: [NATS],
    unit: 'bits',
    evaluate: ({ nats }) => nats / Math.LN2,
  },
  bitsPerToken: {
    title: 'Bits per token',
    left: '\\text{bits/token}',
    right: '\\dfrac{b}{n}',
    numbers: ({ bits, tokens }) => `\\dfrac{${latexNumber(bits, 7)}}{${tokens}}`,
    symbols: [BITS, N],
    unit: 'bits/token',
    evaluate: ({ bits, tokens }) => bits / tokens,
  },
  bitsPerByte: {
    title: 'Bits per byte',
    left: '\\text{bits/byte}',
    right: '\\dfrac{b}{B}',
    numbers: ({ bits, bytes }) => `\\dfrac{${latexNumber(bits, 7)}}{${bytes}}`,
    symbols: [BITS, { latex: 'B', meaning: 'UTF-8 bytes of the text' }],
    unit: 'bits/byte',
    evaluate: ({ bits, bytes }) => bits / bytes,
  },
  perplexity: {
    title: 'Perplexity',
    left: '\\mathrm{PPL}',
    right: '\\exp\\!\\left(\\dfrac{L}{n}\\right) = 2^{\\,b/n}',
    numbers: ({ nats, tokens }) => `\\exp\\!\\left(\\dfrac{${latexNumber(nats, 7)}}{${tokens}}\\right)`,
    symbols: [NATS, BITS, N],
    unit: 'perplexity',
    evaluate: ({ nats, tokens }) => Math.exp(nats / tokens),
  },
  surprisal: {
    title: 'Surprisal',
    left: 'h_i',
    right: '-\\log_2 p(x_i \\mid x_{<i})',
    numbers: ({ logProb }) => `-\\log_2 ${latexOfLog(logProb)}`,
    symbols: [{ latex: 'p(x_i \\mid x_{<i})', meaning: 'what the model gave it' }],
    unit: 'bits',
    evaluate: ({ logProb }) => -logProb / Math.LN2,
  },
  entropy: {
    title: 'Entropy of the row',
    left: 'H_i',
    right: '-\\sum_{j \\le i} \\alpha_{ij} \\log_2 \\alpha_{ij}',
    numbers: ({ weights }) =>
      latexTerms(
        weights.length,
        '-',
        (j) => {
          const weight = latexNumber(weights[j] ?? NaN, 3);
          return `${j === 0 ? '-' : ''}${weight} \\log_2 ${weight}`;
        },
        2,
      ),
    symbols: [
      { latex: '\\alpha_{ij}', meaning: 'weight of position j in the row of position i; the row sums to 1' },
    ],
    unit: 'bits',
    evaluate: ({ weights }) => entropyBits(weights),
  },
  softmax: {
    title: 'Softmax with temperature',
    left: 'p_T(x)',
    right: '\\dfrac{\\exp(z_x / T)}{\\sum_{y} \\exp(z_y / T)}',
    numbers: ({ logits, row, temperature, logSum }) => {
      const tempered = (at: number) => (logits[at] ?? NaN) / temperature;
      const written = (at: number) =>
        `\\exp(${latexNumber(logits[at] ?? NaN, 4)} / ${latexNumber(temperature, 4)})`;
      const sum = `${written(0)} + ${written(1)} + \\cdots`;
      return [
        `\\dfrac{${written(row)}}{${logits.length > 1 ? sum : written(0)}}`,
        `\\dfrac{${latexOfLog(tempered(row))}}{${latexOfLog(logSum)}}`,
      ].join(' = ');
    },
    symbols: [
      { latex: 'z_x', meaning: 'the model’s logit of token x, after the repetition penalty' },
      { latex: 'T', meaning: 'temperature' },
      { latex: 'y', meaning: 'every token of the vocabulary, also those without a row here' },
    ],
    unit: 'probability',
    evaluate: ({ logits, row, temperature, logSum }) => Math.exp((logits[row] ?? NaN) / temperature - logSum),
  },
  greedy: {
    title: 'Greedy: no temperature',
    left: 'p_0(x)',
    right: '\\begin{cases} 1 & x = \\arg\\max_y z_y \\\\ 0 & \\text{else} \\end{cases}',
    numbers: ({ logits, row }) =>
      `\\left[\\, ${latexNumber(logits[row] ?? NaN)} = \\max_y z_y = ${latexNumber(greatest(logits))} \\,\\right]`,
    symbols: [
      { latex: 'z_x', meaning: 'the model’s logit of token x; nothing is divided by T, which is 0' },
      { latex: '[\\,\\cdot\\,]', meaning: '1 where it holds, 0 where it does not' },
    ],
    unit: 'probability',
    evaluate: ({ logits, row }) => (logits[row] === greatest(logits) ? 1 : 0),
  },
  attention: {
    title: 'Attention weight',
    left: '\\alpha_{ij}',
    right: '\\dfrac{\\exp(s_{ij})}{\\sum_{k \\le i} \\exp(s_{ik})}',
    numbers: ({ scores, column }) => {
      const written = (at: number) => `\\exp(${latexNumber(scores[at] ?? NaN, 4)})`;
      return `\\dfrac{${written(column)}}{${latexTerms(scores.length, '+', written, 2)}}`;
    },
    symbols: [
      {
        latex: 's_{ij} = \\dfrac{q_i \\cdot k_j}{\\sqrt{D}}',
        meaning: 'score of position j for position i; later positions are masked: they have no term',
      },
      { latex: 'q_i,\\ k_j', meaning: 'query and key, of D numbers each' },
    ],
    unit: 'attention weight',
    evaluate: ({ scores, column }) => Math.exp((scores[column] ?? NaN) - logSumExp(scores)),
  },
};

/** Terms of a sum or product over the scored tokens: the first few and the last, dots between. */
function latexScored(logProb: ArrayLike<number>, sign: string, write: (logProb: number) => string): string {
  const first: number[] = [];
  let [count, last] = [0, NaN];
  for (let i = 0; i < logProb.length; i++) {
    const term = logProb[i] ?? NaN;
    if (Number.isNaN(term)) continue;
    if (first.length <= SHOWN) first.push(term);
    count++;
    last = term;
  }
  return latexTerms(count, sign, (i) => write(first[i] ?? last), SHOWN);
}

/** In order and in double precision, as `score` sums. */
function sumOf(logProb: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < logProb.length; i++) {
    const term = logProb[i] ?? NaN;
    if (!Number.isNaN(term)) sum += term;
  }
  return sum;
}

function entropyBits(weights: ArrayLike<number>): number {
  let bits = 0;
  for (let j = 0; j < weights.length; j++) {
    const p = weights[j] ?? 0;
    if (p > 0) bits -= p * Math.log2(p);
  }
  return Math.max(0, bits);
}

function greatest(values: ArrayLike<number>): number {
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i] ?? -Infinity);
  return most;
}

function logSumExp(values: ArrayLike<number>): number {
  const most = greatest(values);
  let total = 0;
  for (let i = 0; i < values.length; i++) total += Math.exp((values[i] ?? 0) - most);
  return most + Math.log(total);
}
