// The pictures that a run of images has drawn, as its Training view wants them: each file is read once for each view.
// Trusts no path of a metrics file: nothing outside the run's own samples is read.
import { open } from 'node:fs/promises';
import * as path from 'node:path';
import { RUN_FILES } from '../../protocol/run';

/** Of one picture; and so many of the newest are shown. */
const LARGEST = 8 * 2 ** 20;
const MOST = 50;

export class SamplePictures {
  private sent = new Set<string>();

  /** A view that starts has nothing yet. */
  reset(): void {
    this.sent = new Set();
  }

  /** Those that were not sent yet, newest first; one that cannot be read is left out. */
  async *unsent(
    run: string,
    samples: ReadonlyArray<{ readonly text: string }>,
  ): AsyncGenerator<{ text: string; png: Uint8Array }> {
    for (const { text } of samples.slice(-MOST).reverse()) {
      if (this.sent.has(text)) continue;
      this.sent.add(text);
      const png = await read(run, text).catch(() => undefined);
      if (png !== undefined) yield { text, png };
    }
  }
}

async function read(run: string, text: string): Promise<Uint8Array | undefined> {
  const folder = path.join(run, RUN_FILES.samples) + path.sep;
  const file = path.resolve(run, text);
  if (!file.startsWith(folder)) return undefined;
  const handle = await open(file, 'r');
  try {
    const info = await handle.stat();
    if (!info.isFile() || info.size > LARGEST) return undefined;
    return new Uint8Array(await handle.readFile());
  } finally {
    await handle.close();
  }
}
