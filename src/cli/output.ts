// What the command line writes: JSON without ever holding a large answer as one string, and tables for people.
// Knows no command.
import { once } from 'node:events';

/** Characters gathered before a write: a line at a time would spend its time in system calls. */
const CHUNK = 65_536;

export class Output {
  private pending = '';

  constructor(private readonly stream: NodeJS.WritableStream = process.stdout) {}

  /** Resolves when the reader has room for more. */
  async write(text: string): Promise<void> {
    this.pending += text;
    if (this.pending.length >= CHUNK) await this.flush();
  }

  async line(text: string): Promise<void> {
    await this.write(`${text}\n`);
    await this.flush();
  }

  /** Typed arrays are lists. */
  async json(value: unknown): Promise<void> {
    const plain = (_: string, part: unknown): unknown =>
      ArrayBuffer.isView(part) && !(part instanceof DataView) ? Array.from(part as Float64Array) : part;
    await this.line(JSON.stringify(value, plain));
  }

  async flush(): Promise<void> {
    const text = this.pending;
    this.pending = '';
    if (text !== '' && !this.stream.write(text)) await once(this.stream, 'drain');
  }

  /** Resolves when everything has left this process. */
  async end(): Promise<void> {
    await this.flush();
    await new Promise<void>((resolve) => this.stream.write('', () => resolve()));
  }
}

/** Rows of label, value and unit, aligned: values to the right, everything else to the left. */
export function table(rows: ReadonlyArray<readonly [label: string, value: string, rest: string]>): string {
  const width = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length));
  const [labels, values] = [width(0), width(1)];
  return rows
    .map(([label, value, rest]) => `${label.padEnd(labels)}  ${value.padStart(values)}  ${rest}`.trimEnd())
    .join('\n');
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Four significant digits and no exponent for everyday sizes. */
export function decimal(value: number): string {
  return Number.isFinite(value) ? value.toPrecision(5) : '–';
}
