// The kernels of sampling image models pixel by pixel, as fusedKernels.ts declares them: a table of steps and their
// weights are laid out once, as c/pixelSteps.c reads them, and then run for every pixel.
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../fusedKernels';
import type * as fused from '../fusedKernels';
import type { SimdBackend } from '../simdBackend';
import { define, expectDtype, sizeOf } from './define';
import { expectSize } from './fusedLayers';

/** As in C. */
const panel = 32;
const halfPanel = 16;
const itemsAtOnce = 8;
const mostPlaces = 1024;
const activations = { none: 0, relu: 1, gate: 2 } as const;
const headerWords = 4;
const stepWords = 9 + 2 * 5 + 4 * 5;

type Inputs = Record<string, TensorInfo>;

export const pixelStepKernels: KernelConfig[] = [
  define<Inputs, fused.PixelProgramAttributes>(
    FusedKernel.pixelProgram,
    (inputs, { height, width, steps }, backend) => {
      const layouts = steps.map((step) => new StepLayout(step, inputs, { height, width }));
      const rows = layouts[0]?.rows ?? 0;
      if (rows === 0 || layouts.some((layout) => layout.rows !== rows)) {
        throw new Error(
          `${FusedKernel.pixelProgram}: expected steps over planes of one number of rows, got ${layouts.map((layout) => layout.rows).join(', ')}`,
        );
      }
      const words = layouts.reduce((sum, { pairs }) => sum + pairs, headerWords + steps.length * stepWords);
      const floats = layouts.reduce((sum, layout) => sum + layout.floats, 0);
      const [program, weights] = makeBoth(backend, words, floats);
      const table = new TableWriter(backend, program, weights);
      table.words.set([rows, height, width, steps.length]);
      layouts.forEach((layout, index) => layout.write(table, headerWords + index * stepWords));
      return [program, weights];
    },
  ),
  define<fused.PixelStepsInputs, fused.PixelStepsAttributes>(
    FusedKernel.pixelSteps,
    ({ program }, { row, column, columns }, backend) => {
      backend.run('PixelSteps', backend.at(program), row, column, columns);
      return [];
    },
  ),
];

/** Callers go on without the kernel where there is no room: nothing may be left behind. */
function makeBoth(
  backend: SimdBackend,
  words: number,
  floats: number,
): [program: TensorInfo, weights: TensorInfo] {
  const program = backend.make([words], 'int32');
  try {
    return [program, backend.make([floats], 'float32')];
  } catch (error) {
    backend.release(program);
    throw error;
  }
}

/** Where the next offsets and weights go. */
class TableWriter {
  readonly words: Int32Array;
  readonly floats: Float32Array;
  private word: number;
  private float = 0;

  constructor(
    readonly backend: SimdBackend,
    private readonly program: TensorInfo,
    private readonly weights: TensorInfo,
  ) {
    this.words = backend.view(program) as Int32Array;
    this.floats = backend.view(weights) as Float32Array;
    this.word = this.words.length;
  }

  /** Pairs are laid out from the end of the table. @returns their place in memory, in floats */
  pairs(places: fused.PixelReadAttributes['places']): number {
    this.word -= 2 * places.length;
    this.words.set(places.flat(), this.word);
    return this.place(this.program) + this.word;
  }

  /** @returns room for so many floats, and its place in memory */
  room(size: number): { values: Float32Array; at: number } {
    const start = this.float;
    this.float += size;
    return { values: this.floats.subarray(start, start + size), at: this.place(this.weights) + start };
  }

  place(tensor: TensorInfo | undefined): number {
    return tensor ? this.backend.at(tensor) / 4 : 0;
  }
}

interface Read extends fused.PixelReadAttributes {
  readonly x: TensorInfo;
  readonly features: number;
}

class StepLayout {
  readonly rows: number;
  readonly floats: number;
  /** Words of the places' offsets. */
  readonly pairs: number;
  private readonly reads: readonly Read[];
  private readonly all: number;
  private readonly outputs: number;
  private readonly halves: number;
  private readonly padded: number;
  private readonly lines: number;

  constructor(
    private readonly step: fused.PixelStepAttributes,
    private readonly inputs: Inputs,
    private readonly image: { readonly height: number; readonly width: number },
  ) {
    const { reads, from, to, activation } = step;
    this.reads = reads.map((read) => {
      const x = this.plane(read.plane);
      return { ...read, x, features: x.shape[3] ?? 0 };
    });
    this.rows = this.reads[0]?.x.shape[0] ?? 0;
    this.all = this.tensor(reads[0]?.weight ?? -1)?.shape[1] ?? 0;
    this.outputs = to - from;
    this.halves = activation === 'gate' ? 2 : 1;
    this.padded = Math.ceil(this.outputs / halfPanel) * halfPanel;
    this.lines = this.reads.reduce((sum, { places, features }) => sum + places.length * features, 0);
    this.floats = (this.lines + 1) * this.halves * this.padded;
    this.pairs = this.reads.reduce((sum, { places }) => sum + 2 * places.length, 0);
    this.check();
  }

  write(table: TableWriter, at: number): void {
    const { outputs, padded, halves, lines, reads, image } = this;
    const { activation, adds, raw, active } = this.step;
    const weights = table.room(lines * halves * padded);
    this.pack(table.backend, weights.values);
    const bias = table.room(halves * padded);
    this.addBiases(table.backend, bias.values);
    // From low to high − 1 no column's places leave the row: what they see differs by as many floats as they lie apart.
    const right = reads.flatMap(({ places }) => places.map(([, columns]) => columns));
    const low = Math.max(0, ...right.map((columns) => -columns));
    const high = image.width - Math.max(0, ...right);
    const kept = [adds[0] ?? -1, adds[1] ?? -1, raw, activation === 'none' ? -1 : active];
    table.words.set(
      [
        ...[outputs, padded, halves, activations[activation], weights.at, lines, bias.at, low, high],
        ...[0, 1].flatMap((index) => {
          const read = reads[index];
          if (!read) return [0, 0, 0, 0, 0];
          const { x, features, places } = read;
          return [table.place(x), features, this.isSpot(x), places.length, table.pairs(places)];
        }),
        ...kept.flatMap((index) => {
          if (index < 0) return [0, 0, 0, 0, 0];
          const plane = this.plane(index);
          const { from } = this.step;
          return [table.place(plane), plane.shape[3] ?? 0, this.isSpot(plane), from, from + this.all / 2];
        }),
      ],
      at,
    );
  }

  /** Panel by panel, in each the lines of all places of all convolutions; outputs that are not there weigh 0. */
  private pack(backend: SimdBackend, packed: Float32Array): void {
    const { all, lines, halves, padded } = this;
    const columns = halves * padded;
    packed.fill(0);
    let firstLine = 0;
    for (const { weight, open, places, features } of this.reads) {
      const values = backend.view(this.tensor(weight) as TensorInfo);
      const mask = this.tensor(open);
      const opened = mask ? backend.view(mask) : null;
      const own = places.length * features;
      for (let start = 0; start < columns; start += panel) {
        const width = Math.min(panel, columns - start);
        for (let column = 0; column < width; column++) {
          const output = this.outputAt(start + column);
          if (output < 0) continue;
          let to = lines * start + firstLine * width + column;
          for (let line = 0, from = output; line < own; line++, from += all, to += width) {
            packed[to] = (values[from] as number) * (opened ? (opened[from] as number) : 1);
          }
        }
      }
      firstLine += own;
    }
  }

  private addBiases(backend: SimdBackend, sums: Float32Array): void {
    sums.fill(0);
    for (const { bias } of this.reads) {
      const tensor = this.tensor(bias);
      if (!tensor) continue;
      const values = backend.view(tensor);
      for (let column = 0; column < sums.length; column++) {
        const output = this.outputAt(column);
        if (output >= 0) sums[column] = (sums[column] as number) + (values[output] as number);
      }
    }
  }

  /** The output feature in a column of the padded halves, −1 for none. */
  private outputAt(column: number): number {
    const within = column % this.padded;
    if (within >= this.outputs) return -1;
    return this.step.from + within + (column >= this.padded ? this.all / 2 : 0);
  }

  private tensor(index: number): TensorInfo | undefined {
    return index < 0 ? undefined : this.inputs[`t${index}`];
  }

  private plane(index: number): TensorInfo {
    const plane = this.tensor(index);
    if (plane?.shape.length !== 4) throw this.wrong('planes of four axes', plane?.shape);
    expectDtype(FusedKernel.pixelProgram, 'a plane', plane, 'float32');
    return plane;
  }

  /** 1 where it has the features of one pixel only. */
  private isSpot({ shape }: TensorInfo): 0 | 1 {
    return shape[1] === 1 && shape[2] === 1 ? 1 : 0;
  }

  private check(): void {
    const { step, reads, all, outputs, halves, padded, image } = this;
    const isWhole = ({ shape }: TensorInfo) => shape[1] === image.height && shape[2] === image.width;
    if (reads.length < 1 || reads.length > 2 || step.adds.length > 2) {
      throw this.wrong('one or two convolutions and at most two planes to add', [
        reads.length,
        step.adds.length,
      ]);
    }
    if (outputs < 1 || step.from < 0 || step.to * halves > all) {
      throw this.wrong(`outputs within ${all / halves}`, [step.from, step.to]);
    }
    if (halves * padded * itemsAtOnce > 1 << 18) throw this.wrong('at most 32,768 outputs', [outputs]);
    if (this.pairs / 2 > mostPlaces) throw this.wrong(`at most ${mostPlaces} places`, [this.pairs / 2]);
    for (const { x, features, weight, open, bias, places } of reads) {
      const size = places.length * features * all;
      expectSize(FusedKernel.pixelProgram, 'weight', this.tensor(weight), size);
      expectSize(FusedKernel.pixelProgram, 'open', this.tensor(open), size);
      expectSize(FusedKernel.pixelProgram, 'bias', this.tensor(bias), all);
      const ownPixel = places.every(([down, right]) => down === 0 && right === 0);
      if ((!isWhole(x) && !(this.isSpot(x) && ownPixel)) || x.shape[0] !== this.rows) {
        throw this.wrong(`a plane of the image, of ${this.rows} rows`, x.shape);
      }
    }
    const written = [step.raw, step.activation === 'none' ? -1 : step.active];
    for (const index of [...step.adds, ...written]) {
      if (index < 0) continue;
      const plane = this.plane(index);
      const needed = index === written[1] && step.activation === 'gate' ? all / 2 : all;
      if ((!isWhole(plane) && !this.isSpot(plane)) || plane.shape[0] !== this.rows) {
        throw this.wrong(`a plane of ${this.rows} images`, plane.shape);
      }
      expectSize(FusedKernel.pixelProgram, 'a plane', plane, needed * sizeOf(plane.shape.slice(0, 3)));
    }
    if (step.activation !== 'none' && step.active < 0) throw this.wrong('a plane for the activation', []);
  }

  private wrong(expected: string, got: readonly number[] | undefined): Error {
    return new Error(`${FusedKernel.pixelProgram}: expected ${expected}, got [${(got ?? []).join(', ')}]`);
  }
}
