// A spec's data as a trainer uses it: token ids of both parts, the tokenizer, counts and hash.
// Knows no model and no tensor.
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { joinDocuments, type JoinedTokens } from '../../data/batches';
import { loadCorpus } from '../../data/corpus';
import { measure } from '../../data/encoded';
import { splitByFiles, splitByShare } from '../../data/split';
import type { Tokenizer } from '../../data/tokenizer';
import { ArLensError } from '../../protocol/errors';
import type { RunRecord } from '../../protocol/run';
import type { TrainParams } from '../../protocol/engine';
import type { DataSpec } from '../spec/schema';
import { tokenizerOf, type LearningSetting } from './tokenizerOf';

export interface TrainingData {
  readonly tokenizer: Tokenizer;
  readonly train: JoinedTokens;
  readonly validation: JoinedTokens;
  /** Of somebody else's tokenizer: its file may change while its path stays. */
  readonly tokenizerSha256?: string;
  /** What run.json keeps of it. */
  readonly record: RunRecord['data'];
}

/**
 * Reads, splits and encodes.
 * @param given the tokenizer of the weights that training starts from; absent: as the spec says
 * @throws ArLensError in one sentence for whatever is wrong with the sources.
 */
export async function prepareData(
  data: DataSpec,
  { spec, workspace }: Pick<TrainParams, 'spec' | 'workspace'>,
  setting: LearningSetting,
  given?: Tokenizer,
): Promise<TrainingData> {
  const place = { workspace, base: dirname(spec) };
  const corpus = await loadCorpus({ ...place, source: data.source });
  const { validation: held } = data;
  const heldCorpus =
    typeof held === 'string'
      ? await loadCorpus({ ...place, source: held, place: 'data.validation' })
      : undefined;
  const split =
    typeof held === 'string' && heldCorpus
      ? splitByFiles(corpus, heldCorpus, held)
      : splitByShare(corpus, Number(held));
  const { tokenizer, sha256: tokenizerSha256 } = given
    ? { tokenizer: given, sha256: undefined }
    : await tokenizerOf(data.tokenizer, place, split.training, setting);
  const train = joinDocuments(tokenizer, split.training);
  const validation = joinDocuments(tokenizer, split.validation);
  if (validation.tokens === 0) {
    throw new ArLensError(
      'badInput',
      'data.validation: expected text that has tokens, got a part that data.tokenizer drops.',
    );
  }
  const validationBytes = split.validation.reduce((sum, text) => sum + measure(text).bytes, 0);
  const sha256 = heldCorpus
    ? createHash('sha256').update(`${corpus.sha256} ${heldCorpus.sha256}`).digest('hex')
    : corpus.sha256;
  return {
    tokenizer,
    train,
    validation,
    ...(tokenizerSha256 === undefined ? {} : { tokenizerSha256 }),
    record: {
      sha256,
      files: corpus.files + (heldCorpus?.files ?? 0),
      bytes: corpus.bytes + (heldCorpus?.bytes ?? 0),
      tokens: train.tokens + validation.tokens,
      trainTokens: train.tokens,
      validationTokens: validation.tokens,
      split: split.words,
      bytesPerElement: validationBytes / validation.tokens,
      unknown: validation.unknown,
      unit: tokenizer.kind,
    },
  };
}
