// Builds the extension's services when VS Code activates it, and lets go of them when it is over. Nothing else.
import * as vscode from 'vscode';
import { LikelihoodLens } from './host/annotations/codeLensProvider';
import { AnnotationController } from './host/annotations/controller';
import { EditorSelection } from './host/annotations/editorSelection';
import { LikelihoodHover } from './host/annotations/hoverProvider';
import { StatusBar } from './host/annotations/statusBar';
import { register } from './host/commands/command';
import { COMMAND_TABLE } from './host/commands/commandTable';
import { EngineService } from './host/engine/engineService';
import { JobService } from './host/engine/jobs';
import { engineLaunch } from './host/engine/launch';
import { DevicesTree } from './host/explorer/devicesTree';
import { RunsTree } from './host/explorer/runsTree';
import { RunStore } from './host/explorer/runStore';
import { showFirstLook } from './host/firstLook';
import { createLog } from './host/log';
import { AttentionPanels } from './host/panels/attentionPanels';
import { CausalMaskPanels } from './host/panels/causalMaskPanels';
import { DiagramPanels } from './host/panels/diagramPanels';
import { ImageSamplerPanels } from './host/panels/imageSamplerPanels';
import { ImagesPanels } from './host/panels/imagesPanels';
import { InformationPanels } from './host/panels/informationPanels';
import { InspectorView } from './host/panels/inspectorView';
import { LikelihoodView } from './host/panels/likelihoodView';
import { ReceptiveFieldPanels } from './host/panels/receptiveFieldPanels';
import { SamplerPanels } from './host/panels/samplerPanels';
import { LogProbsPanels } from './host/panels/logProbsPanels';
import { ScoreSelectionPanels } from './host/panels/scoreSelectionPanels';
import { TrainingPanels } from './host/panels/trainingPanels';
import type { Services } from './host/services';
import { Pixels } from './host/pixelSelection';
import { Selection } from './host/selection';
import { SpecDiagnostics } from './host/specs/specDiagnostics';
import { SpecLenses } from './host/specs/specLenses';
import { SPEC_SUFFIX } from './protocol/run';

const EVERY_TEXT: vscode.DocumentSelector = [
  { scheme: 'file' },
  { scheme: 'untitled' },
  { scheme: 'vscode-remote' },
];
const SPECS: vscode.DocumentSelector = { pattern: `**/*${SPEC_SUFFIX}` };

export function activate(context: vscode.ExtensionContext): void {
  const log = createLog();
  const launch = () => engineLaunch(context.extensionUri, log);
  const engine = new EngineService(launch, log);
  const jobs = new JobService(launch);
  const runs = new RunStore(log);
  const annotations = new AnnotationController(engine, log);
  const selection = new Selection();
  const pixels = new Pixels();
  const attention = new AttentionPanels({ context, engine, annotations, selection, log });
  const causalMask = new CausalMaskPanels({ context, engine, runs, log });
  const training = new TrainingPanels({ context, jobs, runs, log });
  const sampler = new SamplerPanels({ context, engine, log });
  const logProbs = new LogProbsPanels({ context, engine, runs, annotations, selection, log });
  const scoreSelection = new ScoreSelectionPanels({ context, engine, annotations, selection, log });
  const diagram = new DiagramPanels({ context, engine, log });
  const information = new InformationPanels({ context, engine, runs, annotations, selection, log });
  const receptiveField = new ReceptiveFieldPanels({ context, engine, log });
  const images = new ImagesPanels({ context, engine, runs, pixels, log });
  const imageSampler = new ImageSamplerPanels({
    context,
    engine,
    log,
    showImages: (file, run) => images.show(file, run),
  });
  const services: Services = {
    context,
    log,
    engine,
    jobs,
    runs,
    annotations,
    attention,
    causalMask,
    selection,
    sampler,
    training,
    logProbs,
    scoreSelection,
    diagram,
    information,
    receptiveField,
    images,
    imageSampler,
  };
  const lens = new LikelihoodLens(annotations);
  context.subscriptions.push(
    log,
    engine,
    jobs,
    runs,
    annotations,
    selection,
    pixels,
    new EditorSelection(selection, annotations),
    attention,
    causalMask,
    training,
    sampler,
    logProbs,
    scoreSelection,
    diagram,
    information,
    receptiveField,
    images,
    imageSampler,
    lens,
    new StatusBar(annotations, engine),
    new RunsTree(runs, jobs),
    new DevicesTree(engine),
    new LikelihoodView(context.extensionUri, annotations, log),
    new InspectorView({ extension: context.extensionUri, annotations, engine, selection, pixels, log }),
    new SpecDiagnostics(engine, log),
    vscode.languages.registerHoverProvider(EVERY_TEXT, new LikelihoodHover(annotations)),
    vscode.languages.registerCodeLensProvider(EVERY_TEXT, lens),
    vscode.languages.registerCodeLensProvider(SPECS, new SpecLenses()),
    ...COMMAND_TABLE.map((command) => register(services, command)),
  );
  runs.ready().catch((error: unknown) => log.error(`runs: ${String(error)}`));
  showFirstLook(context).catch((error: unknown) => log.error(`first look: ${String(error)}`));
}

export function deactivate(): void {
  // VS Code disposes of the subscriptions.
}
