// The map in full, or its selected row, as data. The future is empty (CSV) or not there (JSON); what lies before a sliding
// window is empty (CSV) or null (JSON). Masked is never 0.
import type { AttentionContent } from '../../../src/protocol/attentionView';
import { toCsv } from '../../ui/copyAsData';
import { rowOf, weightAt } from './triangle';
import { nameOf } from './words';

const placesOf = ({ window }: AttentionContent) => Array.from({ length: window.length }, (_, i) => i);
/** Tokens count from 1; BOS has no number. */
const numberOf = ({ window }: AttentionContent, position: number): number | null =>
  (window.token[position] ?? -1) < 0 ? null : (window.token[position] ?? 0) + 1;
const shownWeight = (weight: number): number | null => (Number.isNaN(weight) ? null : weight);
const textOf = ({ window }: AttentionContent, position: number) => window.texts[position] ?? '';

export function mapCsv(content: AttentionContent): string {
  const places = placesOf(content);
  const { values, entropy, ceiling } = content.map;
  return toCsv([
    { name: 'token', values: places.map((row) => numberOf(content, row)) },
    { name: 'text', values: places.map((row) => textOf(content, row)) },
    { name: 'entropy (bits)', values: entropy },
    { name: 'entropy at most (bits)', values: ceiling },
    ...places.map((column) => ({
      name: `weight on ${numberOf(content, column) ?? 'start'}`,
      values: places.map((row) => shownWeight(weightAt(values, row, column))),
    })),
  ]);
}

export function rowCsv(content: AttentionContent, row: number): string {
  const places = placesOf(content).slice(0, row + 1);
  return toCsv([
    { name: 'token', values: places.map((column) => numberOf(content, column)) },
    { name: 'text', values: places.map((column) => textOf(content, column)) },
    {
      name: `weight of ${numberOf(content, row) ?? 'start'}`,
      values: Array.from(rowOf(content.map.values, row), shownWeight),
    },
  ]);
}

export function mapJson(content: AttentionContent): string {
  const { file, model, look, window, map, layers, heads } = content;
  const rows = placesOf(content).map((row) => ({
    token: numberOf(content, row),
    text: textOf(content, row),
    entropyBits: map.entropy[row],
    entropyAtMostBits: map.ceiling[row],
    weights: Array.from(rowOf(map.values, row), shownWeight),
  }));
  const { start, length, context, stride, tokens } = window;
  const about = { file, model, map: nameOf(look), kind: look.kind, layers, heads };
  return JSON.stringify({ ...about, window: { start, length, context, stride, tokens }, rows }, null, 1);
}
