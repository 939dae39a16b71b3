// Writes examples/workspace/two-state.txt: a chain over 'a' and 'b' that stays with probability .9.
// `node scripts/make-two-state.mjs`; the same file every time.
import { writeFile } from 'node:fs/promises';
import { importTypescript } from './lib/importTypescript.mjs';

const { Rng } = await importTypescript(new URL('../src/math/rng.ts', import.meta.url));
const { twoStateEntropyRate } = await importTypescript(
  new URL('../src/math/information.ts', import.meta.url),
);

const LENGTH = 300_000;
const STAY = 0.9;
const HELD_OUT = 0.5; // as in two-state.arlens.json
const EVALUATED = 131_072; // train.evaluateTokens
const rate = twoStateEntropyRate(STAY); // nats per character

/** Mean −ln p of text[from … to) under the chain itself: what a perfect model would score there. */
function chainLoss(text, from, to) {
  let total = 0;
  for (let i = from; i < to; i++) total -= Math.log(text[i] === text[i - 1] ? STAY : 1 - STAY);
  return total / (to - from);
}

function chain(seed) {
  const random = new Rng(seed);
  let state = random.integer(2);
  let text = '';
  for (let i = 0; i < LENGTH; i++) {
    text += state === 0 ? 'a' : 'b';
    if (random.uniform() >= STAY) state = 1 - state;
  }
  return text;
}

// A block of 131072 characters misses the rate by chance by .6 % (one standard error). The first seed whose held-out
// block is within .1 % is taken, so that a loss beside the floor speaks of the model and not of the block's luck.
const from = LENGTH * (1 - HELD_OUT);
for (let seed = 1; ; seed++) {
  const text = chain(seed);
  const losses = [chainLoss(text, from, from + EVALUATED), chainLoss(text, from, LENGTH)];
  if (losses.some((loss) => Math.abs(loss / rate - 1) > 1e-3)) continue;
  await writeFile(new URL('../examples/workspace/two-state.txt', import.meta.url), text);
  console.log(`seed ${seed}: ${LENGTH} characters, rate ${rate} nats/character`);
  console.log(
    `held out, under the chain itself: ${losses.map((loss) => loss.toFixed(6)).join(' and ')} nats/character`,
  );
  break;
}
