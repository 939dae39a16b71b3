// Receptive fields as data: each stack with the fields of `ar-lens reach --json`, and every input as a row of CSV. Pure.
import { EFFECTIVE_MEASURES } from '../../../src/protocol/effectiveMeasures';
import type { GatesReport } from '../../../src/protocol/gates';
import type { ReceptiveFieldContent } from '../../../src/protocol/receptiveFieldView';
import { toCsv, type DataColumn } from '../../ui/copyAsData';
import { outputOf, STATES, statesAt, type InputState } from './states';
import { STATE_WORDS, unitOf } from './words';

type Report = ReceptiveFieldContent['report'];

export function fieldCsv({ report, effective }: ReceptiveFieldContent, depth: number): string {
  const { channels, width } = report.settings;
  const inputs = Array.from({ length: report.stacks[0]?.first.length ?? 0 }, (_, input) => input);
  const pixel = (input: number) => Math.floor(input / channels);
  const columns: DataColumn[] = [
    { name: 'row', values: inputs.map((input) => Math.floor(pixel(input) / width)) },
    { name: 'column', values: inputs.map((input) => pixel(input) % width) },
    { name: 'channel', values: inputs.map((input) => input % channels) },
  ];
  for (const stack of report.stacks) {
    const states = statesAt(stack, depth);
    columns.push(
      {
        name: `${stack.title}: generated as number, ${stack.order} order`,
        values: inputs.map((input) => 1 + (stack.steps?.[input] ?? input)),
      },
      { name: `${stack.title}: first read with (layers, 0 never)`, values: stack.first },
      {
        name: `${stack.title}: state at ${depth} layers`,
        values: inputs.map((input) => wordOf(report, states, input)),
      },
    );
  }
  const { result } = effective;
  if (
    result !== null &&
    String([...result.position, result.channel]) === String([...report.position, report.channel])
  ) {
    const { formula, unit } = EFFECTIVE_MEASURES[result.measure];
    columns.push(
      { name: `${result.title}: ${formula} of this output (${unit})`, values: result.here.values },
      { name: `${result.title}: of any output (${unit})`, values: result.everywhere.values },
    );
  }
  return toCsv(columns);
}

export function fieldJson({ name, report, gates }: ReceptiveFieldContent, depth: number): string {
  const { settings, position, channel, causality, unit } = report;
  const stacks = report.stacks.map((stack) => {
    const states = statesAt(stack, depth);
    const offsets = (state: InputState) =>
      Array.from(states.keys())
        .filter((input) => STATES[states[input] ?? 0] === state)
        .map((input) => offsetOf(report, input));
    const [seen, blind, tooShallow, leaks] = (['seen', 'blind', 'shallow', 'leak'] as const).map(offsets) as [
      number[][],
      number[][],
      number[][],
      number[][],
    ];
    return {
      family: stack.family,
      layers: depth,
      allowed: stack.allowed,
      seen: seen.length,
      blind: blind.length,
      tooShallow: tooShallow.length,
      leaks: leaks.length,
      offsets: { seen, blind, tooShallow, leaks },
    };
  });
  return JSON.stringify({
    ...(name === '' ? {} : { of: name }),
    settings,
    position,
    ...(settings.channels > 1 ? { channel } : {}),
    causality,
    unit: unitOf({ unit }),
    method: 'closure',
    stacks,
    ...(gates.result === null ? {} : { gates: withLists(gates.result) }),
  });
}

function wordOf(report: Report, states: Uint8Array, input: number): string {
  const state = STATES[states[input] ?? 0] ?? 'future';
  return state === 'future' && input === outputOf(report) ? STATE_WORDS.output : STATE_WORDS[state];
}

/** As `ar-lens reach` has them: rows down, columns right, the channel third where there are three. */
function offsetOf({ domain, settings: { width, channels }, position }: Report, input: number): number[] {
  const pixel = Math.floor(input / channels);
  const [down, right] = [Math.floor(pixel / width) - position[0], (pixel % width) - position[1]];
  if (domain === 'text') return [right];
  return channels > 1 ? [down, right, input % channels] : [down, right];
}

function withLists({ stacks, ...report }: GatesReport): object {
  const listed = stacks.map(({ stack, parts }) => ({
    stack,
    parts: parts.map((part) => ({ ...part, counts: [...part.counts] })),
  }));
  return { ...report, stacks: listed };
}
