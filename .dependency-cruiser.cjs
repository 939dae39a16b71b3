// The arrows of docs/architecture.md as rules: who may know whom. `npm run check:arrows` and a unit test run them.
// A folder may import what its line lists; everything may import src/protocol/errors.ts, the one error type.

const ARROWS = {
  math: [],
  data: ['math'],
  formats: ['math'],
  kernels: [],
  nn: ['math', 'data', 'formats'],
  families: ['math', 'data', 'formats', 'nn'],
  decoding: ['math'],
  analysis: ['math', 'nn'],
  engine: ['math', 'data', 'formats', 'nn', 'families', 'decoding', 'analysis', 'kernels', 'protocol'],
  cli: ['engine', 'protocol'],
  protocol: [],
  host: ['protocol'],
};
const TEST = '\\.test\\.tsx?$';
// With its types installed, 'vscode' resolves to them.
const VSCODE = '^vscode$|(^|/)node_modules/@types/vscode/';
const EVERYONE = '^src/protocol/errors\\.ts$';
// Exceptions that the design names, each a single file of constants and types.
const ALSO = {
  nn: ['^src/kernels/fusedKernels\\.ts$'],
  decoding: ['^src/families/family\\.ts$'],
  analysis: ['^src/families/(family|imageFamily)\\.ts$'],
};

const layers = Object.entries(ARROWS).map(([folder, mayUse]) => ({
  name: `arrows-${folder}`,
  severity: 'error',
  comment: `src/${folder} may import: ${mayUse.join(', ') || 'nothing outside itself'}`,
  from: { path: `^src/${folder}/`, pathNot: TEST },
  to: {
    path: '^(src|webview|test|benchmarks)/',
    pathNot: [`^src/(${[folder, ...mayUse].join('|')})/`, EVERYONE, ...(ALSO[folder] ?? [])],
  },
}));

module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'arrows-extension',
      severity: 'error',
      comment: 'extension.ts builds the services and nothing else: it knows the host and the protocol',
      from: { path: '^src/extension\\.ts$' },
      to: { path: '^(src|webview|test|benchmarks)/', pathNot: '^src/(host|protocol)/' },
    },
    {
      name: 'arrows-webview',
      severity: 'error',
      comment: 'a view draws what the protocol carries, and knows nothing else',
      from: { path: '^webview/', pathNot: TEST },
      to: { path: '^(src|test|benchmarks)/', pathNot: '^src/protocol/' },
    },
    {
      name: 'vscode-only-in-host',
      severity: 'error',
      comment: 'only the host talks to the editor, so that everything else runs without one',
      from: { path: '^(src|webview|benchmarks)/', pathNot: '^src/(host/|extension\\.ts$)' },
      to: { path: VSCODE },
    },
    {
      name: 'engine-client-without-vscode',
      severity: 'error',
      comment: 'the engine client and its process are tested in plain Node',
      from: { path: '^src/host/.*engine(Client|Process)' },
      to: { path: VSCODE },
    },
    {
      name: 'no-tensors-in-host-or-views',
      severity: 'error',
      comment: 'tensors live in engine processes: a host or view that loads tfjs has crossed the line',
      from: {
        path: '^(src/(host|protocol|cli|math|data|formats)/|src/extension\\.ts$|webview/)',
        pathNot: TEST,
      },
      to: { path: '(^|/)@tensorflow/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'a circle means two files are one',
      from: { path: '^(src|webview)/' },
      to: { circular: true },
    },
    {
      name: 'product-does-not-know-its-tests',
      severity: 'error',
      comment: 'what ships imports no test and no tool of the tests',
      from: { path: '^(src|webview)/', pathNot: [TEST, '^webview/testHarness/'] },
      to: { path: ['^test/', TEST, '^webview/testHarness/', '(^|/)node_modules/(vitest|playwright-core)/'] },
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      comment: 'an import that resolves to nothing fails later and elsewhere',
      from: {},
      to: { couldNotResolve: true, pathNot: VSCODE },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|build|\\.tools)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json', '.d.ts'],
    },
  },
};
