// Reads a spec file's text: comments and trailing commas allowed, every difference from the schema said with its place.
// Touches no file: what `data.source` matches is checked by whoever knows the workspace.
import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { Static, TObject, TSchema } from '@sinclair/typebox';
import type { Family } from '../../families/family';
import { DEEPEST_JSON, tooDeepAt } from '../../formats/jsonDepth';
import type { ImageFamily } from '../../families/imageFamily';
import { ALL_FAMILIES, type AnyFamily } from '../../families/registry';
import { quantizeProblem } from '../../data/quantize';
import type { DeviceChoice, SpecProblem } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import { conditionProblem } from './conditionProblem';
import { sizeProblem } from './limits';
import {
  specJsonSchemaOf,
  specSchemaOf,
  type DataSpec,
  type ImageDataSpec,
  type ImageTrainSpec,
  type TrainSpec,
} from './schema';
import { nearest, problem, readNode, type Schema } from './validate';

/** Of a text. */
export interface Spec {
  readonly domain: 'text';
  readonly family: Family;
  readonly model: Static<TObject>;
  readonly data: DataSpec;
  readonly train: TrainSpec;
  readonly device: DeviceChoice;
  /** Keys of `model` and `data` that the file itself has, as "model.layers": the rest are defaults. */
  readonly written: ReadonlySet<string>;
}
export interface ImageSpec {
  readonly domain: 'image';
  readonly family: ImageFamily;
  readonly model: Static<TObject>;
  readonly data: ImageDataSpec;
  readonly train: ImageTrainSpec;
  readonly device: DeviceChoice;
}
export type AnySpec = Spec | ImageSpec;

/** `spec` is there exactly when `problems` is empty. */
export interface ParsedSpec {
  readonly spec?: AnySpec;
  readonly problems: readonly SpecProblem[];
}

/** A spec is written by a person; anything longer is another file with this name. */
const LONGEST_SPEC = 1_000_000;

export function parseSpec(text: string, families: readonly AnyFamily[] = ALL_FAMILIES): ParsedSpec {
  if (text.length > LONGEST_SPEC) {
    const message = `expected a spec of at most ${LONGEST_SPEC} characters, got ${text.length}`;
    return { problems: [{ offset: 0, length: 1, message }] };
  }
  const deep = tooDeepAt(text);
  if (deep >= 0) {
    const message = `expected at most ${DEEPEST_JSON} brackets one inside another, got more`;
    return { problems: [{ offset: deep, length: 1, message }] };
  }
  const errors: ParseError[] = [];
  const withoutMark = text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text;
  const root = parseTree(withoutMark, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const first = errors[0];
  if (first) return { problems: [syntaxProblem(first)] };
  if (!root)
    return { problems: [{ offset: 0, length: 1, message: 'expected an object, got an empty file' }] };
  const family = familyOf(root, families);
  if ('message' in family) return { problems: [family] };
  const problems: SpecProblem[] = [];
  const value = readNode(root, asSchema(specSchemaOf(family)), '', problems);
  if (problems.length > 0) return { problems };
  const spec = { ...(value as object), domain: family.domain, family, written: writtenIn(root) } as AnySpec;
  const wrong = meaningProblem(spec, root);
  return wrong ? { problems: [wrong] } : { spec, problems: [] };
}

/** The spec in `text`, or the first problem as an error that names file, line and column. */
export function requireSpec(
  text: string,
  path: string,
  families: readonly AnyFamily[] = ALL_FAMILIES,
): AnySpec {
  const { spec, problems } = parseSpec(text, families);
  if (spec) return spec;
  const sentences = problems.map((wrong) => formatProblem(text, path, wrong).replace(/[^.?]$/, '$&.'));
  throw new ArLensError('badInput', sentences.join('\n'), 'Correct the spec file.');
}

/** `path:line:column: message`, both counted from 1. */
export function formatProblem(text: string, path: string, wrong: SpecProblem): string {
  const before = text.slice(0, wrong.offset).split('\n');
  const column = (before.at(-1) ?? '').length + 1;
  return `${path}:${before.length}:${column}: ${wrong.message}`;
}

/** What the build writes to dist/spec.schema.json for the editor. */
export function specJsonSchema(): Record<string, unknown> {
  return specJsonSchemaOf(ALL_FAMILIES);
}

/** Where in `text` the value at `keys` stands, for problems found after parsing. */
export function placeOf(text: string, keys: readonly string[]): { offset: number; length: number } {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const node = root && findNodeAtLocation(root, [...keys]);
  return node ? { offset: node.offset, length: Math.max(1, node.length) } : { offset: 0, length: 1 };
}

function familyOf(root: Node, families: readonly AnyFamily[]): AnyFamily | SpecProblem {
  const ids = families.map((family) => family.id);
  const expected = ids.map((id) => JSON.stringify(id)).join(' or ');
  if (root.type !== 'object')
    return problem(
      root,
      `the spec: expected an object, got ${root.type === 'array' ? 'a list' : `a ${root.type}`}`,
    );
  const node = findNodeAtLocation(root, ['family']);
  if (!node) return { offset: root.offset, length: 1, message: `family: expected ${expected}, got nothing` };
  const given: unknown = node.value;
  const found = families.find((family) => family.id === given);
  if (found) return found;
  const near = typeof given === 'string' ? nearest(given, ids) : undefined;
  const hint = near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
  return problem(
    node,
    `family: expected ${expected}, got ${JSON.stringify(given) ?? `an ${node.type}`}${hint}`,
  );
}

function writtenIn(root: Node): ReadonlySet<string> {
  const keysOf = (part: string): string[] =>
    (findNodeAtLocation(root, [part])?.children ?? []).map(
      ({ children }) => `${part}.${String(children?.[0]?.value)}`,
    );
  return new Set([...keysOf('model'), ...keysOf('data')]);
}

/** What the schema cannot say: rules between keys, and sizes that this machine cannot hold. */
function meaningProblem(spec: AnySpec, root: Node): SpecProblem | undefined {
  const at = (path: string): Node =>
    findNodeAtLocation(root, path.split('.')) ?? findNodeAtLocation(root, ['model']) ?? root;
  // Sizes that are left out are those of a folder which is not read here.
  if (spec.train.initialize !== undefined) return undefined;
  const wrongModel = spec.family.problem?.(spec.model);
  if (typeof wrongModel === 'string') {
    const place = /^(model\.\w+): /.exec(wrongModel)?.[1];
    return problem(at(place ?? 'model'), place === undefined ? `model: ${wrongModel}` : wrongModel);
  }
  if (spec.domain === 'image') return imageProblem(spec, at);
  // A window of one token predicts nothing from nothing: the scoring definition needs a token before each other.
  if (spec.model['contextLength'] === 1) {
    return problem(at('model.contextLength'), 'model.contextLength: expected at least 2, got 1');
  }
  const tooLarge = sizeProblem(spec);
  return tooLarge === undefined ? undefined : problem(at('model'), `model: ${tooLarge}`);
}

function imageProblem(
  { data, model, family }: ImageSpec,
  at: (path: string) => Node,
): SpecProblem | undefined {
  const wrongLevels = quantizeProblem({ how: data.quantize, levels: data.levels });
  if (wrongLevels !== null) return problem(at('data.levels'), wrongLevels);
  if ((data.height === undefined) !== (data.width === undefined)) {
    const [has, lacks] = data.height === undefined ? ['width', 'height'] : ['height', 'width'];
    return problem(at(`data.${has}`), `data.${lacks}: expected a number beside data.${has}, got nothing`);
  }
  if (Number(model['classes'] ?? 0) > 0 && data.labels === undefined) {
    return problem(
      at('model.classes'),
      'data.labels: expected the classes that model.classes asks for, got nothing',
    );
  }
  const wrongCondition = conditionProblem(data, family);
  return wrongCondition && problem(at(wrongCondition.place), wrongCondition.message);
}

function syntaxProblem(error: ParseError): SpecProblem {
  const words = printParseErrorCode(error.error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return { offset: error.offset, length: Math.max(1, error.length), message: `expected JSON, got: ${words}` };
}

/** A TypeBox schema is a JSON Schema; its static type just does not say so. */
function asSchema(schema: TSchema): Schema {
  return schema;
}
