// What a Receptive field view kept across a reload, as its subject and its wish. It is data from a page: trusted with
// nothing, and the engine checks what numbers mean. Pure.
import type { FieldSettings } from '../../protocol/receptiveField';
import type { FieldSubject, FieldWish } from '../../protocol/receptiveFieldView';

export function keptField(state: unknown): { readonly subject: FieldSubject; readonly wish: FieldWish } {
  const kept = typeof state === 'object' && state !== null ? (state as Record<string, unknown>) : {};
  const { kind, path, changed, row, column, channel } = kept;
  const subject: FieldSubject =
    (kind === 'spec' || kind === 'run') && typeof path === 'string' && path !== ''
      ? { kind, path }
      : { kind: 'none' };
  const place = isPlace(row) && isPlace(column) ? { position: [row, column] as const } : {};
  return {
    subject,
    wish: { settings: settingsOf(changed), ...place, ...(isPlace(channel) ? { channel } : {}) },
  };
}

/** The builder's settings as the view keeps them: JSON, since it keeps numbers and words only. */
export function settingsOf(text: unknown): Partial<FieldSettings> {
  const value = parsed(text);
  const settings: Record<string, unknown> = {};
  for (const key of ['height', 'width', 'channels', 'layers', 'kernel', 'firstKernel']) {
    if (isPlace(value[key])) settings[key] = value[key];
  }
  const { families, order } = value;
  if (typeof order === 'string') settings['order'] = order;
  if (Array.isArray(families) && families.every((each) => typeof each === 'string'))
    settings['families'] = families;
  return settings;
}

function parsed(text: unknown): Record<string, unknown> {
  if (typeof text !== 'string') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const isPlace = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
