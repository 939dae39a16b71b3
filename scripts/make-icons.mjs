// Writes examples/workspace/icons: the 214 icons of the Tango theme that are 32 × 32, in the folders of their categories,
// alpha over white as AR Lens reads it. `node scripts/make-icons.mjs [path/to/the.deb]`; the same files every time. Without
// a path, apt fetches Debian's package tango-icon-theme (public domain, as its copyright file says); nothing is installed.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { importTypescript } from './lib/importTypescript.mjs';
import { root } from './lib/paths.mjs';

const PACKAGE = 'tango-icon-theme=0.8.90-11';
const SHA256 = 'dff317aca52fde744b884a02dd9fc2702a0cc6aaecc22271b5abf6906cd90b94';
const SIDE = 32;
const LARGEST_BYTES = 500_000;

const { decodePicture, encodePng } = await importTypescript(
  new URL('../src/formats/picture.ts', import.meta.url),
);
const run = promisify(execFile);
const icons = path.join(root, 'examples/workspace/icons');
const scratch = await mkdtemp(path.join(tmpdir(), 'ar-lens-icons-'));
try {
  await unpack(process.argv[2] ?? (await fetched()));
  await rm(icons, { recursive: true, force: true });
  let [pictures, bytes] = [0, 0];
  const theme = path.join(scratch, `usr/share/icons/Tango/${SIDE}x${SIDE}`);
  for (const entry of await readdir(theme, { recursive: true, withFileTypes: true })) {
    // Names of other desktops are links to the same pictures.
    if (!entry.isFile() || !entry.name.endsWith('.png')) continue;
    const from = path.join(entry.parentPath, entry.name);
    const picture = decodePicture(await readFile(from), from);
    if (picture.width !== SIDE || picture.height !== SIDE) continue; // frames of an animation, side by side
    const png = encodePng(picture, 3, picture.rgb);
    const to = path.join(icons, path.relative(theme, from));
    await mkdir(path.dirname(to), { recursive: true });
    await writeFile(to, png);
    pictures++;
    bytes += png.length;
  }
  console.log(`${pictures} pictures of ${SIDE} × ${SIDE}, ${bytes} bytes in all.`);
  if (bytes > LARGEST_BYTES) throw new Error(`expected at most ${LARGEST_BYTES} bytes, got ${bytes}`);
} finally {
  await rm(scratch, { recursive: true });
}

async function fetched() {
  await run('apt-get', ['download', PACKAGE], { cwd: scratch });
  const name = (await readdir(scratch)).find((each) => each.endsWith('.deb'));
  return path.join(scratch, name ?? '');
}

async function unpack(deb) {
  const sha256 = createHash('sha256')
    .update(await readFile(deb))
    .digest('hex');
  if (sha256 !== SHA256) throw new Error(`${deb}: expected the bytes of ${PACKAGE}, got sha256 ${sha256}`);
  await run('dpkg-deb', ['--extract', deb, scratch]);
}
