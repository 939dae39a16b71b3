// The schema that VS Code's JSON support gets: keys, words and their explanations, and nothing to check. The checks are
// the engine's, which says what was expected, what was found and the nearest key; a second squiggle would say less.

const CHECKS = new Set([
  ...['additionalProperties', 'required', 'type', 'minimum', 'maximum'],
  ...['exclusiveMinimum', 'exclusiveMaximum', 'minLength', 'maxLength', 'pattern', 'minItems', 'maxItems'],
]);

/**
 * @param {unknown} schema a JSON Schema
 * @returns {unknown} the same without what could fail; words it allowed become completions
 */
export function completionSchema(schema) {
  if (Array.isArray(schema)) return schema.map(completionSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const made = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') {
      made.properties = Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, completionSchema(inner)]),
      );
    } else if (key === 'if')
      made.if = value; // a condition fails silently
    else if (key === 'enum') made.defaultSnippets = words(value, schema.enumDescriptions);
    else if (key === 'anyOf') {
      const constants = value.flatMap((each) =>
        typeof each.const === 'string' ? [each.const] : (each.examples ?? []),
      );
      if (constants.length > 0) made.defaultSnippets = words(constants);
    } else if (key === 'default' || key === 'examples') made[key] = value;
    else if (!CHECKS.has(key) && !['const', 'enumDescriptions'].includes(key))
      made[key] = completionSchema(value);
  }
  return made;
}

const words = (values, descriptions = []) =>
  values.map((body, i) => ({
    label: JSON.stringify(body),
    body,
    ...(descriptions[i] === undefined ? {} : { description: descriptions[i] }),
  }));
