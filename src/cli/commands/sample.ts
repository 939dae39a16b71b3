// `ar-lens sample`: text from a model, shown as it comes, or as one JSON object.
import { resolve } from 'node:path';
import { saveSample } from '../../engine/sampling/saveSample';
import type { SampleProgress } from '../../protocol/engine';
import { given, type CommonOptions } from '../options';
import { count } from '../output';
import { callContext, type Session } from '../session';
import { plain } from '../terminal';

export interface SampleOptions extends CommonOptions {
  readonly model: string;
  readonly prompt?: string;
  readonly length: number;
  readonly seed: number;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  readonly count?: number;
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
      ...given({ prompt, temperature, topK, topP, minP, count: options.count }),
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
    });
  }
  if (shown) await session.out.line('');
  const tokens = result.elements.reduce((sum, drawn) => sum + drawn.length, 0);
  session.say(
    `${count(tokens)} tokens, ${count(Math.round(result.elementsPerSecond))} tokens/s, seed ${seed}`,
  );
}
