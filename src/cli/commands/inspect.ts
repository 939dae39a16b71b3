// What `ar-lens mask` and `ar-lens check` share: exactly one of --spec and --model.
import { resolve } from 'node:path';
import type { InspectSubject } from '../../protocol/engine';
import type { CommonOptions } from '../options';

export interface InspectOptions extends CommonOptions {
  readonly spec?: string;
  readonly model?: string;
}

export function subjectOf({ spec, model }: InspectOptions): InspectSubject {
  return model === undefined ? { spec: resolve(spec ?? '') } : { model: resolve(model) };
}

export function subjectWords({ spec, model }: InspectOptions): string {
  return model ?? spec ?? '';
}
