// Setting TensorFlow up where something is missing: one sentence each, before anything is downloaded, and nothing left
// behind. Pythons here are scripts that answer what they are told to; the real one is the contract suite's.
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toErrorRecord } from '../../protocol/errors';
import { readInstallation, type Installation } from './installation';
import { planSetup, ready, removeSetup, setUp } from './setup';

let folder: string;
const before = { ...process.env };
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ar-lens-setup-'));
  process.env['AR_LENS_DATA'] = path.join(folder, 'data');
  process.env['SEEN'] = path.join(folder, 'seen');
});
afterEach(async () => {
  process.env = { ...before };
  await rm(folder, { recursive: true, force: true });
});

const MACHINE = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
const signal = new AbortController().signal;
const call = { signal, progress: () => Promise.resolve() };

/** A program that answers the question, and does `otherwise` at anything else. */
async function python(answer: object, otherwise = 'exit 3'): Promise<string> {
  const file = path.join(folder, 'python');
  const full = {
    executable: file,
    version: '3.11.7',
    machine: MACHINE,
    canMake: true,
    tensorflow: null,
    ...answer,
  };
  await writeFile(
    file,
    `#!/bin/sh\nif [ "$1" = -c ]; then echo '${JSON.stringify(full)}'; else ${otherwise}; fi\n`,
  );
  await chmod(file, 0o755);
  return file;
}

/** Writes where it writes, and is told by that afterwards. */
const PUT_BY = 'echo part > "$TMPDIR/pip-unpack-1"; echo "$TMPDIR" > "$SEEN"';

/** What a Python does that makes an environment of itself, and whose pip puts something by and then does `end`. */
function pip(end: string): string {
  return `if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; else ${PUT_BY}; ${end}; fi`;
}

const putBy = async (): Promise<string> => (await readFile(process.env['SEEN'] ?? '', 'utf8')).trim();
const scratchOfSetup = (): RegExp =>
  new RegExp(`^${path.join(folder, 'data', 'tensorflow', 'setup-')}\\w+/scratch$`);

/** A package's folder that has the libraries, as far as their names go. */
async function library(): Promise<string> {
  const has = path.join(folder, 'tensorflow');
  await mkdir(has);
  const suffix = process.platform === 'darwin' ? '2.dylib' : 'so.2';
  for (const part of ['cc', 'framework'])
    await writeFile(path.join(has, `libtensorflow_${part}.${suffix}`), '');
  return has;
}

async function underElectron(work: () => Promise<void>): Promise<void> {
  Object.defineProperty(process.versions, 'electron', { value: '30.0.0', configurable: true });
  try {
    await work();
  } finally {
    Reflect.deleteProperty(process.versions, 'electron');
  }
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => toErrorRecord(reason),
  );
  expect(error?.message).toMatch(/^[^\n]+\.$/);
  return `${error?.reason}: ${error?.message}`;
}

describe.skipIf(process.platform === 'win32')('a setup', () => {
  it('says what it would download, how large, and where to, and does nothing yet', async () => {
    const plan = await planSetup({ python: await python({}) }, signal);
    expect(plan.sentence).toMatch(
      /^Python 3\.11\.7 .* download tensorflow\S*==[\d.]+ with pip: about .* from the network, about .* on disk in /,
    );
    expect(plan.diskBytes).toBeGreaterThan(plan.downloadBytes);
    expect(await readdir(folder)).toEqual(['python']);
  });

  it('downloads nothing where a Python has TensorFlow', async () => {
    const has = await library();
    const plan = await planSetup(
      { python: await python({ tensorflow: { folder: has, version: '2.21.0' } }) },
      signal,
    );
    expect(plan).toMatchObject({ downloadBytes: 0 });
    expect(plan.package).toBeUndefined();
    expect(plan.sentence).toContain('nothing is downloaded');
  });

  it('needs a Python', async () => {
    expect(await refusal(planSetup({ python: path.join(folder, 'none') }, signal))).toMatch(
      /^notFound: There is no Python to take TensorFlow from: .* does not run\.$/,
    );
  });

  it.each([
    ['of the same processor', { machine: 'riscv64' }, /is built for riscv64, and the engine's Node for /],
    [
      'of a version that TensorFlow is made for',
      { version: '3.8.2' },
      /is 3\.8\.2, and TensorFlow is made for 3\.10 to 3\.13/,
    ],
    [
      'that can make environments',
      { canMake: false },
      /cannot make environments \(Debian: install python3-venv\)/,
    ],
  ])('needs one %s', async (_, answer, words) => {
    expect(await refusal(planSetup({ python: await python(answer) }, signal))).toMatch(words);
  });

  it('needs a compiler', async () => {
    const named = await python({});
    process.env['PATH'] = folder;
    process.env['CXX'] = '';
    expect(await refusal(planSetup({ python: named }, signal))).toMatch(
      /^unsupported: There is no C\+\+ compiler to build TensorFlow's binding with: none of .* runs\.$/,
    );
  });

  it('needs room', async () => {
    const free = () => Promise.resolve(1e6);
    expect(await refusal(planSetup({ python: await python({}) }, signal, { free }))).toMatch(
      /^diskFull: TensorFlow needs \d.* in .* while it is set up, and 1 MB are free\.$/,
    );
  });

  it.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
    'takes the wheel that knows a card where a driver is, and else the one that does not',
    async () => {
      const named = await python({});
      const free = () => Promise.resolve(1e12);
      const wheel = async (cudaDriver: boolean) =>
        (await planSetup({ python: named }, signal, { free, cudaDriver })).package;
      expect(await wheel(true)).toMatch(/^tensorflow\[and-cuda\]==/);
      expect(await wheel(false)).toMatch(/^tensorflow-cpu==/);
    },
  );

  it.each([
    [true, true, 'TensorFlow 2.21.0 is set up and computes on the CUDA card.'],
    [
      false,
      true,
      'TensorFlow 2.21.0 is set up and computes on the processor, as it does not reach the CUDA card.',
    ],
    [
      false,
      false,
      'TensorFlow 2.21.0 is set up and computes on the processor, as there is no CUDA driver here.',
    ],
  ])('says at its end where it computes: a card found %s, a driver %s', (cuda, driver, sentence) => {
    expect(ready({ version: '2.21.0', cuda } as Installation, driver)).toBe(sentence);
  });

  it('is refused under Electron, before a Python is looked for', async () => {
    await underElectron(async () => {
      const words = await refusal(planSetup({ python: path.join(folder, 'none') }, signal));
      expect(words).toBe(
        'unsupported: The engine runs on the editor’s own Electron, where its binding cannot.',
      );
    });
  });

  it('has pip put by what it unpacks inside its own folder, and takes it away at a failure', async () => {
    const named = await python({}, pip('echo "no such wheel." >&2; exit 1'));
    expect(await refusal(setUp({ python: named }, call))).toMatch(
      /^unsupported: pip could not install tensorflow\S*: no such wheel\.$/,
    );
    expect(await putBy()).toMatch(scratchOfSetup());
    expect(await readdir(path.join(folder, 'data'))).toEqual([]);
  });

  it('takes away what a cancelled pip had put by', async () => {
    const abort = new AbortController();
    const named = await python({}, pip('echo Downloading; exec sleep 60'));
    const progress = ({ sentence }: { sentence: string }): Promise<void> => {
      if (sentence === 'Downloading and installing.') abort.abort();
      return Promise.resolve();
    };
    expect(await refusal(setUp({ python: named }, { signal: abort.signal, progress }))).toBe(
      'cancelled: The setup was cancelled.',
    );
    expect(await putBy()).toMatch(scratchOfSetup());
    expect(await readdir(path.join(folder, 'data'))).toEqual([]);
  });

  it('has the compiler put by what it makes there too', async () => {
    const compiler = path.join(folder, 'c++');
    await writeFile(compiler, `#!/bin/sh\n[ "$1" = --version ] || { ${PUT_BY}; exit 1; }\n`);
    await chmod(compiler, 0o755);
    process.env['CXX'] = compiler;
    const named = await python({ tensorflow: { folder: await library(), version: '2.21.0' } });
    expect(await refusal(setUp({ python: named }, call))).toMatch(/binding did not compile/);
    expect(await putBy()).toMatch(scratchOfSetup());
    expect(await readdir(path.join(folder, 'data'))).toEqual([]);
  });

  it('that fails leaves nothing behind', async () => {
    const named = await python({}, 'echo "no network: see https://example.invalid/x." >&2; exit 1');
    const words = await refusal(setUp({ python: named }, call));
    expect(words).toBe('unsupported: Python made no environment: no network: see ….');
    expect(await readdir(path.join(folder, 'data'))).toEqual([]);
    expect(await readInstallation()).toMatchObject({
      missing: expect.stringContaining('not set up') as string,
    });
  });

  it('that fails keeps the one that was there', async () => {
    const place = path.join(folder, 'data', 'tensorflow');
    await mkdir(path.join(place, 'setup-before'), { recursive: true });
    await writeFile(path.join(place, 'setup-before', 'tfjs_binding.node'), 'built');
    await writeFile(path.join(place, 'installation.json'), '{}');
    await refusal(setUp({ python: await python({}, 'exit 1') }, call));
    expect((await readdir(place)).sort()).toEqual(['installation.json', 'setup-before']);
    expect(await readFile(path.join(place, 'setup-before', 'tfjs_binding.node'), 'utf8')).toBe('built');
  });

  it('that is cancelled leaves nothing behind', async () => {
    const abort = new AbortController();
    const named = await python({}, 'exec sleep 60');
    const progress = (): Promise<void> => {
      setTimeout(() => abort.abort(), 50);
      return Promise.resolve();
    };
    expect(await refusal(setUp({ python: named }, { signal: abort.signal, progress }))).toBe(
      'cancelled: The setup was cancelled.',
    );
    expect(await readdir(path.join(folder, 'data'))).toEqual([]);
  });

  it('is undone, and undoing nothing is said', async () => {
    await mkdir(path.join(folder, 'data', 'tensorflow'), { recursive: true });
    expect((await removeSetup()).sentence).toMatch(/^TensorFlow is removed: .* is gone\.$/);
    expect((await removeSetup()).sentence).toContain('nothing to remove');
  });
});

describe('what is left of a setup', () => {
  const write = async (record: object): Promise<void> => {
    const place = path.join(folder, 'data', 'tensorflow');
    await mkdir(place, { recursive: true });
    await writeFile(path.join(place, 'installation.json'), JSON.stringify(record));
  };
  const record = { format: 1, version: '2.21.0', package: '/none', binding: '/none/x.node', cuda: false };
  const missing = async () => ('missing' in (await readInstallation()) ? await readInstallation() : {});

  it('is not used on another machine, when it is gone, when its record is broken, or under Electron', async () => {
    await write({ ...record, platform: 'plan9-mips' });
    expect(await missing()).toMatchObject({
      missing: expect.stringContaining('set up for plan9-mips') as string,
    });
    await write({ ...record, platform: `${process.platform}-${process.arch}` });
    expect(await missing()).toMatchObject({ missing: '/none/x.node is gone; set it up again.' });
    await write({ format: 7 });
    expect(await missing()).toMatchObject({ missing: expect.stringContaining('cannot be read') as string });
    await write({ ...record, platform: `${process.platform}-${process.arch}` });
    await underElectron(async () => {
      expect(await missing()).toMatchObject({ missing: expect.stringContaining('Electron') as string });
    });
  });
});
