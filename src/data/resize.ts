// Brings an 8-bit image to another size. Knows no file.

export interface Grid {
  readonly height: number;
  readonly width: number;
}

export interface Resizing extends Grid {
  /** crop: the largest centred part of the wanted proportions; stretch: the whole, proportions lost. */
  readonly fit: 'crop' | 'stretch';
  /** area: each new pixel is the mean of what it covers, weighted by area; nearest: the pixel at its centre. */
  readonly filter: 'area' | 'nearest';
}

/** @param pixels [height, width, channels] @returns [to.height, to.width, channels] */
export function resize(pixels: Uint8Array, from: Grid, channels: number, to: Resizing): Uint8Array {
  const part = to.fit === 'crop' ? centred(from, to) : { top: 0, left: 0, ...from };
  const rows = weights(part.top, part.height, from.height, to.height, to.filter);
  const columns = weights(part.left, part.width, from.width, to.width, to.filter);
  const out = new Uint8Array(to.height * to.width * channels);
  for (let r = 0; r < to.height; r++) {
    for (let c = 0; c < to.width; c++) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (const [row, share] of rows[r] as Weighted) {
          for (const [column, part] of columns[c] as Weighted) {
            sum += share * part * (pixels[(row * from.width + column) * channels + channel] as number);
          }
        }
        out[(r * to.width + c) * channels + channel] = Math.round(sum);
      }
    }
  }
  return out;
}

type Weighted = ReadonlyArray<readonly [index: number, share: number]>;

function centred(from: Grid, to: Grid): Grid & { top: number; left: number } {
  const scale = Math.min(from.height / to.height, from.width / to.width);
  const [height, width] = [to.height * scale, to.width * scale];
  return { top: (from.height - height) / 2, left: (from.width - width) / 2, height, width };
}

/** For each new index: which old ones it takes and their shares, which sum to 1. */
function weights(
  start: number,
  length: number,
  size: number,
  wanted: number,
  filter: Resizing['filter'],
): Weighted[] {
  const step = length / wanted;
  return Array.from({ length: wanted }, (_, index) => {
    const [low, high] = [start + index * step, start + (index + 1) * step];
    if (filter === 'nearest')
      return [[Math.min(size - 1, Math.max(0, Math.floor((low + high) / 2))), 1]] as const;
    const shares: Array<[number, number]> = [];
    for (let at = Math.max(0, Math.floor(low)); at < Math.min(size, Math.ceil(high - 1e-9)); at++) {
      shares.push([at, (Math.min(high, at + 1) - Math.max(low, at)) / step]);
    }
    const total = shares.reduce((sum, [, share]) => sum + share, 0);
    return shares.map(([at, share]) => [at, share / total] as const);
  });
}
