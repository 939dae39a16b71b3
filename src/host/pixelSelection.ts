// The pixel that a person looks at in each view of images: set by whoever shows images, followed by whoever says more of
// it. Knows no vscode and no picture.
import { Emitter } from './events';
import type { ImageModelInfo, PixelDistribution } from '../protocol/imageSets';

export interface PixelSelection {
  /** The panel that shows it. */
  readonly owner: object;
  /** Name of the file or folder. */
  readonly file: string;
  /** From 0, as row and column. */
  readonly image: number;
  readonly row: number;
  readonly column: number;
  /** The run's folder, or a spec whose family has nothing to learn. */
  readonly run: string;
  readonly model: ImageModelInfo;
  readonly distribution: PixelDistribution;
}

export class Pixels {
  /** `moved`: a person went to it; else only what is known of it is new. */
  readonly changes = new Emitter<{ readonly moved: boolean }>();
  private readonly byOwner = new Map<object, PixelSelection>();
  private last: PixelSelection | undefined;

  /** The one that a person went to last. */
  get current(): PixelSelection | undefined {
    return this.last;
  }

  select(selection: PixelSelection): void {
    const before = this.byOwner.get(selection.owner);
    this.byOwner.set(selection.owner, selection);
    const moved = before === undefined || !isSamePlace(before, selection);
    if (moved || this.last?.owner === selection.owner) this.last = selection;
    this.changes.fire({ moved });
  }

  /** The owner's panel came to the front. */
  focus(owner: object): void {
    const selection = this.byOwner.get(owner);
    if (selection === undefined) return;
    this.last = selection;
    this.changes.fire({ moved: true });
  }

  forget(owner: object): void {
    if (!this.byOwner.delete(owner)) return;
    if (this.last?.owner === owner) this.last = undefined;
    this.changes.fire({ moved: false });
  }

  dispose(): void {
    this.changes.dispose();
  }
}

const isSamePlace = (a: PixelSelection, b: PixelSelection): boolean =>
  a.image === b.image && a.row === b.row && a.column === b.column;
