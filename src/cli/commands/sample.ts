// `ar-lens sample`: text from a model, shown as it comes, or as one JSON object.
import { resolve } from 'node:path';
import { saveSample } from '../../engine/sampling/saveSample';
import type { BeamReport, SampleParams, SampleProgress, SampleResult } from '../../protocol/engine';
import { given, type CommonOptions } from '../options';
import { count } from '../output';
import { callContext, type Session } from '../session';
import { plain } from '../terminal';

export interface SampleOptions extends CommonOptions, Omit<SampleParams, 'cache'> {
  readonly out?: string;
}

export async function sample(session: Session, options: SampleOptions): Promise<void> {
  const { prompt, length, seed, temperature, topK, topP, minP, out } = options;
  const shown = !options.json && out === undefined;
  let current = 0;
  if (shown) await session.out.write(plain(prompt ?? ''));
  const result = await session.engine(options).sample(
    {
      model: resolve(options.model),
      length,
      seed,
      ...given({ prompt, temperature, topK, topP, minP, count: options.count, beam: options.beam }),
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
      elementsPerSecond: result.elementsPerSecond,
      ...(result.texts.length > 1
        ? { samples: result.texts.map((text, index) => ({ text, elements: result.elements[index] })) }
        : {}),
      ...(result.beam ? { beam: beamJson(result.beam) } : {}),
    });
  }
  if (shown) await session.out.line('');
  const tokens = result.elements.reduce((sum, drawn) => sum + drawn.length, 0);
  session.say(
    `${count(tokens)} tokens, ${count(Math.round(result.elementsPerSecond))} tokens/s, seed ${seed}${beamWords(result)}`,
  );
}

const FATES = ['cut', 'kept', 'ended'];

/** The best text's total stands beside the search that found it; unit, count and badge are the answer's own. */
function beamJson({ width, normalization, totals, lattice }: BeamReport): object {
  const texts = new Map(lattice.texts);
  return {
    width,
    normalization,
    totals: Array.from(totals),
    lattice: Array.from(lattice.step, (step, at) => ({
      step,
      parent: lattice.parent[at],
      id: lattice.id[at],
      text: texts.get(lattice.id[at] ?? -1) ?? '',
      logProb: lattice.logProb[at],
      total: lattice.total[at],
      fate: FATES[lattice.fate[at] ?? 0],
    })),
  };
}

function beamWords({ likelihood, beam, elements }: SampleResult): string {
  if (!beam) return '';
  const found = elements[0]?.length ?? 0;
  const nats = (beam.totals[0] ?? NaN).toFixed(4);
  return `; beam of ${beam.width}: log p ${nats} nats over ${count(found)} tokens (${likelihood}), no length normalisation`;
}
