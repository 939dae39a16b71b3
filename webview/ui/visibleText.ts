// Text a model wrote, fit to be looked at: what has no glyph gets one mark. Line ends and tabs do their work.

/** U+FFFD, which decoding already puts where bytes form no character. Fonts have it; control pictures they often lack. */
export const NO_GLYPH = '\ufffd';

export function visibleText(text: string): string {
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\p{Co}\p{Cn}]/gu, NO_GLYPH);
}
