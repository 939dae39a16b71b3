// The card that the tests of WebGPU run on: the software Vulkan that every Chromium brings, also where there is a real card.
// AR_LENS_TEST_CARD=own takes the machine's own instead. Must be called before Dawn is asked for an adapter.
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { findChromium } from '../../scripts/tools/chromium.mjs';

/** Keeps a library loaded although it is no Node addon; dlfcn.h on Linux. */
const RTLD_NOW_NODELETE = 0x1002;

export const ownCard = process.env['AR_LENS_TEST_CARD'] === 'own';

/** @returns why there is none, in a clause, or undefined when WebGPU will use it */
export async function useTestCard(): Promise<string | undefined> {
  if (ownCard) return undefined;
  if (process.platform !== 'linux')
    return `software Vulkan is set up on Linux only, not on ${process.platform}`;
  const browser = await findChromium();
  const folders = [...(browser ? [path.dirname(realpathSync(browser))] : []), '/usr/lib/chromium'];
  const folder = folders.find((place) => existsSync(path.join(place, 'vk_swiftshader_icd.json')));
  if (!folder) return 'no Chromium with SwiftShader was found';
  process.env['VK_DRIVER_FILES'] = path.join(folder, 'vk_swiftshader_icd.json');
  const loader = path.join(folder, 'libvulkan.so.1');
  if (!existsSync(loader)) return undefined; // then the system's
  try {
    process.dlopen({ exports: {} }, loader, RTLD_NOW_NODELETE);
  } catch {
    // "did not self-register": it is no addon, but it stays loaded, which is all that was wanted.
  }
  return undefined;
}
