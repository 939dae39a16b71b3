// The licences of every package whose code went into a bundle, read from the packages themselves.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * @param {string} root the project's folder
 * @param {Set<string>} inputs esbuild's inputs, relative to the root
 * @returns {Promise<string>} one section per package, sorted by name
 */
export async function thirdPartyNotices(root, inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input.replaceAll('\\', '/'));
    if (match) folders.add(match[1]);
  }
  const sections = [];
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(
      await readFile(path.join(root, folder, 'package.json'), 'utf8'),
    );
    const files = await readdir(path.join(root, folder));
    const texts = files.filter((file) => /^(licen[cs]e|notice)(\.|$)/i.test(file)).sort();
    const bodies = await Promise.all(texts.map((file) => readFile(path.join(root, folder, file), 'utf8')));
    sections.push(
      [`${name} ${version} (${license ?? 'licence not stated'})`, ...bodies.map((body) => body.trim())].join(
        '\n\n',
      ),
    );
  }
  const rule = `\n\n${'-'.repeat(78)}\n\n`;
  return `AR Lens contains code of these packages.${rule}${sections.join(rule)}\n`;
}
