// Finds Dawn, the library behind `webgpu`, and loads it. A build ships it beside its bundle for one platform; a
// checkout has it in node_modules. Knows no tensors: it answers with WebGPU's entry point, or why there is none.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The one part of WebGPU's entry that is used; its types are those of `@webgpu/types`. */
export interface Dawn {
  /** @param flags Dawn's own, such as `backend=vulkan` */
  create(flags: readonly string[]): GPU;
  /** The classes and constants that a browser has as globals. */
  readonly globals: Readonly<Record<string, unknown>>;
}

/** A clause that says why Dawn cannot be used. */
export interface Missing {
  readonly missing: string;
}

/** Where Dawn's binary is for this platform, or undefined. Windows' libraries lie in the same folder. */
export function dawnFile(here = fileURLToPath(new URL('.', import.meta.url))): string | undefined {
  const shipped = join(here, 'webgpu', 'dawn.node');
  if (existsSync(shipped)) return shipped;
  try {
    const main = createRequire(join(here, 'any.js')).resolve('webgpu');
    const arch = process.platform === 'darwin' ? 'universal' : process.arch;
    const file = join(main, '..', 'dist', `${process.platform}-${arch}`, 'dawn.node');
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined; // a package without node_modules
  }
}

export function loadDawn(file = dawnFile()): Dawn | Missing {
  // Electron refuses memory that is not its own, which is how Dawn hands out buffers: it would crash, not fail.
  if (process.versions['electron'] !== undefined) {
    return {
      missing:
        'the engine runs on the editor’s own Electron, where Dawn cannot; install Node 20 or later, or name one in arLens.engine.nodePath',
    };
  }
  if (file === undefined) {
    return { missing: `Dawn is not part of this package for ${process.platform}-${process.arch}` };
  }
  if (process.platform === 'linux' && !hasVulkanLoader()) {
    return {
      missing:
        'the Vulkan loader libvulkan.so.1 is missing; install it (Debian: libvulkan1) with the driver of the card',
    };
  }
  try {
    const holder: { exports: unknown } = { exports: {} };
    process.dlopen(holder, file);
    return holder.exports as Dawn;
  } catch (error) {
    return { missing: `Dawn did not load: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Asked before Dawn is, which complains on stderr instead of saying so. */
function hasVulkanLoader(): boolean {
  const name = 'libvulkan.so.1';
  const folders = (process.env['LD_LIBRARY_PATH'] ?? '').split(delimiter).filter(Boolean);
  if (folders.some((folder) => existsSync(join(folder, name)))) return true;
  // The linker's cache names what is installed; the process's map what somebody has loaded already.
  return ['/etc/ld.so.cache', '/proc/self/maps'].some((file) => {
    try {
      return readFileSync(file, 'latin1').includes(name);
    } catch {
      return false;
    }
  });
}
