// A regular expression as instructions for the matcher. Knows the tree and no text.
import { lengths, type Assertion, type Node } from './syntax';
import type { CodeTest } from '../unicode';

export type Instruction =
  | { readonly op: 'set'; readonly test: CodeTest }
  /** Takes as many characters of a set as there are, at most `most`, and gives them back one by one. */
  | { readonly op: 'span'; readonly test: CodeTest; readonly least: number; readonly most: number }
  /** Tries `first`, and `then` when that fails. */
  | { readonly op: 'split'; first: number; then: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'assert'; readonly what: Assertion }
  | { readonly op: 'atomic'; readonly inner: Program }
  /** @property back code points to step back for each alternative; absent when looking ahead. */
  | {
      readonly op: 'look';
      readonly negative: boolean;
      readonly options: ReadonlyArray<{ readonly back: number; readonly program: Program }>;
    }
  | { readonly op: 'match' };

export type Program = readonly Instruction[];

const MOST_INSTRUCTIONS = 20_000;

/** @throws RangeError when counted repetitions make too many instructions. */
export function compile(node: Node): Program {
  const budget = { left: MOST_INSTRUCTIONS };
  return compiled(node, budget);
}

function compiled(node: Node, budget: { left: number }): Program {
  const program: Instruction[] = [];
  const add = (instruction: Instruction): number => {
    if (budget.left-- <= 0) throw new RangeError(`more than ${MOST_INSTRUCTIONS} instructions`);
    return program.push(instruction) - 1;
  };
  emit(node);
  add({ op: 'match' });
  return program;

  function emit(part: Node): void {
    switch (part.kind) {
      case 'set':
        return void add({ op: 'set', test: part.test });
      case 'sequence':
        return part.parts.forEach(emit);
      case 'choice':
        return emitChoice(part.options);
      case 'repeat':
        return emitRepeat(part);
      case 'atomic':
        return emitAtomic(part.inner);
      case 'look':
        return void add({
          op: 'look',
          negative: part.negative,
          options: (part.inner.kind === 'choice' ? part.inner.options : [part.inner]).map((option) => ({
            back: part.behind ? lengths(option)[0] : 0,
            program: compiled(option, budget),
          })),
        });
      case 'assertion':
        return void add({ op: 'assert', what: part.what });
      default:
        return part satisfies never;
    }
  }

  function emitAtomic(inner: Node): void {
    add({ op: 'atomic', inner: compiled(inner, budget) });
  }

  function emitChoice(options: readonly Node[]): void {
    const ends: Array<{ to: number }> = [];
    options.forEach((option, index) => {
      if (index === options.length - 1) return emit(option);
      const split = { op: 'split' as const, first: program.length + 1, then: 0 };
      add(split);
      emit(option);
      const jump = { op: 'jump' as const, to: 0 };
      add(jump);
      ends.push(jump);
      split.then = program.length;
    });
    for (const end of ends) end.to = program.length;
  }

  function emitRepeat({ inner, least, most, greedy }: Extract<Node, { kind: 'repeat' }>): void {
    if (inner.kind === 'set' && greedy) return void add({ op: 'span', test: inner.test, least, most });
    for (let copy = 0; copy < least; copy++) emit(inner);
    if (most === Infinity) {
      const split = { op: 'split' as const, first: 0, then: 0 };
      const start = add(split);
      emit(inner);
      add({ op: 'jump', to: start });
      choose(split, start + 1, program.length, greedy);
      return;
    }
    const splits: Array<{ readonly split: { first: number; then: number }; readonly start: number }> = [];
    for (let copy = least; copy < most; copy++) {
      const split = { op: 'split' as const, first: 0, then: 0 };
      splits.push({ split, start: add(split) });
      emit(inner);
    }
    for (const { split, start } of splits) choose(split, start + 1, program.length, greedy);
  }
}

function choose(
  split: { first: number; then: number },
  inside: number,
  behind: number,
  greedy: boolean,
): void {
  [split.first, split.then] = greedy ? [inside, behind] : [behind, inside];
}
