// A binary heap of numbered entries with a priority each: the least priority out first, of equals the least number.
// Priorities are doubles, numbers whole; nothing is allocated while it runs.

export class Heap {
  private priorities: Float64Array;
  private numbers: Int32Array;
  size = 0;

  constructor(capacity: number) {
    this.priorities = new Float64Array(Math.max(16, capacity));
    this.numbers = new Int32Array(Math.max(16, capacity));
  }

  /** Priority and number of the least entry, set by `pop`. */
  priority = 0;
  number = 0;

  push(priority: number, number: number): void {
    if (this.size === this.numbers.length) this.grow();
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(priority, number, parent)) break;
      this.move(parent, at);
      at = parent;
    }
    this.priorities[at] = priority;
    this.numbers[at] = number;
  }

  /** Takes the least entry out into `priority` and `number`. @returns false when there is none. */
  pop(): boolean {
    if (this.size === 0) return false;
    this.priority = this.priorities[0] ?? 0;
    this.number = this.numbers[0] ?? 0;
    const priority = this.priorities[--this.size] ?? 0;
    const number = this.numbers[this.size] ?? 0;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.size) break;
      if (
        child + 1 < this.size &&
        this.isBefore(this.priorities[child + 1] ?? 0, this.numbers[child + 1] ?? 0, child)
      ) {
        child++;
      }
      if (this.isBefore(priority, number, child)) break;
      this.move(child, at);
      at = child;
    }
    this.priorities[at] = priority;
    this.numbers[at] = number;
    return true;
  }

  private isBefore(priority: number, number: number, place: number): boolean {
    const other = this.priorities[place] ?? 0;
    return priority < other || (priority === other && number < (this.numbers[place] ?? 0));
  }

  private move(from: number, to: number): void {
    this.priorities[to] = this.priorities[from] ?? 0;
    this.numbers[to] = this.numbers[from] ?? 0;
  }

  private grow(): void {
    const [priorities, numbers] = [this.priorities, this.numbers];
    this.priorities = new Float64Array(2 * numbers.length);
    this.numbers = new Int32Array(2 * numbers.length);
    this.priorities.set(priorities);
    this.numbers.set(numbers);
  }
}
