// The receptive field report: truth's values of the blind spot, the closure at each depth against it, and how long it takes.
import { describe, expect, it } from 'vitest';
import { ReachFinder } from '../../analysis/reach/reach';
import { IMAGE_FAMILIES, familyById } from '../../families/registry';
import type { FieldSettings, FieldStack } from '../../protocol/receptiveField';
import { FieldStore, USUAL, type Architecture } from './fieldReport';
import { kernelMask } from './kernelMask';
import { hasLayers, imageStack } from './stacks';

/** Of one stack at a depth: what is seen, blind, too shallow and leaking. */
function countsAt(stack: FieldStack, depth: number) {
  const counts = { allowed: stack.allowed, seen: 0, blind: 0, tooShallow: 0, leaks: 0 };
  stack.first.forEach((first, input) => {
    const may = (stack.steps?.[input] ?? input) < stack.allowed;
    const seen = first > 0 && first <= depth;
    if (!may) counts.leaks += Number(seen);
    else if (seen) counts.seen++;
    else if (first === 0) counts.blind++;
    else counts.tooShallow++;
  });
  return counts;
}

const field = (settings: Partial<FieldSettings>, position?: readonly [number, number], channel = 0) =>
  new FieldStore().report({ settings, channel, ...(position ? { position } : {}) });

describe('the receptive field report', () => {
  it('has truth’s counts at (14, 14) of 28 × 28, plain beside gated', () => {
    const report = field({}, [14, 14]);
    const [plain, gated] = report.stacks as [FieldStack, FieldStack];
    expect([plain.family, gated.family]).toEqual(['pixelcnn', 'gatedPixelcnn']);
    expect(countsAt(plain, 8)).toEqual({
      allowed: 406,
      seen: 192,
      blind: 55,
      tooShallow: 159,
      leaks: 0,
    });
    expect(countsAt(plain, 15)).toEqual({
      allowed: 406,
      seen: 351,
      blind: 55,
      tooShallow: 0,
      leaks: 0,
    });
    // 11 rows above of 21 columns, and 10 pixels to the left: the first shift down is a row more than the kernel has.
    expect(countsAt(gated, 8)).toMatchObject({ seen: 241, blind: 0, tooShallow: 165, leaks: 0 });
    const all3 = field({ firstKernel: 3 }, [14, 14]);
    expect(countsAt(all3.stacks[0] as FieldStack, 60)).toMatchObject({ seen: 328, blind: 78 });
  });

  it.each(IMAGE_FAMILIES.map(({ id }) => id))(
    '%s: agrees with the closure at every depth and output',
    (id) => {
      const family = IMAGE_FAMILIES.find((each) => each.id === id);
      if (!family) throw new Error(id);
      for (const channels of [1, 3]) {
        const order: unknown = Reflect.get(family.example, 'order');
        const settings = {
          ...{ height: 6, width: 7, channels, kernel: 3, firstKernel: 3, families: [id] },
          ...(typeof order === 'string' ? { order } : {}),
        };
        const facts = { ...settings, levels: 2 };
        const store = new FieldStore();
        const config = { ...family.example, kernel: 3, firstKernel: 3 };
        for (const layers of [1, 2, 3, 5]) {
          const graph = family.taps(hasLayers(config) ? { ...config, layers } : family.example, facts);
          const deepest = hasLayers(config) ? family.deepestTaps({ ...config, layers }, facts) : graph;
          const finder = new ReachFinder({ graph, deepest, causality: 'strict', shape: facts });
          for (let output = 0; output < 42 * channels; output += 5) {
            const pixel = Math.floor(output / channels);
            const position = [Math.floor(pixel / 7), pixel % 7] as const;
            const report = store.report({ settings, position, channel: output % channels });
            const reach = finder.of(output);
            expect(countsAt(report.stacks[0] as FieldStack, layers)).toEqual({
              allowed: reach.allowed,
              seen: reach.seen.length,
              blind: reach.blind.length,
              tooShallow: reach.tooShallow.length,
              leaks: 0,
            });
            expect(Math.max(...(report.stacks[0] as FieldStack).first)).toBeLessThanOrEqual(report.deepest);
          }
        }
      }
    },
  );

  it.each(IMAGE_FAMILIES)('$id: a layer more never sees less', (family) => {
    const stack = imageStack(family, family.example, { height: 5, width: 6, channels: 3, levels: 2 });
    for (let output = 0; output < 90; output += 7) {
      let before: readonly number[] = [];
      for (let layers = 1; layers <= 6; layers++) {
        const graph = stack.taps(layers);
        const { seen } = new ReachFinder({ ...stack, graph, deepest: graph }).of(output);
        expect(before.filter((input) => !seen.includes(input))).toEqual([]);
        before = [...seen];
      }
    }
  });

  it('shows a text’s places as one line, what a window hides as too shallow', () => {
    const family = familyById('llama');
    if (!family) throw new Error('llama');
    const config = { ...family.example, layers: 2, window: 3 };
    const own: Architecture = {
      domain: 'text',
      family,
      config,
      settings: { ...USUAL, height: 1, width: 12, layers: 2, families: ['llama'] },
      from: 'model',
    };
    const report = new FieldStore().report({ position: [0, 9] }, own);
    expect(report).toMatchObject({ domain: 'text', unit: 'token', causality: 'shifted' });
    expect(countsAt(report.stacks[0] as FieldStack, 2)).toMatchObject({
      allowed: 10,
      seen: 5,
      blind: 0,
      tooShallow: 5,
    });
  });

  it('refuses what is no grid, no kernel and no family, in one sentence', () => {
    expect(() => field({ height: 65 })).toThrow('height: expected a whole number from 1 to 64, got 65.');
    expect(() => field({ kernel: 4 })).toThrow('kernel: expected an odd number from 1 to 15, got 4.');
    expect(() => field({ channels: 2 })).toThrow('channels: expected 1 or 3, got 2.');
    expect(() => field({ families: ['nothing'] })).toThrow('families: expected ones of pixelcnn');
    expect(() => field({}, [28, 0])).toThrow('position: expected a number from 0 to 27 of 28 rows, got 28.');
  });

  it('answers for 64 × 64 at every depth within the time of a few frames', () => {
    const store = new FieldStore();
    const settings = { height: 64, width: 64, layers: 20, firstKernel: 3 };
    store.report({ settings });
    const times: number[] = [];
    for (let column = 0; column < 64; column += 8) {
      const begun = performance.now();
      store.report({ settings, position: [63, column] });
      times.push(performance.now() - begun);
    }
    times.sort((a, b) => a - b);
    console.log(
      `64 × 64, plain and gated, every depth: ${times[4]?.toFixed(1)} ms (worst ${times[7]?.toFixed(1)})`,
    );
    expect(times[0]).toBeLessThan(200);
  });
});

describe('a kernel’s mask without a model', () => {
  it('has the rows of its type in a full square', () => {
    const grey = { channels: 1, order: [0] };
    expect(kernelMask({ kernel: 3, type: 'A', ...grey }).rows).toEqual([
      [1, 1, 1],
      [1, 0, 0],
      [0, 0, 0],
    ]);
    expect(kernelMask({ kernel: 3, type: 'B', ...grey }).rows[1]).toEqual([1, 1, 0]);
    expect(kernelMask({ kernel: 5, type: 'horizontal A', ...grey }).rows).toEqual([
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
      [1, 1, 0, 0, 0],
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
    ]);
    expect(kernelMask({ kernel: 3, type: 'vertical', ...grey }).rows).toEqual([
      [1, 1, 1],
      [1, 1, 1],
      [0, 0, 0],
    ]);
  });

  it('orders the channels as it is told', () => {
    const rgb = { kernel: 3, channels: 3 };
    expect(kernelMask({ ...rgb, type: 'A', order: [0, 1, 2] }).centre).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
    ]);
    expect(kernelMask({ ...rgb, type: 'B', order: [2, 1, 0] }).centre).toEqual([
      [1, 1, 1],
      [0, 1, 1],
      [0, 0, 1],
    ]);
    expect(() => kernelMask({ ...rgb, type: 'A', order: [0, 0, 1] })).toThrow(
      'order: expected each of 3 channels once',
    );
    expect(() => kernelMask({ kernel: 2, type: 'A', channels: 1, order: [0] })).toThrow(
      'kernel: expected an odd number',
    );
  });
});
