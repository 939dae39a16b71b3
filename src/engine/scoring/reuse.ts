// Exact incremental rescoring: which scores of an earlier version of a document hold for the new one, bit for bit.
// A score depends on its window's tokens up to it and on nothing else, so equal tokens mean an equal score.
// Knows no model; compares token ids only.
import { columnBytes, copyColumns, type ScoreColumns } from './scoreColumns';
import { windowAt, windowCount, type Window, type Windowing } from './windows';

/** One scored version of a document. */
export interface Snapshot {
  /** Model, device, stride and alternatives: scores carry over only between equal keys. */
  readonly key: string;
  /** The whole sequence, BOS included. */
  readonly sequence: Int32Array;
  readonly columns: ScoreColumns;
}

/**
 * Copies every score of `old` that holds for `sequence` into `columns`.
 * @param bos how many tokens of the sequence stand before the text's first token (0 or 1).
 */
export function reuseScores(
  old: Snapshot,
  sequence: Int32Array,
  columns: ScoreColumns,
  windowing: Windowing,
  bos: number,
): void {
  const oldWindowing = { ...windowing, length: old.sequence.length };
  const oldCount = windowCount(oldWindowing);
  const shift = (sequence.length - old.sequence.length) / windowing.stride;
  const same = firstDifference(sequence, 0, old.sequence, 0, Infinity);
  for (let index = 0; index < windowCount(windowing); index++) {
    const window = windowAt(windowing, index);
    // Either nothing moved in front of this window, or what did moved it by whole strides.
    const candidates = Number.isInteger(shift) && shift !== 0 ? [index, index - shift] : [index];
    for (const candidate of candidates) {
      if (candidate < 0 || candidate >= oldCount || (candidate === 0) !== (index === 0)) continue;
      const oldWindow = windowAt(oldWindowing, candidate);
      const equal =
        candidate === index && same >= window.to
          ? window.to - window.start
          : firstDifference(sequence, window.start, old.sequence, oldWindow.start, windowing.context);
      if (copyEqual(old, oldWindow, window, equal, columns, bos)) break;
    }
  }
}

/** Copies the scores of the window's tokens before its first difference; true when that was all of them. */
function copyEqual(
  old: Snapshot,
  oldWindow: Window,
  window: Window,
  equal: number,
  columns: ScoreColumns,
  bos: number,
): boolean {
  const end = Math.min(window.to, window.start + equal, window.start - oldWindow.start + oldWindow.to);
  if (end <= window.from) return false;
  const move = oldWindow.start - window.start;
  for (let position = window.from; position < end; position++) {
    const target = position - bos;
    const source = target + move;
    if (columns.known[target] === 1 || old.columns.known[source] !== 1) continue;
    let count = 1;
    while (
      position + count < end &&
      old.columns.known[source + count] === 1 &&
      columns.known[target + count] !== 1
    ) {
      count++;
    }
    copyColumns(old.columns, source, columns, target, count);
    position += count - 1;
  }
  return end === window.to;
}

/** How many tokens agree from the two places on, at most `limit`. */
function firstDifference(a: Int32Array, aFrom: number, b: Int32Array, bFrom: number, limit: number): number {
  const length = Math.min(limit, a.length - aFrom, b.length - bFrom);
  let count = 0;
  while (count < length && a[aFrom + count] === b[bFrom + count]) count++;
  return count;
}

/** Keeps the last versions of a few documents, oldest out first, within a budget of bytes. */
export class SnapshotStore {
  private readonly documents = new Map<string, Snapshot[]>();

  constructor(
    private readonly versions = 3,
    private readonly budget = 256 * 2 ** 20,
  ) {}

  of(document: string): readonly Snapshot[] {
    return this.documents.get(document) ?? [];
  }

  /** The newest first: an edit mostly differs least from what was scored last; an undo from the one before. */
  keep(document: string, snapshot: Snapshot): void {
    const kept = [snapshot, ...this.of(document).filter((other) => other.key === snapshot.key)];
    this.documents.delete(document);
    this.documents.set(document, kept.slice(0, this.versions));
    this.trim();
  }

  forget(document: string): void {
    this.documents.delete(document);
  }

  private trim(): void {
    let total = 0;
    for (const snapshots of this.documents.values()) {
      for (const snapshot of snapshots) total += snapshotBytes(snapshot);
    }
    for (const [document, snapshots] of this.documents) {
      while (total > this.budget && snapshots.length > 0) {
        const dropped = snapshots.pop();
        if (dropped) total -= snapshotBytes(dropped);
      }
      if (snapshots.length === 0) this.documents.delete(document);
    }
  }
}

function snapshotBytes({ sequence, columns }: Snapshot): number {
  return sequence.byteLength + columnBytes(columns);
}
