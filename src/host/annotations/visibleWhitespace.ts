// A token's text as a person can see it: spaces, line ends, controls and lone marks get a visible sign.

const NAMED: Readonly<Record<string, string>> = {
  ' ': '·',
  '\n': '↵',
  '\r': '␍',
  '\t': '→',
  '\u00a0': '⍽',
  '\u007f': '␡',
};

/** Invisible characters that have no glyph of their own: format controls, separators, private use, lone surrogates. */
const UNSEEN = /\p{Cf}|\p{Zl}|\p{Zp}|\p{Zs}|\p{Co}|\p{Cs}|[\u0080-\u009f]|[\ufe00-\ufe0f]/u;

export function visibleWhitespace(text: string): string {
  if (text === '') return '∅';
  let out = '';
  let first = true;
  for (const character of text) {
    const named = NAMED[character];
    const code = character.codePointAt(0) ?? 0;
    if (named !== undefined) out += named;
    else if (code < 32) out += String.fromCodePoint(0x2400 + code);
    else if (UNSEEN.test(character) && !isJoinerInside(text, character)) out += codePoint(code);
    else if (first && /\p{M}/u.test(character)) out += `◌${character}`;
    else out += character;
    first = false;
  }
  return out;
}

/** Inside an emoji, joiners and variation selectors do their work: spelling them out would take it apart. */
function isJoinerInside(text: string, character: string): boolean {
  return (character === '\u200d' || character === '\ufe0f') && /\p{Extended_Pictographic}/u.test(text);
}

function codePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
