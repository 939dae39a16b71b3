// Writes examples/workspace/neighbour.idx: 3,000 binary images of 8 × 8 in which each pixel is the one a row up and two
// to the right, flipped with probability .05, or a fair coin where there is none. `node scripts/make-neighbour.mjs`; the
// same file every time. That neighbour lies in the blind spot of a stack of 3 × 3 masked convolutions, which so learns
// nothing (1 bit/dim), while a gated stack can come down to the floor that this prints.
import { writeFile } from 'node:fs/promises';
import { importTypescript } from './lib/importTypescript.mjs';

const { Rng } = await importTypescript(new URL('../src/math/rng.ts', import.meta.url));

const [COUNT, SIDE, FLIP] = [3000, 8, 0.05];
const random = new Rng(1);
const header = Buffer.alloc(16);
[0x0803, COUNT, SIDE, SIDE].forEach((value, at) => header.writeUInt32BE(value, 4 * at));
const pixels = Buffer.alloc(COUNT * SIDE * SIDE);
for (let image = 0; image < COUNT; image++) {
  const at = (row, column) => (image * SIDE + row) * SIDE + column;
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const neighbour = row > 0 && column + 2 < SIDE ? pixels[at(row - 1, column + 2)] : undefined;
      const flips = random.uniform() < (neighbour === undefined ? 0.5 : FLIP);
      pixels[at(row, column)] = (neighbour ?? 0) ^ (flips ? 255 : 0);
    }
  }
}
await writeFile(
  new URL('../examples/workspace/neighbour.idx', import.meta.url),
  Buffer.concat([header, pixels]),
);
const noise = -FLIP * Math.log(FLIP) - (1 - FLIP) * Math.log(1 - FLIP);
const bound = (SIDE - 1) * (SIDE - 2);
const floor = (bound * noise + (SIDE * SIDE - bound) * Math.LN2) / (SIDE * SIDE);
console.log(`least possible: ${floor} nats/subpixel = ${floor / Math.LN2} bits/dim`);
