// The scores of one document over its versions: the newest version's as they come, older ones beneath, moved by edits.
// Whoever asks for a stretch of text gets the newest scores that hold for it, so nothing blinks while an answer is under way.
import type { TokenScores } from '../../protocol/engine';
import { splitScores } from './splitScores';
import { TokenIndex } from './tokenIndex';

/** Versions kept while a person types faster than the model answers: the newest ones, and the last whole one. */
const MOST_LAYERS = 4;

export interface TextEdit {
  /** UTF-16 offset and length of what was replaced, and the length of what came instead. */
  readonly offset: number;
  readonly removed: number;
  readonly inserted: number;
}

export class ScoreLayers {
  /** Newest first. */
  private layers: TokenIndex[] = [];
  private whole: TokenIndex | undefined;

  get empty(): boolean {
    return this.layers.every((layer) => layer.chunks.length === 0);
  }

  /** The last version that was scored to its end; else the newest there is. */
  get statistics(): TokenIndex | undefined {
    return this.whole ?? this.layers[0];
  }

  /** Opens a layer for a new version. Its scores do not show until they are inserted. */
  begin(): TokenIndex {
    const layer = new TokenIndex();
    this.layers.unshift(layer);
    if (this.layers.length > MOST_LAYERS) {
      const oldestPartial = this.layers.findLastIndex((each) => each !== this.whole);
      this.layers.splice(oldestPartial, 1);
    }
    return layer;
  }

  insert(layer: TokenIndex, scores: TokenScores): void {
    for (const part of splitScores(scores)) layer.insert(part);
  }

  /** The version is scored to its end: older ones can go. */
  finish(layer: TokenIndex): void {
    this.whole = layer;
    this.layers = [layer];
  }

  edit({ offset, removed, inserted }: TextEdit): void {
    for (const layer of this.layers) layer.edit(offset, removed, inserted);
  }

  /** The newest scores that hold for all of [start, end); where none do, the newest that know anything of it. */
  for(start: number, end: number): TokenIndex | undefined {
    return (
      this.layers.find((layer) => layer.covers(start, end)) ??
      this.layers.find((layer) => touches(layer, start, end))
    );
  }
}

function touches(layer: TokenIndex, start: number, end: number): boolean {
  let any = false;
  layer.visit(start, end, () => {
    any = true;
    return false;
  });
  return any;
}
