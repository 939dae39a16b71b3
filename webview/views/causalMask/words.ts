// The causal mask in words: a cell, a block of cells, a distance, a comparison, as a person or a screen reader says them. Pure.
import type {
  CheckId,
  CheckOutcome,
  MaskComparison,
  MaskLayer,
  MaskReport,
} from '../../../src/protocol/mask';
import { formatCount } from '../../ui/format';
import { distanceOf, placeName } from './places';
import { countCells, STATES, stateAt, type CellState, type Cells, type Place } from './cells';

export const TITLE = 'What may it see?';

export const STATE_WORDS: Readonly<Record<CellState, string>> = {
  seen: 'declared and measured',
  unseen: 'declared, never measured',
  shallow: 'allowed by the rule only',
  future: 'not allowed',
  leak: 'leak: not declared',
};

/** One cell: what is declared of it, what was measured, and what that makes it. */
export function cellSentence(report: MaskReport, compared: Cells, { output, input }: Place): string {
  const at = output * report.length + input;
  const declared = report.declared[at] === 1 ? 'allowed' : 'masked';
  const measured = report.measured[at] === 1 ? 'reached' : 'not reached';
  const state = stateAt(compared, output, input);
  const why = {
    seen: '',
    unseen: ': never seen to matter',
    shallow: ': the rule would allow it',
    future: `: not allowed, ${distanceOf(report.image, output, input).words}`,
    leak: `: a leak, ${distanceOf(report.image, output, input).words}`,
  }[state];
  return `output ${placeName(report.image, output)}, input ${placeName(report.image, input)}: declared ${declared}, measured ${measured}${why}`;
}

/** `block` × `block` cells that are drawn as one. */
export function blockSentence(
  compared: Cells,
  block: number,
  place: Place,
  image?: MaskReport['image'],
): string {
  const from = {
    output: Math.floor(place.output / block) * block,
    input: Math.floor(place.input / block) * block,
  };
  const to = { output: from.output + block, input: from.input + block };
  const counts = countCells(compared, from, to);
  const last = (end: number) => placeName(image, Math.min(compared.size, end) - 1);
  const parts = STATES.filter((state) => counts[state] > 0).map(
    (state) => `${formatCount(counts[state])} ${STATE_WORDS[state].replace(/:.*/, '')}`,
  );
  return `outputs ${placeName(image, from.output)} to ${last(to.output)}, inputs ${placeName(image, from.input)} to ${last(to.input)}: ${parts.join(', ')}`;
}

export function layerName({ layer, title }: MaskLayer): string {
  return `${layer} · ${title}`;
}

export function layerKind({ type, window }: MaskLayer): string {
  return window === undefined ? type : `${type} of ${formatCount(window)}`;
}

export function comparisonName({ kind, length }: MaskComparison, image?: MaskReport['image']): string {
  const positions =
    image === undefined
      ? `${formatCount(length)} ${length === 1 ? 'position' : 'positions'}`
      : `images of ${image.height} × ${image.width}${image.channels > 1 ? ' × RGB' : ''}`;
  switch (kind) {
    case 'predicting':
      return `predicting, ${positions}`;
    case 'sampled':
      return `predicting, ${positions}, some inputs`;
    case 'training':
      return `training, ${positions}`;
    case 'rows':
      return `between rows of a batch, ${positions}`;
    default:
      return kind satisfies never;
  }
}

export const CHECK_NAMES: Readonly<Record<CheckId, string>> = {
  causality: 'Causality',
  parity: 'Parity',
  mass: 'Probability mass',
  finite: 'Finite numbers',
  units: 'Units',
};

export type CheckWord = 'pass' | 'fail' | 'not measured';

/** An infinite value comes as null: it failed, and what could not be measured did not. */
export function checkWord({ pass, value }: CheckOutcome): CheckWord {
  if (!pass) return 'fail';
  return value === null ? 'not measured' : 'pass';
}

export function checkValue({ pass, value }: CheckOutcome): string {
  if (value === null) return pass ? '–' : '∞';
  return numberText(value);
}

/** Counts as they are, all else with two digits: as `ar-lens check` prints them. */
export function numberText(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : value.toExponential(1);
}
