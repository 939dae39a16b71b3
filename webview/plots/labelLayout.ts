// Places labels beside a chart: as near to where each wants to be as the others allow, never one over another,
// never out of the strip, order kept. Pure.

/**
 * @param wanted where each label's centre would be, in any order
 * @param height of one label
 * @returns the centres, in the order of `wanted`
 */
export function placeLabels(
  wanted: readonly number[],
  height: number,
  top: number,
  bottom: number,
): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  // Labels that touch form a block, which sits where its members' wishes balance (pool-adjacent-violators).
  const blocks: Block[] = [];
  order.forEach((index) => {
    let block: Block = { members: [index], wish: (wanted[index] ?? 0) - height / 2 };
    for (let before = blocks.at(-1); before !== undefined; before = blocks.at(-1)) {
      if (
        startOf(before, height, top, bottom) + before.members.length * height <=
        startOf(block, height, top, bottom)
      )
        break;
      blocks.pop();
      block = merge(before, block, height);
    }
    blocks.push(block);
  });
  const placed = wanted.map(() => 0);
  for (const block of blocks) {
    const start = startOf(block, height, top, bottom);
    block.members.forEach((index, position) => {
      placed[index] = start + (position + 0.5) * height;
    });
  }
  return placed;
}

interface Block {
  readonly members: readonly number[];
  /** The mean, over its members, of where the block's top would have to be. */
  readonly wish: number;
}

function startOf(block: Block, height: number, top: number, bottom: number): number {
  return Math.max(top, Math.min(block.wish, bottom - block.members.length * height));
}

function merge(upper: Block, lower: Block, height: number): Block {
  const size = upper.members.length + lower.members.length;
  const shifted = lower.wish - upper.members.length * height;
  return {
    members: [...upper.members, ...lower.members],
    wish: (upper.wish * upper.members.length + shifted * lower.members.length) / size,
  };
}
