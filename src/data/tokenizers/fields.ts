// Reads the values of a parsed JSON file, each checked for its type, and says in one sentence which file and place is
// wrong. Looks at own keys only: a token may be called "__proto__" or "constructor".
import { ArLensError } from '../../protocol/errors';

type Json = Readonly<Record<string, unknown>>;

export class Fields {
  constructor(
    readonly file: string,
    /** Where this object stands in the file; '' at the top. */
    readonly place: string,
    private readonly json: Json,
  ) {}

  static of(file: string, place: string, value: unknown): Fields {
    if (!isObject(value)) throw wrong(file, place, 'an object', shown(value));
    return new Fields(file, place, value);
  }

  at(key: string): string {
    return this.place === '' ? key : `${this.place}.${key}`;
  }

  value(key: string): unknown {
    return Object.hasOwn(this.json, key) ? this.json[key] : undefined;
  }

  has(key: string): boolean {
    return (this.value(key) ?? null) !== null;
  }

  keys(): string[] {
    return Object.keys(this.json);
  }

  text(key: string, otherwise?: string): string {
    const value = this.value(key) ?? otherwise;
    if (typeof value !== 'string') throw this.wrong(key, 'a text');
    return value;
  }

  /** A text, or undefined where there is nothing or null. */
  optionalText(key: string): string | undefined {
    return this.has(key) ? this.text(key) : undefined;
  }

  /** One of the words known here. */
  oneOf<T extends string>(key: string, known: readonly T[], otherwise?: T): T {
    const value = this.value(key) ?? otherwise;
    const found = known.find((word) => word === value);
    if (found !== undefined) return found;
    throw new ArLensError(
      'unsupported',
      `${this.file}: ${this.at(key)}: expected ${orList(known)}, got ${shown(value)}.`,
    );
  }

  flag(key: string, otherwise?: boolean): boolean {
    const value = this.value(key) ?? otherwise;
    if (typeof value !== 'boolean') throw this.wrong(key, 'true or false');
    return value;
  }

  integer(key: string, least: number, most: number, otherwise?: number): number {
    const value = this.value(key) ?? otherwise;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      throw this.wrong(key, `a whole number from ${least} to ${most}`);
    }
    return value;
  }

  list(key: string, most: number): readonly unknown[] {
    const value = this.value(key);
    if (!Array.isArray(value)) throw this.wrong(key, 'a list');
    if (value.length > most) {
      throw wrong(this.file, this.at(key), `at most ${most} entries`, String(value.length));
    }
    return value as readonly unknown[];
  }

  object(key: string): Fields {
    return Fields.of(this.file, this.at(key), this.value(key));
  }

  /** The objects of a list. */
  objects(key: string, most: number): Fields[] {
    return this.list(key, most).map((value, index) =>
      Fields.of(this.file, `${this.at(key)}[${index}]`, value),
    );
  }

  /** The error for a value of this object. */
  wrong(key: string, expected: string, got = shown(this.value(key))): ArLensError {
    return wrong(this.file, this.at(key), expected, got);
  }
}

export function wrong(file: string, place: string, expected: string, got: string): ArLensError {
  const where = place === '' ? '' : ` ${place}:`;
  return new ArLensError('badInput', `${file}:${where} expected ${expected}, got ${got}.`);
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function shown(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

export function orList(words: readonly string[]): string {
  const quoted = words.map((word) => JSON.stringify(word));
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}
