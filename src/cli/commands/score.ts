// `ar-lens score`: how likely a model finds a file, in total for people, token by token with --json.
import { resolve } from 'node:path';
import { readTextToScore } from '../../engine/scoring/readText';
import type { ScoreProgress, ScoreSummary, TokenScores } from '../../protocol/engine';
import { NATS_PER_BIT } from '../../protocol/figure';
import { given } from '../options';
import { count, decimal, table } from '../output';
import { callContext, type Session } from '../session';
import { forImagesOnly, forTextsOnly } from './domain';
import { scoreImages, type ScoreImagesOptions } from './scoreImages';

export interface ScoreOptions extends ScoreImagesOptions {
  readonly stride?: number;
  readonly top?: number;
}

export async function score(session: Session, options: ScoreOptions): Promise<void> {
  if (
    (await session.engine(options).subjectDomain({ model: resolve(options.model) }, callContext(session))) ===
    'image'
  ) {
    forTextsOnly({ stride: options.stride, top: options.top });
    return scoreImages(session, options);
  }
  forImagesOnly({
    elements: options.elements,
    condition: options.condition,
    ...(options.labels === false ? { noLabels: true } : { labels: options.labels }),
  });
  const text = await readTextToScore(resolve(options.file));
  const chunks: TokenScores[] = [];
  const texts = new Map<number, string>();
  const summary = await session.engine(options).score(
    { model: resolve(options.model), text, ...given({ stride: options.stride, top: options.top }) },
    callContext<ScoreProgress>(session, (progress) => {
      if (options.json) chunks.push(progress.scores);
      for (const [id, words] of progress.texts) texts.set(id, words);
    }),
  );
  if (options.json) await writeJson(session, summary, chunks, texts);
  else await writeTable(session, summary, options.file);
}

/** The sums first, then the elements, a token at a time: a long text's answer never exists as one string. */
async function writeJson(
  session: Session,
  summary: ScoreSummary,
  chunks: readonly TokenScores[],
  texts: ReadonlyMap<number, string>,
): Promise<void> {
  const head = JSON.stringify({ ...summary, rescored: undefined, comparable: summary.unknown === 0 });
  await session.out.write(`${head.slice(0, -1)},"elements":[`);
  let first = true;
  for (const chunk of chunks) {
    for (let row = 0; row < chunk.id.length; row++) {
      await session.out.write(`${first ? '' : ','}${JSON.stringify(element(chunk, row, texts))}`);
      first = false;
    }
  }
  await session.out.line(']}');
}

function element(chunk: TokenScores, row: number, texts: ReadonlyMap<number, string>): object {
  const scored = !Number.isNaN(chunk.logProb[row] ?? NaN);
  const top = scored
    ? Array.from({ length: chunk.top }, (_, k) => {
        const id = chunk.topId[row * chunk.top + k] ?? 0;
        return { id, text: texts.get(id) ?? '', logProb: chunk.topLogProb[row * chunk.top + k] };
      })
    : [];
  return {
    id: chunk.id[row],
    start: chunk.start[row],
    end: chunk.end[row],
    byteStart: chunk.byteStart[row],
    byteEnd: chunk.byteEnd[row],
    logProb: scored ? chunk.logProb[row] : null,
    entropy: scored ? chunk.entropy[row] : null,
    rank: scored ? chunk.rank[row] : null,
    top,
  };
}

async function writeTable(session: Session, summary: ScoreSummary, file: string): Promise<void> {
  const { likelihood, scored, bytes, nll } = summary;
  const tokens = `over ${count(scored)} tokens`;
  await session.out.line(
    table([
      ['file', '', file],
      ['model', '', `${summary.model} (${summary.family}, on ${summary.device})`],
      ['tokens', count(summary.tokens), `${count(scored)} of them scored`],
      ['nll', decimal(nll), `nats ${tokens} (${likelihood})`],
      ['', decimal(nll / NATS_PER_BIT / scored), `bits/token ${tokens} (${likelihood})`],
      ['', decimal(summary.bitsPerByte), `bits/byte over ${count(bytes)} bytes (${likelihood})`],
      ['perplexity', decimal(summary.perplexity), `${tokens}, stride ${summary.stride} (${likelihood})`],
      ['window', count(summary.context), `tokens, a new one every ${summary.stride}`],
    ]),
  );
  if (summary.unknown > 0) {
    session.say(
      `${count(summary.unknown)} of ${count(summary.tokens)} tokens are unknown to the model: its likelihood does not compare with other models'.`,
    );
  }
}
