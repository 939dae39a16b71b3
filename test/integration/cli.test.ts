// The headless contract: every command's JSON, its exit codes, and that numbers carry unit, count and badge.
import { execFileSync } from 'node:child_process';
import { lstat, readFile, readdir, symlink } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { cli, startCli } from './support/cli';
import { unlabelled } from './support/ledger';
import { makeWorkspace, SPEC, type Workspace } from './support/workspace';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await makeWorkspace();
});
afterAll(() => workspace.remove());

type Json = Record<string, unknown>;

async function answer(words: readonly string[]): Promise<Json> {
  const { code, stdout, stderr } = await cli([...words, '--json'], workspace.folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const value = JSON.parse(stdout) as Json;
  expect(unlabelled(value)).toEqual([]);
  return value;
}

const score = (file: string, ...rest: string[]) =>
  answer(['score', '--model', 'run', '--file', file, ...rest]);

interface Element {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly byteStart: number;
  readonly byteEnd: number;
  readonly logProb: number | null;
  readonly entropy: number;
  readonly rank: number;
  readonly top: ReadonlyArray<{ readonly id: number; readonly text: string; readonly logProb: number }>;
}

describe('ar-lens', () => {
  it('devices: every device with its reason, and the one that auto takes', async () => {
    const { devices, auto } = (await answer(['devices'])) as { devices: Json[]; auto: string };
    expect(devices.map(({ id }) => id)).toEqual(['simd', 'webgpu', 'tensorflow', 'cpu']);
    for (const device of devices) {
      expect(Object.keys(device)).toEqual(expect.arrayContaining(['id', 'label', 'available', 'reason']));
      expect(device['reason']).toMatch(/^[A-Z].*\.$/s);
    }
    expect(devices.find(({ id }) => id === auto)).toMatchObject({ available: true });
  });

  it('train: JSON lines that end in the result, each with its labels', () => {
    const lines = workspace.trained
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Json);
    for (const line of lines) expect(unlabelled(line)).toEqual([]);
    const of = (type: string) => lines.filter((line) => line['type'] === type);
    expect(of('step').map(({ step }) => step)).toEqual(
      Array.from({ length: SPEC.train.steps }, (_, i) => i + 1),
    );
    expect(of('step')[0]).toMatchObject({
      loss: expect.any(Number) as number,
      elementsPerSecond: expect.any(Number) as number,
    });
    expect(of('evaluation').map(({ step }) => step)).toEqual([0, 10, 20, 30]);
    expect(of('evaluation')[0]).toMatchObject({ split: 'validation', unit: 'character', count: 208 });
    expect(of('sample').map(({ step }) => step)).toEqual([0, 15, 30]);
    const result = lines.at(-1) as { validation: { nats: number; bits: number } } & Json;
    expect(result).toMatchObject({ type: 'result', run: workspace.run, steps: 30, status: 'done' });
    expect(result.validation).toMatchObject({ unit: 'character', count: 208 });
    expect(result.validation.bits).toBeCloseTo(result.validation.nats / Math.LN2, 12);
  });

  it('score: the sums, the elements with exact places, and validation’s own figure', async () => {
    const value = await score('held.txt', '--top', '3');
    const elements = value['elements'] as Element[];
    expect(value).toMatchObject({
      family: 'transformer',
      unit: 'token',
      likelihood: 'exact',
      tokens: 208,
      scored: 208,
      bytes: 208,
      context: 16,
      stride: 8,
    });
    expect(elements).toHaveLength(208);
    const nll = -elements.reduce((sum, { logProb }) => sum + (logProb ?? NaN), 0);
    expect(value['nll']).toBeCloseTo(nll, 6);
    expect(value['bitsPerByte']).toBeCloseTo(nll / 208 / Math.LN2, 6);
    expect(value['perplexity']).toBeCloseTo(Math.exp(nll / 208), 6);
    const result = JSON.parse(workspace.trained.trim().split('\n').at(-1) ?? '') as {
      validation: { nats: number };
    };
    expect(Math.abs(nll / 208 - result.validation.nats)).toBeLessThan(1e-5);
    for (const { top, rank, logProb, id } of elements) {
      expect(top).toHaveLength(3);
      expect(top[0]?.logProb).toBeGreaterThanOrEqual(top[1]?.logProb ?? 0);
      if (rank === 1) expect(top[0]).toMatchObject({ id, logProb });
    }
  });

  it('score: places of emoji, CRLF, NUL and unknown characters', async () => {
    const text = 'a\r\n👩‍🚀e\u0301\0\ufeff.';
    await workspace.write('places.txt', text);
    const { code, stdout, stderr } = await cli(
      ['score', '--model', 'run', '--file', 'places.txt', '--json'],
      workspace.folder,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const value = JSON.parse(stdout) as Json;
    const bytes = Buffer.from(text);
    for (const { start, end, byteStart, byteEnd } of value['elements'] as Element[]) {
      expect(bytes.subarray(byteStart, byteEnd).toString()).toBe(text.slice(start, end));
    }
    expect(value['unknown']).toBeGreaterThan(0);
    expect(value['comparable']).toBe(false);
  });

  it('score: a stride changes what a token sees, and block-wise is allowed', async () => {
    const [half, block] = [await score('held.txt'), await score('held.txt', '--stride', '15')];
    expect(block).toMatchObject({ stride: 15, scored: 208 });
    expect(block['nll']).not.toBe(half['nll']);
  });

  it('sample: the same seed the same text, with the model’s log-probabilities', async () => {
    const words = ['sample', '--model', 'run', '--length', '24', '--seed', '5'];
    const [one, two, cold] = [
      await answer(words),
      await answer(words),
      await answer([...words, '--temperature', '0']),
    ];
    expect(one).toMatchObject({ seed: 5, text: two['text'], elements: two['elements'] });
    expect(one['elements']).toHaveLength(24);
    expect(cold['text']).not.toBe(one['text']);
    const file = workspace.path('sampled.txt');
    const saved = await answer([...words, '--prompt', 'the', '--out', file]);
    expect(saved['files']).toEqual([file]);
    expect(await readFile(file, 'utf8')).toBe(saved['text']);
  });

  it('annotate: the text itself with bits at each line’s end, and their sum is the nll', async () => {
    const { code, stdout } = await cli(['annotate', '--model', 'run', 'held.txt'], workspace.folder);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^the dog sat on the mat, and the cat lay by the dog\. {2}‹\d+\.\d bits›$/);
    const value = await answer(['annotate', '--model', 'run', 'held.txt']);
    const total = (value['lines'] as Array<{ bits: number }>).reduce((sum, { bits }) => sum + bits, 0);
    expect(total).toBeCloseTo((value['nll'] as number) / Math.LN2, 4);
  });

  it('annotate: colours where they are asked for, and no control character of the file’s own', async () => {
    await workspace.write('steer.txt', 'the cat\x1b[2J zzz!\n');
    const words = ['annotate', '--model', 'run', 'steer.txt'];
    const plain = await cli(words, workspace.folder);
    expect(plain.stdout).not.toContain('\x1b');
    const colour = await cli(words, workspace.folder, { NO_COLOR: '', FORCE_COLOR: '3' });
    expect(colour.stdout).toContain('\x1b[48;2;');
    expect(colour.stdout).not.toContain('\x1b[2J');
  });

  it('computes on the reference device what it computes on simd', async () => {
    const simd = await score('held.txt', '--device', 'simd');
    const cpu = await score('held.txt', '--device', 'cpu');
    expect(cpu['device']).toBe('cpu');
    expect(cpu['nll']).toBeCloseTo(simd['nll'] as number, 3);
    const forced = await score('held.txt', '--device', 'simd', '--instruction-set', 'wasm');
    expect(forced['device']).toBe('simd (wasm)');
    expect(forced['nll']).toBeCloseTo(simd['nll'] as number, 3);
  });

  it.each(['auto', 'wasm'])(
    '%s: the same seed gives the same bits in any process, on 1, 2 and 3 threads',
    async (set) => {
      const states = await Promise.all(
        [1, 1, 2, 3].map(async (threads, index) => {
          const out = `bits-${set}-${index}`;
          const words = ['train', 'toy.arlens.json', '--steps', '5', '--out', out, '--instruction-set', set];
          const { code } = await cli([...words, '--threads', `${threads}`, '--json'], workspace.folder);
          expect(code).toBe(0);
          return readFile(workspace.path(`${out}/optimizer.safetensors`), 'hex');
        }),
      );
      expect(new Set(states).size).toBe(1);
    },
  );

  it('bench: ours, the peer where there is one, and the machine', async () => {
    const value = await answer(['bench', 'samplingCached16']);
    expect(value['machine']).toMatchObject({ device: expect.stringContaining('simd') as string });
    expect(value['results']).toHaveLength(1);
    expect((value['results'] as Json[])[0]).toMatchObject({ name: 'samplingCached16', unit: 'tokens/s' });
    expect((value['results'] as Json[])[0]).toHaveProperty('ratio');
  });

  it.each([
    [[]],
    [['nonsense']],
    [['score', '--model', 'run']],
    [['score', '--model', 'run', '--file', 'a.txt', '--stride', 'x']],
    [['score', '--model', 'run', '--file', 'a.txt', '--device', 'abacus']],
    [['sample', '--model', 'run', '--length', '-3', '--seed', '1']],
    [['sample', '--model', 'run', '--length', '3']],
    [['train']],
    [['train', 'toy.arlens.json', '--steps', '0']],
    [['devices', '--frobnicate']],
    [['devices', '--instruction-set', 'sse9']],
    [['sample', '--model', 'run', '--length', '3', '--seed', '1', '--top-p', '0']],
    [['bench', 'nonsense']],
    [['reach', '--model', 'run']],
  ])('%j is bad usage', async (words) => {
    const { code, stdout, stderr } = await cli(words, workspace.folder);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr.trim()).not.toBe('');
  });

  it.each([[['--help']], [['score', '--help']], [['--version']]])('%j is help', async (words) => {
    const { code, stdout } = await cli(words, workspace.folder);
    expect(code).toBe(0);
    expect(stdout.trim()).not.toBe('');
  });

  it('stops at Ctrl-C with a checkpoint that continues', async () => {
    const words = ['train', 'toy.arlens.json', '--steps', '200000', '--out', 'stopped', '--json'];
    let steps = 0;
    let stopped = false;
    const { child, finished } = startCli(words, {
      cwd: workspace.folder,
      onOutput: (text) => {
        steps += text.split('"type":"step"').length - 1;
        if (steps <= 40 || stopped) return;
        stopped = true; // once: a second one ends the process at once
        child.kill('SIGINT');
      },
    });
    const { code, stdout, stderr } = await finished;
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Stopped at step \d+ of 200000; continue with --resume\.\n$/);
    const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Json;
    expect(last).toMatchObject({ type: 'result', status: 'stopped' });
    const scored = await answer(['score', '--model', 'stopped', '--file', 'held.txt']);
    expect(scored['tokens']).toBe(208);
  });
});

describe('a run folder', () => {
  const words = (steps: number) => ['train', 'toy.arlens.json', '--out', 'shared', '--steps', `${steps}`];

  it('belongs to one process at a time, and to the next once that was killed', async () => {
    let begun = (): void => undefined;
    const beginning = new Promise<void>((resolve) => (begun = resolve));
    const first = startCli([...words(200000), '--json'], {
      cwd: workspace.folder,
      onOutput: (text) => text.includes('"type":"step"') && begun(),
    });
    onTestFinished(() => void first.child.kill('SIGKILL'));
    await beginning;
    const second = await cli([...words(200000), '--resume', '--json'], workspace.folder);
    expect(second.code).toBe(1);
    expect(second.stdout).toBe('');
    expect(second.stderr).toMatch(/^ar-lens: .*shared: expected .* nobody trains in, got .*process \d+.*\n$/);
    expect(first.child.exitCode).toBeNull();
    first.child.kill('SIGKILL');
    await first.finished;
    let heard = 0;
    const third = startCli([...words(200000), '--resume', '--json'], {
      cwd: workspace.folder,
      // Once: a second one ends the process at once.
      onOutput: () => void (heard++ === 0 && third.child.kill('SIGINT')),
    });
    expect((await third.finished).stdout).toContain('"status":"stopped"');
    expect((await readdir(workspace.path('shared'))).filter((name) => name.includes('lock'))).toEqual([]);
  });

  it('without a checkpoint starts a new run, and says so', async () => {
    const { code, stderr } = await cli(
      ['train', 'toy.arlens.json', '--out', 'fresh', '--resume', '--json'],
      workspace.folder,
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/^.*fresh holds no checkpoint to resume: a new run starts there\.\n$/);
  });
});

describe('the streams', () => {
  it('a sample goes through a pipe that --out names, and the pipe stays one', async () => {
    execFileSync('mkfifo', [workspace.path('pipe')]);
    const reading = readFile(workspace.path('pipe'), 'utf8');
    const { text } = await answer([
      'sample',
      '--model',
      'run',
      '--length',
      '9',
      '--seed',
      '1',
      '--out',
      'pipe',
    ]);
    expect(await reading).toBe(text);
    expect((await lstat(workspace.path('pipe'))).isFIFO()).toBe(true);
  });

  it('a sample goes where a link leads; one that leads nowhere is replaced', async () => {
    await symlink('target.txt', workspace.path('link'));
    const { text } = await answer([
      'sample',
      '--model',
      'run',
      '--length',
      '9',
      '--seed',
      '1',
      '--out',
      'link',
    ]);
    expect((await lstat(workspace.path('link'))).isSymbolicLink()).toBe(false);
    expect(await readFile(workspace.path('link'), 'utf8')).toBe(text);
    await symlink('link', workspace.path('link2'));
    await answer(['sample', '--model', 'run', '--length', '9', '--seed', '2', '--out', 'link2']);
    expect((await lstat(workspace.path('link2'))).isSymbolicLink()).toBe(true);
    expect(await readFile(workspace.path('link'), 'utf8')).not.toBe(text);
  });

  it.each(['stdout', 'stderr'] as const)(
    'nobody reads %s: training still ends with a checkpoint',
    async (name) => {
      const out = `unread-${name}`;
      const { child, finished } = startCli(['train', 'toy.arlens.json', '--out', out], {
        cwd: workspace.folder,
      });
      child[name]?.destroy();
      expect(await finished).toMatchObject({ code: 0, signal: null });
      await answer(['score', '--model', out, '--file', 'held.txt']);
    },
  );

  it('a benchmark stops at Ctrl-C', async () => {
    const env = { AR_LENS_PYTHON: 'no-such-python' };
    let heard = 0;
    const { child, finished } = startCli(['bench'], {
      cwd: workspace.folder,
      env,
      onOutput: () => void (heard++ === 0 && child.kill('SIGINT')),
    });
    expect(await finished).toMatchObject({ code: 1, stderr: 'ar-lens: The benchmark was cancelled.\n' });
  });
});

it('an instruction set that this processor lacks is refused, with every choice of device', async () => {
  const foreign = process.arch === 'arm64' ? 'avx2' : 'neon';
  const { code, stdout, stderr } = await cli(
    ['score', '--model', 'run', '--file', 'held.txt', '--instruction-set', foreign],
    workspace.folder,
  );
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(`"${foreign}" was asked for`);
});

describe('unlabelled', () => {
  it('finds a number without its labels', () => {
    expect(
      unlabelled({ unit: 'token', scored: 3, likelihood: 'exact', elements: [{ logProb: -1 }] }),
    ).toEqual([]);
    expect(unlabelled({ scored: 3, likelihood: 'exact', nll: 2 })).toEqual(['$.nll has no unit']);
    expect(unlabelled({ a: { nats: 1, unit: 'byte', badge: 'sure' } })).toEqual([
      '$.a.nats has no count',
      '$.a.nats has no badge',
    ]);
  });
});
