// `npm run package`: builds, then makes ar-lens-<target>.vsix with vsce and says what it weighs.
// The default target is this machine's platform, native kernels and Dawn included.
// `-- --target universal` leaves both out: the package then runs everywhere, on wasm.
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { formatBytes } from './lib/format.mjs';
import { root } from './lib/paths.mjs';
import { run } from './tools/npm.mjs';

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: thisPlatform() },
    out: { type: 'string' },
    'no-build': { type: 'boolean', default: false },
  },
});
const { target } = values;
const native = target === thisPlatform();
if (!native && target !== 'universal') {
  console.error(
    `package: native kernels can only be built on their own platform; expected --target ${thisPlatform()} or universal here, got ${target}`,
  );
  process.exit(2);
}

if (!values['no-build']) await run(process.execPath, [path.join(root, 'scripts/build.mjs')], { cwd: root });

// vsce takes one ignore file: the project's, and for a universal package the native binaries as well.
const kept = await readFile(path.join(root, '.vscodeignore'), 'utf8');
const ignoreFile = path.join(root, 'build/vscodeignore');
await mkdir(path.dirname(ignoreFile), { recursive: true });
const binaries = ['!dist/kernels/*.node\n', '!dist/webgpu/**\n'];
await writeFile(ignoreFile, native ? kept : binaries.reduce((text, line) => text.replace(line, ''), kept));

const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
const out = path.resolve(values.out ?? path.join(root, `ar-lens-${target}-${version}.vsix`));
const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
// Everything is bundled (no dependencies), and the project names no address of its own (no repository, links as they are).
const flags = [
  '--no-dependencies',
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  '--ignoreFile',
  ignoreFile,
];
await run(
  process.execPath,
  [vsce, 'package', ...flags, ...(native ? ['--target', target] : []), '--out', out],
  { cwd: root, quiet: true },
);
console.log(`${path.relative(process.cwd(), out)}  ${formatBytes((await stat(out)).size)}  for ${target}`);

/** This machine's name among vsce's targets. A Linux without glibc is Alpine. */
function thisPlatform() {
  const musl =
    process.platform === 'linux' &&
    !existsSync('/lib64/ld-linux-x86-64.so.2') &&
    existsSync('/etc/alpine-release');
  return `${musl ? 'alpine' : process.platform}-${process.arch}`;
}
