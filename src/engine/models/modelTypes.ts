// What to say of a config.json that no family reads: which model it is, why not, and what can be read instead.
import type { Family } from '../../families/family';
import { ArLensError } from '../../protocol/errors';

/** Models whose tokens see those after them: there is no left-to-right likelihood to show. */
const BIDIRECTIONAL = new Set([
  ...[
    'albert',
    'bert',
    'big_bird',
    'camembert',
    'convbert',
    'deberta',
    'deberta-v2',
    'distilbert',
    'electra',
  ],
  ...['ernie', 'esm', 'flaubert', 'funnel', 'ibert', 'layoutlm', 'longformer', 'mobilebert', 'modernbert'],
  ...['mpnet', 'neobert', 'nomic_bert', 'nystromformer', 'roberta', 'roc_bert', 'roformer', 'squeezebert'],
  ...['xlm', 'xlm-roberta', 'xlm-roberta-xl', 'xmod', 'yoso'],
]);

export function unreadModel(
  path: string,
  config: Readonly<Record<string, unknown>>,
  families: readonly Family[],
): ArLensError {
  const type: unknown = config['model_type'];
  const known = modelTypes(families);
  const action = `Choose a model whose model_type is among ${known}.`;
  if (typeof type === 'string' && BIDIRECTIONAL.has(type) && config['is_decoder'] !== true) {
    return new ArLensError(
      'unsupported',
      `${path}: model_type "${type}" is a bidirectional model: its tokens see those after them, so it has no left-to-right likelihood.`,
      action,
    );
  }
  const got = type === undefined ? 'none' : JSON.stringify(type);
  return new ArLensError(
    'unsupported',
    `${path}: model_type: expected one of ${known}, got ${got.length > 80 ? 'something longer' : got}.`,
    'Choose a model of one of these types.',
  );
}

/** Weights in fewer bits than a number has here would have to be guessed at. */
export function requirePlainWeights(path: string, config: Readonly<Record<string, unknown>>): void {
  const quantization = config['quantization_config'] ?? null;
  if (quantization === null) return;
  const { quant_method: method } = quantization as { readonly quant_method?: unknown };
  throw new ArLensError(
    'unsupported',
    `${path}: quantization_config: expected weights as F32, F16 or BF16, got ${typeof method === 'string' ? method.slice(0, 40) : 'quantised ones'}.`,
    'Use the model’s unquantised weights.',
  );
}

function modelTypes(families: readonly Family[]): string {
  const types = families.flatMap(({ id, files }) => files.modelTypes ?? [id]);
  return types.map((type) => `"${type}"`).join(', ');
}
