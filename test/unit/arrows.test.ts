// The arrows of the architecture: the code keeps them, and each rule finds a violation planted for it.
// Runs dependency-cruiser as a program; knows no source file.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const program = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const config = path.join(root, '.dependency-cruiser.cjs');

interface Report {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: ReadonlyArray<{
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }>;
  };
}

function cruise(folder: string, ...what: string[]): Promise<Report['summary']> {
  return new Promise((resolve, reject) => {
    const args = [program, '--config', config, '--output-type', 'json', ...what];
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 1 << 28 }, (error, stdout) => {
      if (stdout === '') reject(error ?? new Error('dependency-cruiser printed nothing'));
      else resolve((JSON.parse(stdout) as Report).summary);
    });
  });
}

describe('the code', () => {
  it('keeps every arrow', async () => {
    const { violations, totalCruised } = await cruise(root, 'src', 'webview', 'test', 'benchmarks');
    expect(violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
    expect(totalCruised).toBeGreaterThan(30);
  });
});

// One planted violation per rule: [rule, file, its one import, may the import go through a file we add].
const PLANTED: ReadonlyArray<readonly [rule: string, file: string, target: string]> = [
  ['arrows-math', 'src/math/planted.ts', '../data/target'],
  ['arrows-data', 'src/data/planted.ts', '../formats/target'],
  ['arrows-formats', 'src/formats/planted.ts', '../nn/target'],
  ['arrows-kernels', 'src/kernels/planted.ts', '../nn/target'],
  ['arrows-nn', 'src/nn/planted.ts', '../kernels/target'],
  ['arrows-families', 'src/families/planted.ts', '../engine/target'],
  ['arrows-decoding', 'src/decoding/planted.ts', '../engine/target'],
  ['arrows-analysis', 'src/analysis/planted.ts', '../decoding/target'],
  ['arrows-engine', 'src/engine/planted.ts', '../host/target'],
  ['arrows-cli', 'src/cli/planted.ts', '../families/target'],
  ['arrows-protocol', 'src/protocol/planted.ts', '../math/target'],
  ['arrows-host', 'src/host/planted.ts', '../engine/target'],
  ['arrows-extension', 'src/extension.ts', './engine/target'],
  ['arrows-webview', 'webview/planted.ts', '../src/host/target'],
  ['vscode-only-in-host', 'src/engine/planted.ts', 'vscode'],
  ['engine-client-without-vscode', 'src/host/engineClient.ts', 'vscode'],
  ['no-tensors-in-host-or-views', 'src/host/planted.ts', '@tensorflow/tfjs-core'],
  ['product-does-not-know-its-tests', 'src/math/planted.ts', '../../test/unit/target'],
  ['imports-resolve', 'src/math/planted.ts', './nowhere'],
];

const ALLOWED: ReadonlyArray<readonly [file: string, target: string]> = [
  ['src/math/planted.ts', '../protocol/errors'],
  ['src/engine/planted.ts', '../kernels/target'],
  ['src/nn/planted.ts', '../kernels/fusedKernels'],
  ['src/host/planted.ts', 'vscode'],
  ['src/families/planted.ts', '@tensorflow/tfjs-core'],
  ['webview/planted.ts', '../src/protocol/target'],
];

describe('a planted violation', () => {
  let scratch: string;
  beforeAll(async () => {
    // Inside the project, so that packages resolve as they do for the code itself.
    await mkdir(path.join(root, 'build'), { recursive: true });
    scratch = await mkdtemp(path.join(root, 'build/arrows-'));
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  async function plant(file: string, target: string): Promise<string[]> {
    const folder = await mkdtemp(path.join(scratch, 'case-'));
    await write(
      path.join(folder, 'tsconfig.json'),
      '{"compilerOptions":{"moduleResolution":"Bundler","module":"ESNext"}}',
    );
    await write(
      path.join(folder, file),
      `import * as target from '${target}';\nexport const seen = target;\n`,
    );
    const resolved = path.join(folder, path.dirname(file), `${target}.ts`);
    if (target.startsWith('.') && !target.endsWith('nowhere'))
      await write(resolved, 'export const value = 1;\n');
    const { violations } = await cruise(folder, '.');
    return violations.map(({ rule }) => rule.name);
  }

  it.each(PLANTED)('of %s is found', { timeout: 60_000 }, async (rule, file, target) => {
    expect(await plant(file, target)).toContain(rule);
  });

  it.each(ALLOWED)('is not seen where %s imports %s', { timeout: 60_000 }, async (file, target) => {
    expect(await plant(file, target)).toEqual([]);
  });

  it('of no-circles is found', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(path.join(scratch, 'case-'));
    await write(path.join(folder, 'tsconfig.json'), '{}');
    await write(
      path.join(folder, 'src/math/one.ts'),
      "export { two } from './two';\nexport const one = 1;\n",
    );
    await write(
      path.join(folder, 'src/math/two.ts'),
      "export { one } from './one';\nexport const two = 2;\n",
    );
    const { violations } = await cruise(folder, '.');
    expect(violations.map(({ rule }) => rule.name)).toContain('no-circles');
  });
});

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
