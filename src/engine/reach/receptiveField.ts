// The `receptiveField` call: what a spec or a run is made of, without its weights, handed to the report.
import { readImageDescription } from '../images/imageFolder';
import { specFacts, subjectDomain } from '../images/imageSubject';
import type { ImageFacts } from '../../families/imageFamily';
import { readSpecText } from '../inspect/subject';
import { readModelConfig } from '../models/modelFolder';
import { requireSpec } from '../spec/spec';
import type { InspectSubject } from '../../protocol/subject';
import { FIELD_LIMITS, type FieldParams, type FieldReport } from '../../protocol/receptiveField';
import { type Architecture, type FieldStore, USUAL } from './fieldReport';
import { hasLayers } from './stacks';

/** Positions of a text that are looked at, at most. */
const LONGEST_TEXT = 256;

export async function receptiveField(params: FieldParams, store: FieldStore): Promise<FieldReport> {
  const { subject, ...asked } = params;
  return store.report(asked, subject ? await architectureOf(subject) : undefined);
}

export async function architectureOf(subject: InspectSubject): Promise<Architecture> {
  if ((await subjectDomain(subject)) === 'text') return textArchitecture(subject);
  if ('model' in subject) {
    const { family, config, facts } = await readImageDescription(subject.model);
    return imageArchitecture({ family, config }, facts, 'model');
  }
  const spec = requireSpec(await readSpecText(subject), subject.spec);
  if (spec.domain !== 'image')
    throw new Error('architectureOf: expected a spec of images, got one of a text');
  const { facts, sizeFrom } = await specFacts(spec, subject);
  return imageArchitecture({ family: spec.family, config: spec.model }, facts, sizeFrom);
}

type ImageArchitecture = Extract<Architecture, { readonly domain: 'image' }>;

function imageArchitecture(
  { family, config }: Pick<ImageArchitecture, 'family' | 'config'>,
  { height, width, channels }: ImageFacts,
  from: FieldReport['from'],
): ImageArchitecture {
  const { maximum } = FIELD_LIMITS.side;
  const number = (key: 'kernel' | 'firstKernel'): number => {
    const value: unknown = Reflect.get(config, key);
    return typeof value === 'number' ? value : USUAL[key];
  };
  const order: unknown = Reflect.get(config, 'order');
  return {
    domain: 'image',
    family,
    config,
    settings: {
      ...(typeof order === 'string' ? { order } : {}),
      height: Math.min(height, maximum),
      width: Math.min(width, maximum),
      channels,
      layers: hasLayers(config) ? config.layers : USUAL.layers,
      kernel: number('kernel'),
      firstKernel: number('firstKernel'),
      families: [family.id, family.id === 'gatedPixelcnn' ? 'pixelcnn' : 'gatedPixelcnn'],
    },
    from: height > maximum || width > maximum ? 'part' : from,
  };
}

async function textArchitecture(subject: InspectSubject): Promise<Architecture> {
  const { family, config } = await textConfigOf(subject);
  const context: unknown = Reflect.get(config, 'contextLength');
  const length = typeof context === 'number' ? context : LONGEST_TEXT;
  return {
    domain: 'text',
    family,
    config,
    settings: {
      ...USUAL,
      height: 1,
      width: Math.min(length, LONGEST_TEXT),
      layers: hasLayers(config) ? config.layers : 1,
      families: [family.id],
    },
    from: length > LONGEST_TEXT ? 'part' : 'model',
  };
}

async function textConfigOf(subject: InspectSubject) {
  type Text = Extract<Architecture, { readonly domain: 'text' }>;
  if ('model' in subject) {
    const { family, config } = await readModelConfig(subject.model);
    return { family, config: config as Text['config'] };
  }
  const spec = requireSpec(await readSpecText(subject), subject.spec);
  if (spec.domain !== 'text') throw new Error('textConfigOf: expected a spec of a text, got one of images');
  return { family: spec.family, config: spec.model };
}
