// Attention in words: tokens, maps and rows as a person or a screen reader says them. Pure.
import type { AttentionContent, AttentionLook } from '../../../src/protocol/attentionView';
import { formatCount, formatValue, visibleToken } from '../../ui/format';
import { strongest } from './triangle';

/** Tokens count from 1, as the hover in the editor counts them. */
export function placeOf({ window }: AttentionContent, position: number): string {
  const token = window.token[position] ?? -1;
  return token < 0 ? 'the start' : `token ${formatCount(token + 1)}`;
}

export const labelOf = ({ window }: AttentionContent, position: number): string =>
  (window.token[position] ?? -1) < 0 ? '⟨start⟩' : visibleToken(window.texts[position] ?? '');

export function nameOf({ kind, layer, head }: AttentionLook): string {
  switch (kind) {
    case 'heads':
      return `Layer ${layer + 1}, head ${head + 1}`;
    case 'mean':
      return `Layer ${layer + 1}, mean over heads`;
    case 'rollout':
      return layer === 0 ? 'Rollout of layer 1' : `Rollout, layers 1 to ${layer + 1}`;
    default:
      return kind satisfies never;
  }
}

/** The layers whose windows say how far a row of the map sees. */
export const reachOf = ({ kind, layer }: AttentionLook): string =>
  kind === 'rollout' && layer > 0 ? `layers 1 to ${layer + 1}` : `layer ${layer + 1}`;

export const formatWeight = (weight: number): string => weight.toFixed(3);

export const entropyText = (entropy: number, ceiling: number): string =>
  `entropy ${formatValue(entropy, 2)} of at most ${formatValue(ceiling, 2)} bits`;

/** One sentence for a row: who looks most at whom, and how broadly. */
export function rowSentence(content: AttentionContent, row: number): string {
  const { map } = content;
  const [first, second, third] = strongest(map.values, row, 3);
  if (first === undefined) return '';
  const say = (position: number) =>
    position === row
      ? 'itself'
      : (content.window.token[position] ?? -1) < 0
        ? 'the start'
        : `${placeOf(content, position)} ‘${labelOf(content, position)}’`;
  const others = [second, third].flatMap((one) =>
    one === undefined ? [] : [`${say(one.position)} (${formatWeight(one.weight)})`],
  );
  const then = others.length === 0 ? '' : `, then at ${others.join(' and ')}`;
  const who =
    (content.window.token[row] ?? -1) < 0
      ? 'The start'
      : `Token ${placeOf(content, row).slice('token '.length)} ‘${labelOf(content, row)}’`;
  const broad = entropyText(map.entropy[row] ?? NaN, map.ceiling[row] ?? NaN);
  return `${who} looks most at ${say(first.position)} (${formatWeight(first.weight)})${then}; ${broad}.`;
}
