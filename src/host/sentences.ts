// What happened and what to do about it, as sentences that follow one another. Pure.

export function sentences(message: string, action: string | undefined): string {
  if (action === undefined || action === '') return message;
  return /[.!?…]$/.test(message) ? `${message} ${action}` : `${message}. ${action}`;
}

/** Why a run of images cannot colour a text. */
export function imageRunSentence(name: string): string {
  return `${name} is a model of images: it has no words for a text, and shows the likelihood of image files instead.`;
}
