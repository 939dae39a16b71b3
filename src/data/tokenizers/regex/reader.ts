// Walks the code points of a pattern and refuses what is not understood, with its place. Knows no syntax.
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

export class Reader {
  at = 0;

  constructor(readonly pattern: string) {}

  get done(): boolean {
    return this.at >= this.pattern.length;
  }

  looksAt(text: string): boolean {
    return this.pattern.startsWith(text, this.at);
  }

  take(text: string): boolean {
    if (!this.looksAt(text)) return false;
    this.at += text.length;
    return true;
  }

  /** The next code point. */
  next(): number {
    const code = this.pattern.codePointAt(this.at);
    if (code === undefined) throw this.error('an unfinished pattern');
    this.at += code > 0xffff ? 2 : 1;
    return code;
  }

  peek(): string {
    return String.fromCodePoint(this.pattern.codePointAt(this.at) ?? 0);
  }

  /** What a sticky expression matches here, or undefined. */
  match(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.at;
    const found = expression.exec(this.pattern) ?? undefined;
    if (found) this.at += found[0].length;
    return found;
  }

  error(what: string, from = this.at): PatternError {
    return new PatternError(`${what} at offset ${from} of ${shortened(this.pattern)}`);
  }
}

export function shortened(pattern: string): string {
  const text = JSON.stringify(pattern);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
