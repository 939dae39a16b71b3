// `npm test`: everything, on a fresh clone too. `npm test -- unit e2e` runs those parts and what they need.
// Plain Node: it runs before anything is installed. The last line is `N passed, N failed`.
import { formatSeconds } from './lib/format.mjs';
import { installDependencies } from './lib/install.mjs';
import { endAll, runCheck, runNode, runVitest, runVitestApart } from './lib/parts.mjs';

const bin = (file) => `node_modules/${file}`;

// Each story has an editor of its own, so that none depends on what another left behind.
const STORIES = [
  ['scenario', 'trust', 'largeText', 'example'],
  ['inspector'],
  ['attention'],
  ['causalMask'],
  ['receptiveField'],
  ['sampler'],
  ['logProbs'],
  ['formulas'],
  ['information'],
  ['images'],
  ['imageClasses'],
  ['modelFolder'],
  ['states'],
  ['restored'],
].map(filesOf);

function filesOf(files) {
  return files.map((file) => `test/e2e/${file}.test.ts`);
}

// A preparation is not counted, unless it fails. The minutes are limits, not estimates.
const PARTS = {
  install: { prepare: () => installDependencies((line) => console.log(line)).then(() => ({ ok: true })) },
  build: { prepare: () => runNode(['scripts/build.mjs'], 10) },
  devices: { prepare: () => runNode(['scripts/tools/tensorflow.mjs'], 15) },
  tools: { prepare: () => runNode(['scripts/tools/install.mjs'], 15) },
  format: {
    needs: [],
    run: () => runCheck([bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'], 3),
  },
  lint: { needs: [], run: () => runCheck([bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0'], 6) },
  types: { needs: [], run: () => runCheck([bin('typescript/bin/tsc'), '-p', 'tsconfig.json'], 4) },
  'view types': {
    needs: [],
    run: () => runCheck([bin('typescript/bin/tsc'), '-p', 'webview/tsconfig.json'], 3),
  },
  'browser types': {
    needs: [],
    run: () => runCheck([bin('typescript/bin/tsc'), '-p', 'test/tsconfig.browser.json'], 3),
  },
  arrows: {
    needs: [],
    run: () =>
      runCheck(
        [
          bin('dependency-cruiser/bin/dependency-cruise.mjs'),
          '--config',
          '.dependency-cruiser.cjs',
          'src',
          'webview',
          'test',
          'benchmarks',
        ],
        3,
      ),
  },
  unit: { needs: ['build'], run: () => runVitest('unit', 6) },
  contract: { needs: ['build', 'tools', 'devices'], run: () => runVitest('contract', 20) },
  golden: { needs: ['build'], run: () => runVitest('golden', 5) },
  integration: { needs: ['build'], run: () => runVitest('integration', 20) },
  views: { needs: ['build', 'tools'], run: () => runVitest('views', 25) },
  e2e: { needs: ['build', 'tools'], run: () => runVitestApart('e2e', 15, STORIES) },
};
const GROUPS = { check: ['format', 'lint', 'types', 'view types', 'browser types', 'arrows'] };

const named = process.argv.slice(2).flatMap((name) => GROUPS[name] ?? [name]);
const unknown = named.filter((name) => !PARTS[name]?.run);
if (unknown.length > 0) {
  const known = [...Object.keys(GROUPS), ...Object.keys(PARTS).filter((name) => PARTS[name].run)];
  console.error(`test: expected parts among ${known.join(', ')}; got ${unknown.join(', ')}`);
  process.exit(2);
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    endAll('SIGTERM');
    setTimeout(() => process.exit(130), 1000);
  });
}

const chosen = named.length > 0 ? named : Object.keys(PARTS).filter((name) => PARTS[name].run);
const needed = new Set(['install', ...chosen.flatMap((name) => PARTS[name].needs)]);
const started = performance.now();
const lines = [];
let passed = 0;
let failed = 0;
const broken = new Set();

for (const [name, part] of Object.entries(PARTS)) {
  if (part.prepare ? !needed.has(name) : !chosen.includes(name)) continue;
  console.log(`\n=== ${name}`);
  const begun = performance.now();
  const result = part.prepare ? await prepare(name, part) : await part.run();
  report(name, result, performance.now() - begun);
  if (broken.has('install')) break;
}

console.log(`\n=== all parts, ${formatSeconds(performance.now() - started)}`);
for (const line of lines) console.log(line);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** What needs a broken preparation still runs: it may fail in a way that says more. */
async function prepare(name, part) {
  const { ok, reason } = await part.prepare().catch((error) => ({ ok: false, reason: error.message }));
  if (!ok) broken.add(name);
  return { passed: 0, failed: ok ? 0 : 1, reason };
}

function report(name, result, milliseconds) {
  passed += result.passed;
  failed += result.failed;
  const counts = PARTS[name].prepare
    ? result.failed
      ? 'FAILED'
      : 'ready'
    : `${result.passed} passed, ${result.failed} failed`;
  const skipped = result.skipped ? `, ${result.skipped} skipped` : '';
  const reason = result.failed && result.reason ? `  (${result.reason})` : '';
  const line = `${name.padEnd(14)} ${`${counts}${skipped}`.padEnd(26)} ${formatSeconds(milliseconds).padStart(12)}${reason}`;
  lines.push(line);
  console.log(line);
}
