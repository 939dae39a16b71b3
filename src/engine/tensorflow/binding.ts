// Builds the bridge between Node and TensorFlow's C API on this machine: two source files, one call of the compiler,
// against headers that are here already. Nothing is downloaded.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ArLensError } from '../../protocol/errors';
import { lastLine, runProgram, type RunOptions } from './child';
import { libraries } from './installation';

export interface Sources {
  readonly binding: string;
  readonly headers: string;
}

/** A build brings them beside its bundle; a checkout has them in node_modules. @throws ArLensError when neither does */
export function findSources(here = fileURLToPath(new URL('.', import.meta.url))): Sources {
  const shipped = {
    binding: join(here, 'tensorflow', 'binding'),
    headers: join(here, 'tensorflow', 'headers'),
  };
  if (existsSync(shipped.binding)) return shipped;
  try {
    const require = createRequire(join(here, 'any.js'));
    const folder = (name: string) => join(require.resolve(`${name}/package.json`), '..');
    return {
      binding: join(folder('@tensorflow/tfjs-node-gpu'), 'binding'),
      headers: join(folder('node-api-headers'), 'include'),
    };
  } catch {
    throw new ArLensError(
      'unsupported',
      'This build of AR Lens was made without the npm package @tensorflow/tfjs-node-gpu, which the tensorflow device needs.',
      'Install the dependencies with scripts off, and build again.',
    );
  }
}

/** @returns the first C++ compiler that answers. @throws ArLensError in one sentence */
export async function findCompiler(signal: AbortSignal): Promise<string> {
  const names = [process.env['CXX'], 'c++', 'g++', 'clang++'].filter(
    (name) => name !== undefined && name !== '',
  );
  for (const name of names as string[]) {
    const answer = await runProgram(name, ['--version'], { signal }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return undefined;
    });
    if (answer?.code === 0) return name;
  }
  throw new ArLensError(
    'unsupported',
    `There is no C++ compiler to build TensorFlow's binding with: none of ${names.join(', ')} runs.`,
    'Install one (Debian: g++; macOS: the Xcode command line tools), or name it in CXX.',
  );
}

/** @param folder of the Python package. @throws ArLensError with the compiler's last word */
export async function compileBinding(
  {
    compiler,
    sources,
    folder,
    target,
  }: { compiler: string; sources: Sources; folder: string; target: string },
  { signal, env }: RunOptions,
): Promise<void> {
  const mac = process.platform === 'darwin';
  const { code, text } = await runProgram(
    compiler,
    [
      ...['-std=c++17', '-O2', '-fPIC', '-w', '-DNAPI_VERSION=8'],
      ...(mac ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared']),
      ...['-I', sources.headers, '-I', join(folder, 'include'), '-I', join(sources.binding, '..')],
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(sources.binding, file)),
      ...['-o', target, ...libraries(folder), `-Wl,-rpath,${folder}`],
    ],
    { signal, env },
  );
  if (signal.aborted) throw new ArLensError('cancelled', 'The setup was cancelled.');
  if (code === 0) return;
  const error = text.split('\n').find((line) => /error|fatal/i.test(line)) ?? text;
  throw new ArLensError('unsupported', `TensorFlow's binding did not compile: ${lastLine(error)}.`);
}
