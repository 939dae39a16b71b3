// The models of images that a person works with, kept between calls: runs, and specs whose family has nothing to learn,
// so that they are models as they stand.
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ArLensError } from '../../protocol/errors';
import type { ImageModelInfo } from '../../protocol/imageSets';
import type { InspectSubject } from '../../protocol/subject';
import type { EngineContext } from '../context';
import { readSpecText } from '../inspect/subject';
import { versionOf as folderVersion } from '../models/modelCache';
import { VersionedCache } from '../models/versionedCache';
import { requireSpec } from '../spec/spec';
import { deviceWords } from '../training/deviceWords';
import { imageModelDevice } from './imageDevice';
import { loadImageModel } from './imageFolder';
import { specFacts } from './imageSubject';
import { conditionOf, titleGiven } from './conditions';
import { NO_RULE } from './foundLabels';
import { runWays, type ScoringModel } from './scoreImages';

const MOST_MODELS = 3;

export class ImageModels {
  private readonly cache: VersionedCache<ScoringModel>;

  constructor(private readonly context: EngineContext) {
    this.cache = new VersionedCache({
      capacity: MOST_MODELS,
      versionOf,
      make: (key) => this.load(subjectOf(key)),
      dispose: ({ model }) => model.dispose(),
    });
  }

  use<T>(subject: InspectSubject, work: (loaded: ScoringModel, version: string) => Promise<T>): Promise<T> {
    const plain = 'model' in subject ? { model: resolve(subject.model) } : subject;
    return this.cache.use(JSON.stringify(plain), work);
  }

  info(subject: InspectSubject): Promise<ImageModelInfo> {
    return this.use(subject, ({ family, facts, model, device, quantizer, labelRule }) =>
      Promise.resolve({
        family: family.id,
        title: titleGiven(family.title, facts),
        device,
        likelihood: family.likelihood,
        height: facts.height,
        width: facts.width,
        channels: facts.channels,
        levels: facts.levels,
        condition: conditionOf(facts),
        classes: model.classes,
        classNames: model.classes > 0 ? labelRule.classNames : [],
        takesAnySize: family.takesAnySize,
        quantize: quantizer.how,
      }),
    );
  }

  private async load(subject: InspectSubject): Promise<ScoringModel> {
    if ('model' in subject) {
      const device = deviceWords(await imageModelDevice(this.context, subject.model));
      const loaded = await loadImageModel(subject.model);
      return { ...loaded, device, ...(await runWays(loaded.folder, loaded.facts.levels)) };
    }
    const spec = requireSpec(await readSpecText(subject), subject.spec);
    if (spec.domain !== 'image') {
      throw new ArLensError('unsupported', `${subject.spec}: expected a spec of images, got one of texts.`);
    }
    const { facts } = await specFacts(spec, subject);
    const device = deviceWords(await this.context.device(spec.device, undefined, spec.family));
    const model = spec.family.build(spec.model, facts, spec.train.seed);
    if (model.variables.length > 0) {
      model.dispose();
      const sentence = `${subject.spec}: ${spec.family.title} has weights to learn, and this spec has no run yet.`;
      throw new ArLensError('unsupported', sentence, 'Train it first.');
    }
    const { quantize: how, levels } = spec.data;
    const quantizer = { how, levels, seed: spec.train.seed };
    const rules = { labelRule: NO_RULE, conditionRule: [] };
    return { folder: subject.spec, family: spec.family, facts, model, device, quantizer, ...rules };
  }
}

async function versionOf(key: string): Promise<string> {
  const subject = subjectOf(key);
  if ('model' in subject) return folderVersion(subject.model);
  const info = await stat(subject.spec).catch(() => undefined);
  return `${subject.spec} ${info?.mtimeMs ?? '-'}:${info?.size ?? '-'}`;
}

function subjectOf(key: string): InspectSubject {
  return JSON.parse(key) as InspectSubject;
}
