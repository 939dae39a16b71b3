// What happened and what to do about it, as sentences that follow one another. Pure.

export function sentences(message: string, action: string | undefined): string {
  if (action === undefined || action === '') return message;
  return /[.!?…]$/.test(message) ? `${message} ${action}` : `${message}. ${action}`;
}
