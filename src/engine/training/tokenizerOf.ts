// The tokenizer that a spec names: ours, one learnt from the training part, or somebody else's file.
// Knows no split and no model.
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { findFiles } from '../../data/corpus';
import { byteTokenizer, characterTokenizer, loadTokenizer, type Tokenizer } from '../../data/tokenizer';
import { trainBpe } from '../../data/tokenizers/bpeTrainer';
import { ArLensError } from '../../protocol/errors';
import type { TrainEvent } from '../../protocol/run';
import { readTokenizerFile } from '../models/tokenizerFile';
import type { DataSpec } from '../spec/schema';
import type { TrainingControl } from './control';

export interface LearningSetting {
  readonly control: TrainingControl;
  readonly emit: (event: TrainEvent) => Promise<void>;
}

/** Milliseconds between two reports. */
const REPORT_MILLISECONDS = 500;

export async function tokenizerOf(
  named: DataSpec['tokenizer'],
  place: { readonly workspace: string; readonly base: string },
  texts: readonly string[],
  setting: LearningSetting,
): Promise<{ readonly tokenizer: Tokenizer; readonly sha256?: string }> {
  if (named === 'byte') return { tokenizer: byteTokenizer() };
  if (named === 'character') return { tokenizer: characterTokenizer(texts.join('')) };
  if (typeof named === 'object') return { tokenizer: await learn(named.bpe, texts, setting) };
  const path = await tokenizerPath(named, place);
  const tokenizer = await readTokenizerFile(path);
  const sha256 = createHash('sha256').update(JSON.stringify(tokenizer.files().tokenizer)).digest('hex');
  return { tokenizer, sha256 };
}

/** The one file inside the workspace that `data.tokenizer` names. */
export async function tokenizerPath(
  named: string,
  place: { readonly workspace: string; readonly base: string },
): Promise<string> {
  const [path = named, ...more] = await findFiles({ ...place, source: named }, 'data.tokenizer');
  if (more.length === 0) return path;
  throw new ArLensError(
    'badInput',
    `data.tokenizer: expected one file, got ${more.length + 1} that match "${named}".`,
  );
}

async function learn(
  size: number,
  texts: readonly string[],
  { control, emit }: LearningSetting,
): Promise<Tokenizer> {
  const tell = (share: number): Promise<void> =>
    emit({
      type: 'status',
      status: 'preparing',
      detail: `Learning a tokenizer of ${size} tokens: ${Math.round(100 * share)} %.`,
    });
  let told = performance.now();
  const files = await trainBpe(texts, size, {
    signal: control.stopSignal,
    pause: async (share) => {
      await nextTurn();
      if (performance.now() - told < REPORT_MILLISECONDS) return;
      told = performance.now();
      await tell(share);
    },
  });
  const tokenizer = loadTokenizer(files.tokenizer, files.tokenizerConfig);
  if (tokenizer.vocabulary < size) {
    await emit({
      type: 'status',
      status: 'preparing',
      detail: `The training part has too few pairs for ${size} tokens: it has ${tokenizer.vocabulary}.`,
    });
  }
  return tokenizer;
}
