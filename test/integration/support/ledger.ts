// Walks an answer and names every likelihood that stands without its unit, its count or its badge.
// A number may find them in its own object or in one around it.

/** Keys whose numbers are likelihoods, in nats, bits or derived from them. */
const LIKELIHOODS = [
  'nll',
  'nats',
  'bits',
  'loss',
  'logProb',
  'entropy',
  'perplexity',
  'bitsPerByte',
  'bitsPerDim',
];
const COUNTS = ['count', 'scored', 'tokens'];
const BADGES = ['likelihood', 'badge'];

interface Labels {
  readonly unit: boolean;
  readonly count: boolean;
  readonly badge: boolean;
}

/** @returns the paths of likelihoods that lack a label: none in an answer that is in order. */
export function unlabelled(
  value: unknown,
  path = '$',
  around: Labels = { unit: false, count: false, badge: false },
): string[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => unlabelled(item, `${path}[${index}]`, around));
  if (typeof value !== 'object' || value === null) return [];
  const own = value as Record<string, unknown>;
  const labels = {
    unit: around.unit || typeof own['unit'] === 'string',
    count: around.count || COUNTS.some((key) => Number.isInteger(own[key])),
    badge: around.badge || BADGES.some((key) => ['exact', 'bound', 'none'].includes(String(own[key]))),
  };
  const missing = Object.entries(labels).flatMap(([label, there]) => (there ? [] : [label]));
  return Object.entries(own).flatMap(([key, inner]) => {
    const at = `${path}.${key}`;
    if (LIKELIHOODS.includes(key) && typeof inner === 'number')
      return missing.map((label) => `${at} has no ${label}`);
    return unlabelled(inner, at, labels);
  });
}
