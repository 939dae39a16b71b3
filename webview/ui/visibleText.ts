// Text a model wrote, fit to be looked at: what has no glyph gets a mark. Line ends and tabs do their work.

/** The controls of C0 and DEL have pictures of their own; those of C1, private and unassigned characters have none. */
export function visibleText(text: string): string {
  return text
    .replace(/[\0-\x08\x0b-\x1f]/g, (character) => String.fromCharCode(0x2400 + character.charCodeAt(0)))
    .replace(/\x7f/g, '\u2421')
    .replace(/[\x80-\x9f\p{Co}\p{Cn}]/gu, '\ufffd');
}
