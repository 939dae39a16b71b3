// `ar-lens sample`: text from a model, shown as it comes, or as one JSON object.
import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import { saveSample } from '../../engine/sampling/saveSample';
import type { BeamReport, SampleParams, SampleProgress, SampleResult } from '../../protocol/sample';
import { given, type CommonOptions } from '../options';
import { count } from '../output';
import { callContext, type Session } from '../session';
import { plain } from '../terminal';
import { forImagesOnly, forTextsOnly } from './domain';
import { sampleImages } from './sampleImages';

export interface SampleOptions extends CommonOptions, Omit<SampleParams, 'cache' | 'length'> {
  readonly length?: number;
  readonly out?: string;
  /** A number or a name. */
  readonly class?: string;
  readonly guidance?: number;
  readonly inpaint?: string;
  readonly keep?: readonly number[];
  readonly image?: number;
  readonly condition?: string;
  readonly conditionImage?: number;
}

export async function sample(session: Session, options: SampleOptions): Promise<void> {
  if (
    (await session.engine(options).subjectDomain({ model: resolve(options.model) }, callContext(session))) ===
    'image'
  ) {
    forTextsOnly({ prompt: options.prompt, length: options.length, beam: options.beam });
    return sampleImages(session, options);
  }
  const { guidance, inpaint, condition, conditionImage } = options;
  forImagesOnly({ class: options.class, guidance, inpaint, condition, conditionImage });
  const { prompt, length, seed, out } = options;
  if (length === undefined) {
    session.say('ar-lens: --length: expected how many tokens to draw, got nothing.');
    throw new CommanderError(2, 'commander.missingMandatoryOptionValue', 'no length');
  }
  const shown = !options.json && out === undefined;
  let current = 0;
  if (shown) await session.out.write(plain(prompt ?? ''));
  const result = await session.engine(options).sample(
    {
      model: resolve(options.model),
      length,
      seed,
      ...chosen(options),
    },
    callContext<SampleProgress>(session, async (progress) => {
      if (!shown) return;
      if (progress.sample !== current) await session.out.write(`\n---\n${plain(prompt ?? '')}`);
      current = progress.sample;
      await session.out.write(plain(progress.text));
      await session.out.flush();
    }),
  );
  const files = out === undefined ? [] : [resolve(out)];
  for (const file of files) await saveSample(file, result.texts);
  const elements = result.elements[0] ?? [];
  if (options.json) {
    return session.out.json({
      text: result.texts[0] ?? '',
      ...(files.length > 0 ? { files } : {}),
      seed,
      unit: 'token',
      likelihood: result.likelihood,
      count: elements.length,
      elements,
      stopped: result.stopped[0],
      elementsPerSecond: result.elementsPerSecond,
      ...(result.texts.length > 1
        ? {
            samples: result.texts.map((text, index) => ({
              text,
              elements: result.elements[index],
              stopped: result.stopped[index],
            })),
          }
        : {}),
      ...(result.beam ? { beam: beamJson(result.beam) } : {}),
    });
  }
  if (shown) await session.out.line('');
  const tokens = result.elements.reduce((sum, drawn) => sum + drawn.length, 0);
  const speed = `${count(Math.round(result.elementsPerSecond))} tokens/s`;
  session.say(`${count(tokens)} tokens${endWords(result)}, ${speed}, seed ${seed}${beamWords(result)}`);
}

/** What was asked for of the sample itself; what was not given is absent. */
function chosen(options: SampleOptions) {
  const { prompt, temperature, topK, topP, minP, repetitionPenalty, stop, stopAtEnd, draws } = options;
  const { count: samples, beam, lengthPenalty, lengthRule } = options;
  const drawn = { temperature, topK, topP, minP, repetitionPenalty, draws };
  const searched = { beam, lengthPenalty, lengthRule };
  return given({ prompt, ...drawn, ...searched, stop, stopAtEnd, count: samples });
}

/** Why the texts ended, where anything but the length ended them. */
function endWords({ stopped }: SampleResult): string {
  const words = stopped.map((each) => {
    switch (each.why) {
      case 'length':
        return 'the length';
      case 'end':
        return 'the token that ends a text';
      case 'text':
        return `the text ${JSON.stringify(each.text)}`;
      default:
        return each satisfies never;
    }
  });
  return stopped.every(({ why }) => why === 'length') ? '' : `, ended by ${[...new Set(words)].join(', ')}`;
}

const FATES = ['cut', 'kept', 'ended'];

/** The best text's total stands beside the search that found it; unit, count and badge are the answer's own. */
function beamJson({ width, normalization, lengthPenalty, totals, scores, lattice }: BeamReport): object {
  const texts = new Map(lattice.texts);
  return {
    width,
    normalization,
    lengthPenalty,
    totals: Array.from(totals),
    scores: Array.from(scores),
    lattice: Array.from(lattice.step, (step, at) => ({
      step,
      parent: lattice.parent[at],
      id: lattice.id[at],
      text: texts.get(lattice.id[at] ?? -1) ?? '',
      logProb: lattice.logProb[at],
      total: lattice.total[at],
      score: lattice.score[at],
      fate: FATES[lattice.fate[at] ?? 0],
    })),
  };
}

function beamWords({ likelihood, beam, elements }: SampleResult): string {
  if (!beam) return '';
  const found = elements[0]?.length ?? 0;
  const nats = (beam.totals[0] ?? NaN).toFixed(4);
  const rule =
    beam.normalization === 'none'
      ? 'no length normalisation'
      : `length penalty ${beam.normalization} ${beam.lengthPenalty}, score ${(beam.scores[0] ?? NaN).toFixed(4)}`;
  return `; beam of ${beam.width}: log p ${nats} nats over ${count(found)} tokens (${likelihood}), ${rule}`;
}
