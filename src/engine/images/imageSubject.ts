// What `mask`, `check` and `reach` look into when it is a family of images: a model with its own weights, or a spec's
// architecture with random ones, for images of the data's size.
import { dirname } from 'node:path';
import { openImages } from './openImages';
import { randomizeImageWeights } from '../../analysis/reach/imageNetwork';
import type { ImageSource } from '../../data/images';
import type { ImageFacts, ImageFamily, ImageModel } from '../../families/imageFamily';
import type { InspectSubject } from '../../protocol/engine';
import type { SubjectDomain } from '../../protocol/images';
import { ArLensError } from '../../protocol/errors';
import type { EngineContext } from '../context';
import { readSpecText } from '../inspect/subject';
import { imageSizeProblem } from '../spec/limits';
import { requireSpec, type ImageSpec } from '../spec/spec';
import { deviceWords } from '../training/deviceWords';
import { requireFactor } from './conditions';
import { conditionSource, sourceOf, withoutLabels } from './imageData';
import { imageModelDevice } from './imageDevice';
import { isImageModel, loadImageModel } from './imageFolder';

export interface ImageSubject {
  readonly family: ImageFamily;
  readonly config: Parameters<ImageFamily['taps']>[0];
  readonly facts: ImageFacts;
  /** Where the size comes from. */
  readonly sizeFrom: 'model' | 'data' | 'assumed';
  /** With its own weights, or random ones. */
  readonly model: ImageModel;
  readonly weights: 'own' | 'random';
  readonly device: string;
}

/** MNIST's, where a spec names images that are not there. */
const ASSUMED = { height: 28, width: 28, channels: 1 };

export async function subjectDomain(params: InspectSubject): Promise<SubjectDomain> {
  if ('model' in params) return (await isImageModel(params.model)) ? 'image' : 'text';
  return requireSpec(await readSpecText(params), params.spec).domain;
}

export async function withImageSubject<T>(
  params: InspectSubject,
  context: EngineContext,
  work: (subject: ImageSubject) => Promise<T>,
): Promise<T> {
  if ('model' in params) {
    const device = deviceWords(await imageModelDevice(context, params.model));
    const { family, facts, model } = await loadImageModel(params.model);
    const config = model.config as ImageSubject['config'];
    return work({ family, config, facts, sizeFrom: 'model', model, weights: 'own', device }).finally(() =>
      model.dispose(),
    );
  }
  const spec = requireSpec(await readSpecText(params), params.spec);
  if (spec.domain !== 'image')
    throw new Error('withImageSubject: expected a spec of images, got one of a text');
  const { facts, sizeFrom } = await specFacts(spec, params);
  const { family, model: config } = spec;
  const problem = family.factsProblem?.(config, facts) ?? imageSizeProblem({ family, model: config }, facts);
  if (typeof problem === 'string') throw new ArLensError('badInput', `${params.spec}: ${problem}.`);
  const device = deviceWords(await context.device(spec.device, undefined, family));
  const model = family.build(config, facts, 1);
  // Logits of some tens would round by more than the tolerance of parity.
  randomizeImageWeights(model, 1, 0.5);
  return work({ family, config, facts, sizeFrom, model, weights: 'random', device }).finally(() =>
    model.dispose(),
  );
}

/** The data's own size where the data is there: a mask can be looked at before there is any. */
export async function specFacts(
  { data }: ImageSpec,
  subject: { readonly spec: string; readonly workspace?: string },
): Promise<{ facts: ImageFacts; sizeFrom: ImageSubject['sizeFrom'] }> {
  const base = dirname(subject.spec);
  const source = withoutLabels(sourceOf(data, base, subject.workspace ?? base));
  const { levels } = data;
  try {
    const set = await openImages(source);
    await set.close();
    const { height, width, channels } = set;
    const condition = await specCondition(data, source, set);
    return { facts: { height, width, channels, levels, ...condition }, sizeFrom: 'data' };
  } catch (error) {
    if (!(error instanceof ArLensError) || error.reason !== 'notFound') throw error;
    const { height = ASSUMED.height, width = ASSUMED.width, channels = ASSUMED.channels } = data;
    const condition = await specCondition(data, source, { height, width });
    return { facts: { height, width, channels, levels, ...condition }, sizeFrom: 'assumed' };
  }
}

/** Grey pictures where the spec names some that are not there. */
async function specCondition(
  { condition }: ImageSpec['data'],
  images: ImageSource,
  size: Pick<ImageFacts, 'height' | 'width'>,
): Promise<Pick<ImageFacts, 'condition'>> {
  if (!condition) return {};
  const { shrink: factor, images: source = '', labels } = condition;
  if (factor !== undefined) {
    requireFactor(size, factor, 'data.condition.shrink');
    return { condition: { kind: 'shrunken', factor } };
  }
  if (labels !== undefined) return { condition: { kind: 'labels', labels } };
  try {
    const set = await openImages({ ...conditionSource(images), source, place: 'data.condition.images' });
    await set.close();
    return { condition: { kind: 'picture', channels: set.channels } };
  } catch (error) {
    if (!(error instanceof ArLensError) || error.reason !== 'notFound') throw error;
    return { condition: { kind: 'picture', channels: 1 } };
  }
}
