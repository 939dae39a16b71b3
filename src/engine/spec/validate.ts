// Checks a parsed JSON tree against a schema and says each difference in one sentence with its place.
// Knows the few schema keywords that specs use, and nothing about what a spec means.
import { distance } from 'fastest-levenshtein';
import { getNodeValue, type Node } from 'jsonc-parser';
import type { SpecProblem } from '../../protocol/engine';

/** The part of JSON Schema that spec schemas are made of. */
export interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly examples?: readonly unknown[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
}

/** Reads `node` by `schema`: the value with defaults filled in, problems appended to `problems`. */
export function readNode(node: Node, schema: Schema, path: string, problems: SpecProblem[]): unknown {
  if (schema.anyOf) return readUnion(node, schema, path, problems);
  if (schema.type === 'object') return readObject(node, schema, path, problems);
  if (fits(node, schema)) return valueOf(node);
  problems.push(problem(node, `${path}: expected ${describe(schema)}, got ${shown(node)}`));
  return undefined;
}

/** The value a schema takes when its key is left out; undefined where there is none. */
export function defaultOf(schema: Schema): unknown {
  if (schema.type !== 'object' || schema.default === undefined) return schema.default;
  const value: Record<string, unknown> = { ...(schema.default as Record<string, unknown>) };
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    const filled = value[key] ?? defaultOf(inner);
    if (filled !== undefined) value[key] = filled;
  }
  return value;
}

/** The known key nearest to a mistyped one. */
export function nearest(key: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of known) {
    const steps = distance(key.toLowerCase(), candidate.toLowerCase());
    if (steps < bestDistance) [best, bestDistance] = [candidate, steps];
  }
  return best;
}

export function problem(node: Node, message: string): SpecProblem {
  return { offset: node.offset, length: Math.max(1, node.length), message };
}

function readObject(node: Node, schema: Schema, path: string, problems: SpecProblem[]): unknown {
  const name = path === '' ? 'the spec' : path;
  if (node.type !== 'object') {
    problems.push(problem(node, `${name}: expected an object, got ${shown(node)}`));
    return undefined;
  }
  const properties = schema.properties ?? {};
  const value: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const property of node.children ?? []) {
    const [keyNode, valueNode] = property.children ?? [];
    if (!keyNode || !valueNode) continue; // a syntax error, reported as such
    const key = String(valueOf(keyNode));
    const inner = Object.hasOwn(properties, key) ? properties[key] : undefined;
    const at = path === '' ? key : `${path}.${key}`;
    if (seen.has(key)) problems.push(problem(keyNode, `${at}: expected each key once, got it a second time`));
    else if (inner) value[key] = readNode(valueNode, inner, at, problems);
    else problems.push(problem(keyNode, unknownKey(at, key, Object.keys(properties))));
    seen.add(key);
  }
  for (const [key, inner] of Object.entries(properties)) {
    if (seen.has(key)) continue;
    const filled = defaultOf(inner);
    if (filled !== undefined) value[key] = filled;
    else if (schema.required?.includes(key)) {
      const at = path === '' ? key : `${path}.${key}`;
      problems.push({
        offset: node.offset,
        length: 1,
        message: `${at}: expected ${describe(inner)}, got nothing (this key is needed)`,
      });
    }
  }
  return value;
}

function readUnion(node: Node, schema: Schema, path: string, problems: SpecProblem[]): unknown {
  const branch = schema.anyOf?.find((candidate) => fits(node, candidate));
  if (branch) return valueOf(node);
  const inside = node.type === 'object' ? schema.anyOf?.find(({ type }) => type === 'object') : undefined;
  if (inside) return readObject(node, inside, path, problems);
  problems.push(
    problem(node, `${path}: expected ${describe(schema)}, got ${shown(node)}${suggestion(node, schema)}`),
  );
  return undefined;
}

function suggestion(node: Node, schema: Schema): string {
  const words = (schema.anyOf ?? []).map((branch) => branch.const).filter((word) => typeof word === 'string');
  const given = valueOf(node);
  if (typeof given !== 'string' || words.length === 0) return '';
  return `; did you mean ${JSON.stringify(nearest(given, words))}?`;
}

function unknownKey(at: string, key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return `${at}: expected a known key, got ${JSON.stringify(key)}${near === undefined ? '' : `; did you mean "${near}"?`}`;
}

function fits(node: Node, schema: Schema): boolean {
  const value = valueOf(node);
  if (schema.const !== undefined) return value === schema.const;
  if (schema.type === 'string') {
    return (
      typeof value === 'string' &&
      value.length >= (schema.minLength ?? 0) &&
      value.length <= (schema.maxLength ?? Infinity) &&
      (schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(value))
    );
  }
  if (schema.type === 'array') {
    const items = node.children ?? [];
    const { minItems = 0, maxItems = Infinity, items: inner } = schema;
    if (node.type !== 'array' || items.length < minItems || items.length > maxItems) return false;
    return inner === undefined || items.every((item) => fits(item, inner));
  }
  if (schema.type === 'boolean') return typeof value === 'boolean';
  if (schema.type === 'integer') return Number.isSafeInteger(value) && within(value as number, schema);
  if (schema.type === 'number') return Number.isFinite(value) && within(value as number, schema);
  return false;
}

function within(value: number, schema: Schema): boolean {
  return (
    value >= (schema.minimum ?? -Infinity) &&
    value <= (schema.maximum ?? Infinity) &&
    value > (schema.exclusiveMinimum ?? -Infinity) &&
    value < (schema.exclusiveMaximum ?? Infinity)
  );
}

function describe(schema: Schema): string {
  if (schema.anyOf) return schema.anyOf.map(describe).join(' or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === 'integer') return `a whole number${range(schema)}`;
  if (schema.type === 'number') return `a number${range(schema)}`;
  if (schema.type === 'boolean') return 'true or false';
  const [example] = schema.examples ?? [];
  if (schema.type === 'object') return example === undefined ? 'an object' : JSON.stringify(example);
  if (schema.pattern !== undefined) return `a path like ${JSON.stringify(example)}`;
  if (schema.type === 'array')
    return `a list of ${schema.items ? `${describe(schema.items)}, each` : 'values'}`;
  if (schema.maxLength !== undefined) return `a text of at most ${schema.maxLength} characters`;
  return (schema.minLength ?? 0) > 0 ? 'a text that is not empty' : 'a text';
}

function range(schema: Schema): string {
  const parts: string[] = [];
  if (schema.minimum !== undefined) parts.push(`at least ${schema.minimum}`);
  if (schema.exclusiveMinimum !== undefined) parts.push(`above ${schema.exclusiveMinimum}`);
  if (schema.maximum !== undefined) parts.push(`at most ${schema.maximum}`);
  if (schema.exclusiveMaximum !== undefined) parts.push(`below ${schema.exclusiveMaximum}`);
  return parts.length === 0 ? '' : ` ${parts.join(' and ')}`;
}

function shown(node: Node): string {
  if (node.type === 'object') return 'an object';
  if (node.type === 'array') return 'a list';
  const value = valueOf(node);
  // JSON has no word for what 1e999 becomes.
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function valueOf(node: Node): unknown {
  return getNodeValue(node) as unknown;
}
