// The tree of branches of one image: where a person stands in it, and how a level that is drawn or forced there moves on
// along a branch or begins another. Knows no engine and no picture.
import type { ImageSamplerSettings } from '../../protocol/imageSampler';
import { ImageBranch, isSame, isSameModel, type Turn } from './imageBranch';

export const ROOT = -1;
export const MOST_BRANCHES = 500;

let serials = 0;

export class ImageTree {
  readonly branches: ImageBranch[] = [];
  /** The branch that is walked; ROOT while there is none. */
  line = ROOT;
  /** Steps of it that are there. */
  step = 0;
  /** Of the path so far: stays while the path only grows. No other path of this window had it. */
  serial = ++serials;

  /** @param size steps of the whole image */
  constructor(readonly size: number) {}

  get complete(): boolean {
    return this.step === this.size;
  }

  get isFull(): boolean {
    return this.branches.length >= MOST_BRANCHES;
  }

  /** Steps that can be walked to: the end of the branch. */
  get end(): number {
    return this.branches[this.line]?.steps ?? 0;
  }

  /** Walks to the branch with this level where there is one. What a branch was made by stays. */
  add(level: number, logProb: number, settings: ImageSamplerSettings, forced: boolean): void {
    const { step, branches } = this;
    const here = this.owner(step);
    const goesOn = (branch: ImageBranch | undefined): boolean =>
      branch !== undefined &&
      branch.steps > step &&
      branch.levelAt(step) === level &&
      isSameModel(branch.settingsAt(step) ?? settings, settings);
    const along = step < this.end ? this.owner(step + 1) : ROOT;
    const leaves = ({ parent, from }: ImageBranch) => parent === here && from === step;
    if (!goesOn(branches[along])) {
      const known = branches.findIndex(
        (branch, index) => (index === here || leaves(branch)) && goesOn(branch),
      );
      this.line = known >= 0 ? known : this.tip(here);
      if (known < 0) branches[this.line]?.add(level, logProb, settings, forced);
    }
    this.step++;
  }

  /** A branch without steps of its own yet. */
  append(parent: number, from: number): ImageBranch {
    const branch = new ImageBranch(parent, from);
    this.branches.push(branch);
    return branch;
  }

  /** Nothing happens where there is no such place. */
  go(line: number, step: number): void {
    const end = line === ROOT ? 0 : this.branches[line]?.steps;
    if (end === undefined || step < 0 || step > end) return;
    this.line = line;
    this.step = step;
    this.serial = ++serials;
  }

  back(): void {
    this.go(this.line, this.step - 1);
  }

  /** The branch that holds the last of so many steps of the one that is walked. */
  owner(step: number, line = this.line): number {
    let at = line;
    for (let branch = this.branches[at]; branch !== undefined && step <= branch.from;) {
      at = branch.parent;
      branch = this.branches[at];
    }
    return at;
  }

  /** Levels and nats of steps that are there. */
  read(from: number, to = this.step): { readonly levels: Uint8Array; readonly nats: Float32Array } {
    const levels = new Uint8Array(to - from);
    const nats = new Float32Array(to - from);
    for (let end = to; end > from;) {
      const branch = this.branches[this.owner(end)];
      const start = Math.max(from, branch?.from ?? 0);
      if (branch !== undefined) levels.set(branch.levels(start, end), start - from);
      for (let step = start; step < end; step++) nats[step - from] = branch?.nats(step, step + 1) ?? 0;
      end = start;
    }
    return { levels, nats };
  }

  /** What the first of the steps so far was drawn with. */
  get first(): ImageSamplerSettings | undefined {
    let branch = this.branches[this.owner(this.step)];
    while (branch !== undefined && branch.parent !== ROOT) branch = this.branches[branch.parent];
    return branch?.turns[0]?.settings;
  }

  /** What the steps so far were drawn with, in order: a branch that goes on as before is no change. */
  turns(): readonly Turn[] {
    const turns: Turn[] = [];
    let end = this.step;
    for (let at = this.owner(end); at !== ROOT;) {
      const branch = this.branches[at];
      const before = end;
      turns.unshift(...(branch?.turns ?? []).filter(({ step }) => step < before));
      end = branch?.from ?? 0;
      at = branch?.parent ?? ROOT;
    }
    return turns.filter(({ settings }, index) => {
      const before = turns[index - 1]?.settings;
      return before === undefined || !isSame(before, settings);
    });
  }

  /** The branch whose end this is; a new one where it ends elsewhere. */
  private tip(here: number): number {
    if (this.branches[here]?.steps === this.step) return here;
    this.append(here, this.step);
    return this.branches.length - 1;
  }
}
