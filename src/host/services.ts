// What the extension is made of while it runs; built in extension.ts, handed to commands and views.
import type * as vscode from 'vscode';
import type { AnnotationController } from './annotations/controller';
import type { EngineService } from './engine/engineService';
import type { JobService } from './engine/jobs';
import type { RunStore } from './explorer/runStore';
import type { ReceptiveFieldPanels } from './panels/receptiveFieldPanels';
import type { SamplerPanels } from './panels/samplerPanels';
import type { AttentionPanels } from './panels/attentionPanels';
import type { CausalMaskPanels } from './panels/causalMaskPanels';
import type { DiagramPanels } from './panels/diagramPanels';
import type { ImageSamplerPanels } from './panels/imageSamplerPanels';
import type { ImagesPanels } from './panels/imagesPanels';
import type { InformationPanels } from './panels/informationPanels';
import type { LogProbsPanels } from './panels/logProbsPanels';
import type { ScoreSelectionPanels } from './panels/scoreSelectionPanels';
import type { TrainingPanels } from './panels/trainingPanels';
import type { Selection } from './selection';

export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly engine: EngineService;
  readonly jobs: JobService;
  readonly runs: RunStore;
  readonly annotations: AnnotationController;
  readonly attention: AttentionPanels;
  readonly causalMask: CausalMaskPanels;
  readonly selection: Selection;
  readonly training: TrainingPanels;
  readonly logProbs: LogProbsPanels;
  readonly scoreSelection: ScoreSelectionPanels;
  readonly diagram: DiagramPanels;
  readonly information: InformationPanels;
  readonly images: ImagesPanels;
  readonly imageSampler: ImageSamplerPanels;
  readonly sampler: SamplerPanels;
  readonly receptiveField: ReceptiveFieldPanels;
}
