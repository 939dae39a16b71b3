export function completionSchema(schema: unknown): unknown;
