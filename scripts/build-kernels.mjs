// Builds the kernels of the simd device into build/kernels/: two wasm modules with the clang from npm, and a native
// addon with the system's C compiler where there is one. Does nothing when sources and compiler are unchanged.
// Usage: node scripts/build-kernels.mjs [--force] [--no-native]
import { createHash } from 'node:crypto';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const sourceFolder = path.join(root, 'src/kernels/c');
const outFolder = path.join(root, 'build/kernels');
const require = createRequire(import.meta.url);
const run = promisify(execFile);

const common = ['-O3', '-fno-math-errno', '-fno-trapping-math', '-ffp-contract=fast', '-Wall', '-Wextra'];
const wasmArguments = [
  '--target=wasm32-unknown-unknown',
  ...common,
  ...['-msimd128', '-matomics', '-mbulk-memory', '-nostdlib'],
  ...['no-entry', 'import-memory', 'shared-memory', 'max-memory=4294967296', '-z,stack-size=262144'].map(
    (option) => (option.startsWith('-') ? `-Wl,${option}` : `-Wl,--${option}`),
  ),
  ...['-Wl,--export=__stack_pointer', '-Wl,--export=__heap_base'],
];
const wasmSources = ['kernels.c', 'pool.c', 'wasmEntry.c'];

/** The instruction sets of one processor family: each is the same source with other flags and another table name. */
const variants =
  process.arch === 'x64'
    ? {
        Avx512: '-mavx512f -mavx512dq -mavx512bw -mavx512vl -mavx2 -mfma -mprefer-vector-width=512'.split(
          ' ',
        ),
        Avx2: ['-mavx2', '-mfma'],
        Baseline: [],
      }
    : { Baseline: [] };

const sources = Object.fromEntries(
  readdirSync(sourceFolder).map((name) => [name, readFileSync(path.join(sourceFolder, name), 'utf8')]),
);
const force = process.argv.includes('--force');
/** What an artefact is made from, besides the compiler: it is built again when any of it changes. */
const except = (name) => Object.entries(sources).filter(([source]) => source !== name);
const wasmInputs = [except('addon.c'), wasmArguments];
const nativeInputs = [except('wasmEntry.c'), common, variants];

await build('simd.wasm', wasmInputs, yowaspVersion(), () => buildWasm('simd.wasm', []));
await build('relaxed.wasm', wasmInputs, yowaspVersion(), () => buildWasm('relaxed.wasm', ['-mrelaxed-simd']));
await buildNative();

/** Runs `make` unless the artefact is there and its stamp says it was made from the same sources and compiler. */
async function build(name, inputs, compiler, make) {
  const target = path.join(outFolder, name);
  const stampFile = `${target}.stamp`;
  const stamp = createHash('sha256')
    .update(JSON.stringify([inputs, compiler]))
    .digest('hex');
  if (!force && existsSync(target) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
    console.log(`kernels: ${name} is up to date`);
    return;
  }
  const start = Date.now();
  mkdirSync(outFolder, { recursive: true });
  const bytes = await make();
  // Renamed into place: a process that has the old one mapped keeps it whole.
  writeFileSync(`${target}.new`, bytes);
  renameSync(`${target}.new`, target);
  writeFileSync(stampFile, stamp);
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  console.log(
    `kernels: ${name} built, ${(bytes.length / 1024).toFixed(0)} KiB, ${seconds} s (${compiler.split('\n')[0]})`,
  );
}

function yowaspVersion() {
  const file = path.join(path.dirname(require.resolve('@yowasp/clang')), '../package.json');
  return `@yowasp/clang ${JSON.parse(readFileSync(file, 'utf8')).version}`;
}

async function buildWasm(name, extra) {
  const { commands, runLLVM } = await import('@yowasp/clang');
  await runLLVM(null, {}, { fetchProgress: () => {} }); // loads the compiler without a line per percent
  const messages = [];
  const collect = (bytes) => bytes && messages.push(Buffer.from(bytes).toString());
  try {
    const files = await commands.clang(
      [...wasmArguments, ...extra, ...wasmSources, '-o', name],
      { ...sources },
      {
        stdout: collect,
        stderr: collect,
        fetchProgress: () => {},
      },
    );
    return files[name];
  } catch (error) {
    throw new Error(`build-kernels: ${name}: ${error.message}\n${messages.join('')}`);
  }
}

async function buildNative() {
  const name = `native-${process.platform}-${process.arch}.node`;
  const compiler = process.argv.includes('--no-native') ? null : findCompiler();
  if (!compiler) {
    rmSync(path.join(outFolder, name), { force: true });
    console.log(
      'kernels: no native addon (no C compiler found): the simd device runs as wasm, 3 to 8 times slower',
    );
    return;
  }
  await build(name, nativeInputs, compiler.version, () => compileNative(compiler.command, name));
}

/** `CC`, then cc, gcc, clang: the first that answers. Windows needs pthreads, which its compilers do not bring. */
function findCompiler() {
  if (process.platform === 'win32') return null;
  for (const command of [process.env.CC, 'cc', 'gcc', 'clang'].filter(Boolean)) {
    try {
      return {
        command,
        version: execFileSync(command, ['--version'], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      };
    } catch {
      // not there: the next
    }
  }
  return null;
}

async function compileNative(cc, name) {
  const work = path.join(outFolder, `objects-${process.pid}`);
  mkdirSync(work, { recursive: true });
  const { include_dir: headers } = require('node-api-headers');
  const base = [...common, '-fPIC', '-fvisibility=hidden', '-pthread', '-I', headers, '-DNAPI_VERSION=8'];
  const compile = async (source, object, extra) => {
    await run(cc, [...base, ...extra, '-c', path.join(sourceFolder, source), '-o', path.join(work, object)]);
    return path.join(work, object);
  };
  try {
    const objects = await Promise.all([
      compile('addon.c', 'addon.o', []),
      compile('pool.c', 'pool.o', []),
      ...Object.entries(variants).map(([variant, flags]) =>
        compile('kernels.c', `${variant}.o`, [...flags, `-DKERNEL_TABLE=arKernels${variant}`]),
      ),
    ]);
    const link = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
    await run(cc, [...link, '-pthread', ...objects, '-lm', '-o', path.join(work, name)]);
    return readFileSync(path.join(work, name));
  } catch (error) {
    throw new Error(`build-kernels: ${name}: ${error.stderr || error.message}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
