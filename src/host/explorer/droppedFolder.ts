// Which folder was dropped on a view: the first of a list of URIs, as explorers and desktops give it. Knows no editor.

export const DROPPED = 'text/uri-list';

/** What is needed of a `vscode.DataTransfer`. */
export interface Dropped {
  get(type: string): { asString(): PromiseLike<string> } | undefined;
}

/** @returns the first URI, or undefined where none was dropped; a line that begins with # is a comment (RFC 2483) */
export async function droppedFolder(dropped: Dropped): Promise<string | undefined> {
  const list = (await dropped.get(DROPPED)?.asString()) ?? '';
  return list
    .split(/\r?\n/)
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('#'));
}
