// Receptive fields in words: a cell with its arithmetic, a stack's answer, a grid's settings. Pure.
import type {
  EffectiveReport,
  FieldReport,
  FieldSettings,
  FieldStack,
} from '../../../src/protocol/receptiveField';
import { formatCount } from '../../ui/format';
import { stateOfInput, type Counts, type InputState } from './states';

export const TITLE = 'What does it really see?';

export const STATE_WORDS: Readonly<Record<InputState | 'output', string>> = {
  seen: 'seen',
  blind: 'blind',
  shallow: 'too shallow',
  future: 'future',
  leak: 'leak',
  output: 'output',
};

export const CHANNELS = ['R', 'G', 'B'] as const;

export const UNIT_WORDS: Readonly<Record<FieldReport['unit'], readonly [one: string, many: string]>> = {
  pixel: ['pixel', 'pixels'],
  subpixel: ['sub-pixel', 'sub-pixels'],
  token: ['token', 'tokens'],
};

export const unitOf = ({ unit }: Pick<FieldReport, 'unit'>, count = 2): string =>
  UNIT_WORDS[unit][count === 1 ? 0 : 1];

export function settingsWords({ domain, settings, causality, from, stacks }: FieldReport): string {
  const { height, width, channels, kernel, firstKernel } = settings;
  const kernels =
    domain === 'text'
      ? (stacks[0]?.title ?? '')
      : `first kernel ${firstKernel} × ${firstKernel}, then ${kernel} × ${kernel}`;
  const grid =
    domain === 'text'
      ? `${formatCount(width)} tokens`
      : `${height} × ${width}${channels > 1 ? ' × RGB' : ''}`;
  const part = { part: ', a part of what it takes', assumed: ', assumed: its images are not there' };
  return `${grid}${part[from as keyof typeof part] ?? ''} · ${kernels} · ${causality} causality`;
}

/** Where an input lies as seen from the output. */
export function offsetWords(report: FieldReport, cell: number): string {
  const { width } = report.settings;
  const [row, column] = [Math.floor(cell / width), cell % width];
  const [down, right] = [row - report.position[0], column - report.position[1]];
  if (report.domain === 'text') {
    if (right === 0) return 'its own place';
    return `${formatCount(Math.abs(right))} ${right < 0 ? 'before' : 'after'}`;
  }
  const parts = [
    down === 0 ? '' : `${Math.abs(down)} ${down < 0 ? 'up' : 'down'}`,
    right === 0 ? '' : `${Math.abs(right)} ${right < 0 ? 'left' : 'right'}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'its own pixel' : parts.join(', ');
}

export const placeWords = ({ domain, settings: { width } }: FieldReport, cell: number): string =>
  domain === 'text' ? `place ${formatCount(cell)}` : `(${Math.floor(cell / width)}, ${cell % width})`;

/** One cell, what it is to each stack, and why. */
export function cellSentence(report: FieldReport, depth: number, cell: number, plane: number): string {
  const { channels } = report.settings;
  const input = cell * channels + plane;
  const channel = channels > 1 ? ` ${CHANNELS[plane]}` : '';
  const stacks = report.stacks.map((stack) => {
    const step = stack.steps === null ? '' : `, generated as number ${(stack.steps[input] ?? 0) + 1}`;
    return `${stack.title}: ${fateOf(report, stack, depth, input)}${step}`;
  });
  return `${placeWords(report, cell)}${channel} · ${offsetWords(report, cell)} · ${stacks.join(' · ')}`;
}

function fateOf(report: FieldReport, stack: FieldStack, depth: number, input: number): string {
  const from = stack.first[input] ?? 0;
  const since = stack.layered ? ` from layer ${from} on` : '';
  const state = stateOfInput(stack, depth, input);
  switch (state) {
    case 'seen':
      return `seen${since}`;
    case 'blind':
      return `blind at any depth${arithmetic(report, stack, input)}`;
    case 'shallow':
      return `too shallow, seen${since}`;
    case 'future':
      return 'future, not allowed';
    case 'leak':
      return 'a leak, read and not allowed';
    default:
      return state satisfies never;
  }
}

/** Of a plain stack: s rows up and d columns right lie in the blind spot where d > r₁ + r (s − 1). */
function arithmetic({ settings, position }: FieldReport, { family }: FieldStack, input: number): string {
  if (family !== 'pixelcnn') return '';
  const { width, channels, kernel, firstKernel } = settings;
  const pixel = Math.floor(input / channels);
  const [up, right] = [position[0] - Math.floor(pixel / width), (pixel % width) - position[1]];
  const [first, later] = [(firstKernel - 1) / 2, (kernel - 1) / 2];
  return up > 0 && right > first + later * (up - 1) ? `: ${right} > ${first} + ${later} · (${up} − 1)` : '';
}

/** All in one sentence, for screen readers and a picture's description. */
/** What a class-conditional run was told of the images; '' by one that knows no classes. */
export function givenWords({ given }: Pick<EffectiveReport, 'given'>): string {
  if (given === null) return '';
  return given === 'class' ? ', each given its class' : ', without a class';
}

export function answerSentence(report: FieldReport, depth: number, counts: readonly Counts[]): string {
  const { stacks } = report;
  const sentences = stacks.map(({ title, allowed }, at) => {
    const found = counts[at];
    if (found === undefined) return '';
    const leaks = found.leak > 0 ? ` and reads ${found.leak} that it may not` : '';
    return `${title} sees ${found.seen} of ${allowed} allowed ${unitOf(report)}, ${found.blind} are blind, ${found.shallow} too shallow${leaks}`;
  });
  return `At ${depth} ${depth === 1 ? 'layer' : 'layers'}: ${sentences.join('; ')}.`;
}

/** How a size is chosen: squares, and the subject's own. */
export const sizeName = ({ height, width }: Pick<FieldSettings, 'height' | 'width'>): string =>
  `${height} × ${width}`;
