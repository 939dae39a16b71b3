// The handlers of the interactive engine and of a training job, over one context.
// Knows no channel: the process entry serves them, the CLI calls them directly.
import { ALL_FAMILIES } from '../families/registry';
import type { CallContext, Handlers } from '../protocol/calls';
import type { EngineCalls, JobCalls } from '../protocol/engine';
import { ArLensError } from '../protocol/errors';
import type { TrainEvent } from '../protocol/run';
import type { EngineContext } from './context';
import { ablateContext } from './inspect/ablation';
import { checkReport } from './inspect/check';
import { diagramReport, imageDiagramReport } from './inspect/diagram';
import { informationOf } from './inspect/information';
import { maskReport } from './inspect/mask';
import { withSubject } from './inspect/subject';
import { InspectedTexts, inspectToken } from './inspect/token';
import { AttentionStore } from './inspect/attentionStore';
import { attentionRow, showAttention } from './inspect/attention';
import { samplerBeam } from './inspect/samplerBeam';
import { samplerRun } from './inspect/samplerRun';
import { samplerForce, samplerStep } from './inspect/samplerStep';
import { StepDecoders } from './inspect/stepDecoders';
import { imageCheckReport } from './images/imageCheck';
import { imageModelDevice } from './images/imageDevice';
import { loadImageModel } from './images/imageFolder';
import { imageMaskMatrix } from './images/imageMaskMatrix';
import { imageMaskReport } from './images/imageMask';
import { ImageModels } from './images/imageModels';
import { ImageLooks } from './images/imageNats';
import { ImageSampler } from './images/imageSampler';
import { ImageSets } from './images/imageSets';
import { imageSource } from './images/imageSource';
import { subjectDomain, withImageSubject } from './images/imageSubject';
import { saveImages } from './images/saveImages';
import { sampleImages } from './images/sampleImages';
import { scoreImages, scoreSet } from './images/scoreImages';
import { imageReach, textReach } from './inspect/reach';
import { FieldStore } from './reach/fieldReport';
import { effectiveReport } from './reach/effectiveReport';
import { gatesReport } from './reach/gatesReport';
import { kernelMask } from './reach/kernelMask';
import { MeasuredFields } from './reach/measureField';
import { receptiveField } from './reach/receptiveField';
import { ModelCache } from './models/modelCache';
import { sampleText } from './sampling/sampleText';
import { SnapshotStore } from './scoring/reuse';
import { scoreText } from './scoring/scoreText';
import { checkSpec } from './spec/checkSpec';
import { planSetup, removeSetup, setUp } from './tensorflow/setup';
import { TrainingControl } from './training/control';
import { deviceWords } from './training/deviceWords';
import { train } from './training/train';

/** Score, sample, inspect: several calls may be under way; models and scored documents are kept between them. */
export function createEngineHandlers(context: EngineContext): Handlers<EngineCalls> {
  const models = new ModelCache();
  const snapshots = new SnapshotStore();
  const decoders = new StepDecoders();
  const inspected = new InspectedTexts();
  const attention = new AttentionStore();
  const fields = new FieldStore();
  const measured = new MeasuredFields();
  const imageModels = new ImageModels(context);
  const imageSets = new ImageSets();
  const imageSampler = new ImageSampler();
  const looks = new ImageLooks(imageModels, imageSets);
  return {
    describe: async () => ({
      pid: process.pid,
      node: process.versions.node,
      device: await context.device(),
      families: ALL_FAMILIES.map(({ id, title, domain, likelihood }) => ({ id, title, domain, likelihood })),
    }),
    devices: () => context.devices(),
    tensorflowPlan: (params, call) => planSetup(params, call.signal),
    setUpTensorflow: (params, call) => setUp(params, call),
    removeTensorflow: () => removeSetup(),
    checkSpec: (params) => checkSpec(params),
    modelInfo: async ({ model }) => {
      await context.device();
      return models.use(model, ({ info }) => Promise.resolve(info));
    },
    score: async (params, call) => {
      const device = deviceWords(await context.device());
      return models.use(params.model, (loaded, version) =>
        scoreText({ loaded, version, device, snapshots }, params, call),
      );
    },
    inspect: async (params, call) => {
      const device = deviceWords(await context.device());
      return models.use(params.model, (loaded) => inspectToken({ loaded, device, inspected }, params, call));
    },
    forget: ({ document }) => {
      snapshots.forget(document);
      inspected.forget(document);
      return Promise.resolve(undefined);
    },
    sample: async (params, call) => {
      await context.device();
      return models.use(params.model, (loaded) => sampleText(loaded, params, call));
    },
    mask: async (params, call) =>
      (await subjectDomain(params)) === 'image'
        ? withImageSubject(params, context, (subject) => imageMaskMatrix(subject, params, call))
        : withSubject(params, { context, models }, (subject) => maskReport(subject, params, call)),
    check: async (params, call) =>
      (await subjectDomain(params)) === 'image'
        ? withImageSubject(params, context, (subject) => imageCheckReport(subject, call))
        : withSubject(params, { context, models }, (subject) => checkReport(subject, call)),
    subjectDomain: (params) => subjectDomain(params),
    imageMask: (params, call) =>
      withImageSubject(params, context, (subject) => imageMaskReport(subject, call)),
    reach: async (params, call) =>
      (await subjectDomain(params)) === 'image'
        ? withImageSubject(params, context, (subject) => imageReach(subject, params, call.signal))
        : withSubject(params, { context, models }, (subject) => textReach(subject, params, call.signal)),
    receptiveField: (params) => receptiveField(params, fields),
    kernelMask: (params) => Promise.resolve().then(() => kernelMask(params)),
    measureField: (params, call) => measured.measure(params, context, call),
    gates: async (params, call) => {
      await imageModelDevice(context, params.model);
      const loaded = await loadImageModel(params.model);
      return gatesReport(loaded, params, call).finally(() => loaded.model.dispose());
    },
    effectiveField: async (params, call) => {
      await imageModelDevice(context, params.model);
      const loaded = await loadImageModel(params.model);
      return effectiveReport(loaded, params, call).finally(() => loaded.model.dispose());
    },
    scoreImages: async (params, call) => {
      const device = deviceWords(await imageModelDevice(context, params.model));
      const loaded = await loadImageModel(params.model);
      return scoreImages(loaded, device, params, call).finally(() => loaded.model.dispose());
    },
    sampleImages: async (params, call) => {
      await imageModelDevice(context, params.model);
      const loaded = await loadImageModel(params.model);
      return sampleImages(loaded, params, call).finally(() => loaded.model.dispose());
    },
    imageSet: ({ path }) => imageSets.info(path),
    imageSource: ({ path }) => imageSource(path, imageSets),
    thumbnails: (params) => imageSets.thumbnails(params),
    imageModel: (subject) => imageModels.info(subject),
    imageBits: ({ subject, ...images }, call) =>
      imageModels.use(subject, (loaded) =>
        imageSets.scored(images, loaded, (set, _, conditions) =>
          scoreSet(loaded, set, {
            file: images.path,
            conditions,
            signal: call.signal,
            report: ({ done, nats, labels }) => call.progress({ done, images: set.count, nats, labels }),
          }),
        ),
      ),
    imageNats: (params) => looks.nats(params),
    pixelDistribution: (params) => looks.distribution(params),
    imageSamplerRun: (params, call) =>
      imageModels.use(params.subject, (loaded, version) => imageSampler.run(loaded, version, params, call)),
    imageConditions: ({ subject, ...asked }) =>
      imageModels.use(subject, async (loaded, version) => {
        const found = await imageSampler.conditions(loaded, version, asked);
        return found && found.drawn.given;
      }),
    saveImages: ({ subject, path, count, levels }) =>
      imageModels.use(subject, async ({ facts }) => {
        await saveImages(path, facts, count, levels);
        return undefined;
      }),
    imageLevels: ({ subject, path, image }) =>
      looks.levels({ subject, path, image }).then((levels) => ({ levels })),
    attention: async (params, call) => {
      await context.device();
      return models.use(params.model, (loaded, version) =>
        showAttention(loaded, version, attention, params, call.signal),
      );
    },
    attentionRow: async (params) => {
      await context.device();
      return models.use(params.model, (loaded) => attentionRow(loaded, params));
    },
    diagram: async (params) =>
      (await subjectDomain(params)) === 'image'
        ? withImageSubject(params, context, (subject) => Promise.resolve(imageDiagramReport(subject)))
        : withSubject(params, { context, models }, (subject) => Promise.resolve(diagramReport(subject))),
    information: async (params, call) => {
      const device = deviceWords(await context.device());
      return models.use(params.model, (loaded, version) =>
        informationOf({ loaded, version, device, snapshots }, params, call),
      );
    },
    ablation: async (params, call) => {
      const device = deviceWords(await context.device());
      return models.use(params.model, (loaded) => ablateContext({ loaded, device, inspected }, params, call));
    },
    samplerStep: async (params) => {
      await context.device();
      return models.use(params.model, (loaded) => samplerStep({ loaded, decoders }, params));
    },
    samplerForce: async (params) => {
      await context.device();
      return models.use(params.model, (loaded) => samplerForce({ loaded, decoders }, params));
    },
    samplerRun: async (params, call) => {
      await context.device();
      return models.use(params.model, (loaded) => samplerRun({ loaded, decoders }, params, call));
    },
    samplerBeam: async (params, call) => {
      await context.device();
      return models.use(params.model, (loaded) => samplerBeam(loaded, params, call));
    },
  };
}

/** Reports that nobody can receive any more must not end the run before its last checkpoint. */
function reporterTo(call: CallContext<TrainEvent>): (event: TrainEvent) => Promise<void> {
  return async (event) => {
    if (call.signal.aborted) return;
    await call.progress(event).catch((error: unknown) => {
      if (!call.signal.aborted) throw error;
    });
  };
}

/** One training run at a time: the process exists for it. */
export function createJobHandlers(context: EngineContext): Handlers<JobCalls> {
  let running: TrainingControl | undefined;
  return {
    train: async (params, call) => {
      if (running) throw new ArLensError('busy', 'This job already trains: one process trains one run.');
      const control = new TrainingControl();
      running = control;
      // Who started the run has gone away or cancelled: the same as a stop, with a checkpoint.
      const stop = (): void => control.stop();
      call.signal.addEventListener('abort', stop);
      try {
        return await train(params, { context, control, emit: reporterTo(call) });
      } finally {
        call.signal.removeEventListener('abort', stop);
        running = undefined;
      }
    },
    pause: () => Promise.resolve(running?.pause()).then(() => undefined),
    resume: () => Promise.resolve(running?.resume()).then(() => undefined),
    stop: () => Promise.resolve(running?.stop()).then(() => undefined),
  };
}
