// Every id that package.json contributes and the code uses, in one place; a test holds the two equal.
// Knows no vscode: tests and pure modules import it too.

export const EXTENSION_ID = 'ar-lens.ar-lens';

export const COMMANDS = {
  annotate: 'arLens.annotate',
  annotateWith: 'arLens.annotateWith',
  toggle: 'arLens.toggleAnnotations',
  clear: 'arLens.clearAnnotations',
  chooseModel: 'arLens.chooseModel',
  useModelFolder: 'arLens.useModelFolder',
  setThreshold: 'arLens.setThreshold',
  setMetric: 'arLens.setMetric',
  nextSurprising: 'arLens.nextSurprising',
  previousSurprising: 'arLens.previousSurprising',
  continueFrom: 'arLens.continueFrom',
  train: 'arLens.train',
  trainOnFile: 'arLens.trainOnFile',
  pauseTraining: 'arLens.pauseTraining',
  resumeTraining: 'arLens.resumeTraining',
  stopTraining: 'arLens.stopTraining',
  showTraining: 'arLens.showTraining',
  showAttention: 'arLens.showAttention',
  showCausalMask: 'arLens.showCausalMask',
  check: 'arLens.check',
  compareRuns: 'arLens.compareRuns',
  renameRun: 'arLens.renameRun',
  deleteRun: 'arLens.deleteRun',
  revealRun: 'arLens.revealRun',
  sample: 'arLens.sample',
  openSampler: 'arLens.openSampler',
  showLogProbs: 'arLens.showLogProbs',
  showInformation: 'arLens.showInformation',
  newSpec: 'arLens.newSpec',
  restartEngine: 'arLens.restartEngine',
  showLog: 'arLens.showLog',
  showDevices: 'arLens.showDevices',
  setUpTensorflow: 'arLens.setUpTensorflow',
  removeTensorflow: 'arLens.removeTensorflow',
  scoreSelection: 'arLens.scoreSelection',
  showDiagram: 'arLens.showDiagram',
  showReceptiveField: 'arLens.showReceptiveField',
} as const;
export type CommandId = (typeof COMMANDS)[keyof typeof COMMANDS];

export const VIEW_CONTAINER = 'arLens';
export const VIEWS = {
  runs: 'arLens.runs',
  devices: 'arLens.devices',
  likelihood: 'arLens.likelihood',
  inspector: 'arLens.inspector',
} as const;
export const PANELS = {
  attention: 'arLens.attention',
  causalMask: 'arLens.causalMask',
  sampler: 'arLens.sampler',
  training: 'arLens.training',
  logProbs: 'arLens.logProbs',
  scoreSelection: 'arLens.scoreSelection',
  diagram: 'arLens.diagram',
  information: 'arLens.information',
  receptiveField: 'arLens.receptiveField',
  imageFolder: 'arLens.imageFolder',
  imageSampler: 'arLens.imageSampler',
} as const;
/** Editors of files, offered beside the editor's own. */
export const EDITORS = {
  images: 'arLens.images',
} as const;

/** Setting keys, with their section in front: what package.json contributes. */
export const SETTINGS = {
  model: 'arLens.annotations.model',
  metric: 'arLens.annotations.metric',
  threshold: 'arLens.annotations.threshold',
  lineEnds: 'arLens.annotations.lineEnds',
  codeLens: 'arLens.annotations.codeLens',
  overviewRuler: 'arLens.annotations.overviewRuler',
  device: 'arLens.device',
  instructionSet: 'arLens.engine.instructionSet',
  nodePath: 'arLens.engine.nodePath',
} as const;

export const CONTEXT_KEYS = {
  annotated: 'arLens.annotated',
  hasRuns: 'arLens.hasRuns',
  /** The workspace has been looked through: only then can a view say that there is nothing. */
  scanned: 'arLens.scanned',
} as const;

/** Contributed colours. The twelve bins are `surprisal1` … `surprisal12`. */
export const COLOURS = {
  surprisal: (bin: number) => `arLens.surprisal${bin}`,
  ink: 'arLens.surprisalInk',
  ruler: 'arLens.surprisalRuler',
  lineEnd: 'arLens.lineEndForeground',
} as const;

/** Context values of tree items: menus match on them. */
export const ITEMS = {
  spec: 'spec',
  run: 'run',
  running: 'run.running',
  paused: 'run.paused',
  device: 'device',
} as const;
