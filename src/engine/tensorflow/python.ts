// Finds a Python that can hold TensorFlow, or holds it already. Asks each with one short script that imports nothing big.
import { ArLensError } from '../../protocol/errors';
import { PYTHON_OPTION } from '../../protocol/tensorflowSetup';
import { runProgram } from './child';

export interface Python {
  readonly executable: string;
  /** Such as 3.11.7. */
  readonly version: string;
  /** The processor that it is built for, as Node names it. */
  readonly architecture: string;
  /** Whether it can make an environment. */
  readonly canMake: boolean;
  /** A TensorFlow that it has. */
  readonly tensorflow?: { readonly folder: string; readonly version: string };
}

/** What TensorFlow's wheels of the version we install are made for. */
const [LEAST, MOST] = [10, 13];
const NAMES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

const QUESTION = `
import importlib.metadata as m, importlib.util as u, json, platform, sys
spec = u.find_spec('tensorflow')
found = None
if spec and spec.submodule_search_locations:
    names = {d.metadata['Name'].lower().replace('_', '-'): d.version for d in m.distributions() if d.metadata['Name']}
    version = next((names[n] for n in ('tensorflow', 'tensorflow-cpu') if n in names), 'of an unknown version')
    found = {'folder': list(spec.submodule_search_locations)[0], 'version': version}
print(json.dumps({'executable': sys.executable, 'version': platform.python_version(), 'machine': platform.machine(),
    'canMake': bool(u.find_spec('venv') and u.find_spec('ensurepip')), 'tensorflow': found}))
`;

/**
 * @param named a person's choice; others are not looked for then
 * @throws ArLensError in one sentence
 */
export async function findPython(named: string | undefined, signal: AbortSignal): Promise<Python> {
  const refusals: string[] = [];
  for (const name of named === undefined ? NAMES : [named]) {
    const python = await ask(name, signal);
    if (python === undefined) continue;
    const problem = problemOf(python);
    if (problem === undefined) return python;
    refusals.push(`${python.executable} ${problem}`);
  }
  const action = `Install Python 3.10 to 3.13, or name one with ${PYTHON_OPTION}.`;
  if (refusals.length > 0) {
    throw new ArLensError('unsupported', `No Python here fits TensorFlow: ${refusals.join('; ')}.`, action);
  }
  const what = named === undefined ? `none of ${NAMES.join(', ')} is on PATH` : `${named} does not run`;
  throw new ArLensError('notFound', `There is no Python to take TensorFlow from: ${what}.`, action);
}

async function ask(name: string, signal: AbortSignal): Promise<Python | undefined> {
  const answer = await runProgram(name, ['-c', QUESTION], { signal }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return undefined;
  });
  if (answer?.code !== 0) return undefined;
  const line = answer.text.split('\n').find((each) => each.startsWith('{'));
  if (line === undefined) return undefined;
  const { machine, tensorflow, ...rest } = JSON.parse(line) as Omit<Python, 'architecture' | 'tensorflow'> & {
    readonly machine: string;
    readonly tensorflow: Python['tensorflow'] | null;
  };
  return { ...rest, architecture: architectureOf(machine), ...(tensorflow ? { tensorflow } : {}) };
}

function problemOf({ version, architecture, canMake, tensorflow }: Python): string | undefined {
  if (architecture !== process.arch) {
    return `is built for ${architecture}, and the engine's Node for ${process.arch}`;
  }
  if (tensorflow) return undefined;
  const [major, minor] = version.split('.').map(Number);
  if (major !== 3 || minor === undefined || minor < LEAST || minor > MOST) {
    return `is ${version}, and TensorFlow is made for 3.${LEAST} to 3.${MOST}`;
  }
  return canMake ? undefined : 'cannot make environments (Debian: install python3-venv)';
}

function architectureOf(machine: string): string {
  const names: Record<string, string> = { x86_64: 'x64', amd64: 'x64', aarch64: 'arm64', arm64: 'arm64' };
  return names[machine.toLowerCase()] ?? machine;
}
