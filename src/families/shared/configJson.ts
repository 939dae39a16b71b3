// Reading the values of a config.json: a default where a key is absent or null, one sentence where a value is wrong.
// Knows no family.
import { ArLensError } from '../../protocol/errors';
import type { TextFacts } from '../family';

export type Json = Readonly<Record<string, unknown>>;

/** A positive integer of at most `most`; `standard` when the key is absent. */
export function size(json: Json, key: string, standard: number | undefined, most: number): number {
  const value = json[key] ?? standard;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw wrong(key, `an integer from 1 to ${most}`, value);
}

export function optionalSize(json: Json, key: string, most: number): number | undefined {
  return (json[key] ?? null) === null ? undefined : size(json, key, undefined, most);
}

export function optionalNumber(json: Json, key: string): number | undefined {
  const value = json[key] ?? undefined;
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw wrong(key, 'a number', value);
}

export function flag(json: Json, key: string, standard: boolean): boolean {
  const value = json[key] ?? standard;
  if (typeof value === 'boolean') return value;
  throw wrong(key, 'true or false', value);
}

/** A normalisation's ε. */
export function epsilonOf(json: Json, key: string, standard: number): number {
  const value = optionalNumber(json, key) ?? standard;
  if (value > 0 && value <= 0.1) return value;
  throw wrong(key, 'a number in (0, 0.1]', value);
}

export function dropoutOf(json: Json, key: string, standard: number): number {
  const value = optionalNumber(json, key) ?? standard;
  if (value >= 0 && value < 1) return value;
  throw wrong(key, 'a number in [0, 1)', value);
}

/** The vocabulary and the BOS token. `standard`: what transformers takes where the keys are absent. */
export function factsOf(
  json: Json,
  standard: { readonly vocabulary: number; readonly bos?: number },
): TextFacts {
  const vocabulary = size(json, 'vocab_size', standard.vocabulary, 10_000_000);
  const bos = json['bos_token_id'] === undefined ? standard.bos : optionalNumber(json, 'bos_token_id');
  const facts = { vocabulary, ...eosOf(json) };
  if (bos === undefined) return facts;
  if (!Number.isInteger(bos) || bos < 0 || bos >= vocabulary) {
    throw wrong('bos_token_id', `an id below vocab_size (${vocabulary})`, bos);
  }
  return { ...facts, bos };
}

/** Kept for who loads the model next. What is no id here is left out and not refused: nothing is computed with it. */
function eosOf(json: Json): Pick<TextFacts, 'eos'> {
  const eos = json['eos_token_id'];
  const isId = (id: unknown): id is number => typeof id === 'number' && Number.isInteger(id) && id >= 0;
  if (isId(eos)) return { eos };
  return Array.isArray(eos) && eos.length > 0 && eos.every(isId) ? { eos } : {};
}

/** Refuses settings that change the arithmetic to something that is not computed here. */
export function requireSupported(json: Json, supported: Readonly<Record<string, readonly unknown[]>>): void {
  for (const [key, values] of Object.entries(supported)) {
    const value = json[key];
    if (value === undefined || values.includes(value)) continue;
    throw unsupported(key, values, value);
  }
}

/** The value's own name for one of the names met in files. */
export function named<T>(json: Json, key: string, standard: string, names: Readonly<Record<string, T>>): T {
  const value = json[key] ?? standard;
  if (typeof value === 'string' && Object.hasOwn(names, value)) return names[value] as T;
  throw unsupported(key, Object.keys(names), value);
}

export function unsupported(key: string, values: readonly unknown[], got: unknown): ArLensError {
  const expected = values.map((each) => JSON.stringify(each)).join(' or ');
  return new ArLensError(
    'unsupported',
    `config.json: ${key}: expected ${expected}, got ${JSON.stringify(got)}.`,
  );
}

export function wrong(key: string, expected: string, got: unknown): ArLensError {
  return new ArLensError(
    'badInput',
    `config.json: ${key}: expected ${expected}, got ${JSON.stringify(got)}.`,
  );
}
