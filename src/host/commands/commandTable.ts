// Every command, one line each. A test holds this list and package.json equal.
import { annotate } from './annotate';
import { annotateWith } from './annotateWith';
import { check } from './check';
import { chooseModelCommand } from './chooseModelCommand';
import { clearAnnotations } from './clearAnnotations';
import type { Command } from './command';
import { compareRuns } from './compareRuns';
import { continueFrom } from './continueFrom';
import { deleteRun } from './deleteRun';
import { nextSurprising, previousSurprising } from './goSurprising';
import { newSpec } from './newSpec';
import { openSampler } from './openSampler';
import { pauseTraining } from './pauseTraining';
import { renameRun } from './renameRun';
import { restartEngine } from './restartEngine';
import { resumeTraining } from './resumeTraining';
import { revealRun } from './revealRun';
import { sample } from './sample';
import { scoreSelection } from './scoreSelection';
import { setMetric } from './setMetric';
import { setThreshold } from './setThreshold';
import { removeTensorflow, setUpTensorflow } from './setUpTensorflow';
import { showAttention } from './showAttention';
import { showCausalMask } from './showCausalMask';
import { showDevices } from './showDevices';
import { showDiagram } from './showDiagram';
import { showInformation } from './showInformation';
import { showLog } from './showLog';
import { showLogProbs } from './showLogProbs';
import { showReceptiveField } from './showReceptiveField';
import { showTraining } from './showTraining';
import { stopTraining } from './stopTraining';
import { toggleAnnotations } from './toggleAnnotations';
import { train } from './train';
import { trainOnFile } from './trainOnFile';
import { useModelFolder } from './useModelFolder';

export const COMMAND_TABLE: readonly Command[] = [
  annotate,
  annotateWith,
  toggleAnnotations,
  clearAnnotations,
  chooseModelCommand,
  useModelFolder,
  setThreshold,
  setMetric,
  nextSurprising,
  previousSurprising,
  continueFrom,
  train,
  trainOnFile,
  pauseTraining,
  resumeTraining,
  stopTraining,
  showTraining,
  showAttention,
  showCausalMask,
  check,
  compareRuns,
  renameRun,
  deleteRun,
  revealRun,
  sample,
  openSampler,
  showLogProbs,
  showInformation,
  newSpec,
  restartEngine,
  showLog,
  showDevices,
  setUpTensorflow,
  removeTensorflow,
  scoreSelection,
  showDiagram,
  showReceptiveField,
];
