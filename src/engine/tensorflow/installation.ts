// What a setup of TensorFlow leaves behind, and whether it still stands: a record beside the binding that it built.
// Knows no tensors; the files are looked at, never loaded.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type, type Static } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { dataFolder } from '../userFolders';

const Record = Type.Object({
  format: Type.Literal(1),
  /** Of TensorFlow, as its library says. */
  version: Type.String(),
  /** The folder of the Python package, with its libraries and headers. */
  package: Type.String(),
  binding: Type.String(),
  platform: Type.String(),
  /** Whether TensorFlow found a CUDA card when it was checked. */
  cuda: Type.Boolean(),
});
export type Installation = Static<typeof Record>;

export const PLATFORM = `${process.platform}-${process.arch}`;

/** Everything that setup writes is in here, but for a Python environment that was there before. */
export function tensorflowFolder(): string {
  return join(dataFolder(), 'tensorflow');
}

export function recordFile(): string {
  return join(tensorflowFolder(), 'installation.json');
}

/** Why the binding cannot load there, whatever is set up, and what to do. */
export const UNDER_ELECTRON = {
  sentence: 'The engine runs on the editor’s own Electron, where its binding cannot',
  action: 'install Node 20 or later, or name one in arLens.engine.nodePath',
};

export function underElectron(): boolean {
  return process.versions['electron'] !== undefined;
}

/** @returns the installation, or a sentence on why there is none */
export async function readInstallation(): Promise<Installation | { readonly missing: string }> {
  if (underElectron()) return { missing: `${UNDER_ELECTRON.sentence}; ${UNDER_ELECTRON.action}.` };
  const none =
    'It is not set up; “AR Lens: Set Up TensorFlow…” or ar-lens devices --setup tensorflow does that.';
  const text = await readFile(recordFile(), 'utf8').catch(() => undefined);
  if (text === undefined) return { missing: none };
  const record = parsed(text);
  if (record === undefined) return { missing: `Its record ${recordFile()} cannot be read; set it up again.` };
  if (record.platform !== PLATFORM) {
    return { missing: `It was set up for ${record.platform}, and this is ${PLATFORM}; set it up again.` };
  }
  const gone = [record.binding, ...libraries(record.package)].find((file) => !existsSync(file));
  if (gone !== undefined) return { missing: `${gone} is gone; set it up again.` };
  return record;
}

/** TensorFlow's own, as its wheel carries them. */
export function libraries(folder: string): readonly string[] {
  const name = (part: string): string =>
    process.platform === 'darwin' ? `libtensorflow_${part}.2.dylib` : `libtensorflow_${part}.so.2`;
  return ['cc', 'framework'].map((part) => join(folder, name(part)));
}

function parsed(text: string): Installation | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return Value.Check(Record, content) ? content : undefined;
  } catch {
    return undefined;
  }
}
