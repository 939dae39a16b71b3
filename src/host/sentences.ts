// What happened and what to do about it, as sentences that follow one another. Pure.

export function sentences(message: string, action: string | undefined): string {
  if (action === undefined || action === '') return message;
  return /[.!?…]$/.test(message) ? `${message} ${action}` : `${message}. ${action}`;
}

/** Why a run of images has no text action. */
export function imageRunSentence(name: string): string {
  return `${name} is a model of images, and the editor's actions read texts: use ar-lens score, sample or reach in a terminal.`;
}
