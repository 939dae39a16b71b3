// The linked selection: what fires, what does not, and what is left when a document goes.
import { describe, expect, it } from 'vitest';
import { Selection, type TokenSelection } from './selection';

const at = (token: number, changes: Partial<TokenSelection> = {}): TokenSelection => ({
  document: 'file:///a.txt',
  version: 1,
  token,
  source: 'editor',
  ...changes,
});

function recorded() {
  const selection = new Selection();
  const heard: string[] = [];
  selection.changes.on(({ document, version, token, source }) =>
    heard.push(`${document.slice(-5)} ${version} ${token} ${source}`),
  );
  selection.reveals.on(({ token }) => heard.push(`reveal ${token}`));
  selection.forgotten.on((document) => heard.push(`forgot ${document.slice(-5)}`));
  return { selection, heard };
}

describe('the selected token', () => {
  it('is told once, so that followers who also set it do not go in circles', () => {
    const { selection, heard } = recorded();
    selection.changes.on(({ token }) => selection.select(at(token, { source: 'view' })));
    selection.select(at(3));
    selection.select(at(3, { source: 'view' }));
    expect(heard).toEqual(['a.txt 1 3 editor']);
  });

  it('is another one in another version of the text', () => {
    const { selection, heard } = recorded();
    selection.select(at(3));
    selection.select(at(3, { version: 2 }));
    expect(heard).toHaveLength(2);
    expect(selection.current?.version).toBe(2);
  });

  it('is kept for each document, and told again on coming back', () => {
    const { selection, heard } = recorded();
    const other = { document: 'file:///b.txt' };
    selection.select(at(3));
    selection.select(at(7, other));
    selection.select(at(3));
    expect(heard).toHaveLength(3);
    expect(selection.of('file:///b.txt')?.token).toBe(7);
  });

  it('scrolls only when a reveal is asked for, also for a token that is selected already', () => {
    const { selection, heard } = recorded();
    selection.select(at(3));
    selection.reveal(at(3, { source: 'view' }));
    expect(heard).toEqual(['a.txt 1 3 editor', 'reveal 3']);
  });

  it('goes with its document', () => {
    const { selection, heard } = recorded();
    selection.select(at(3));
    selection.forget('file:///b.txt');
    selection.forget('file:///a.txt');
    selection.forget('file:///a.txt');
    expect(heard).toEqual(['a.txt 1 3 editor', 'forgot a.txt']);
    expect(selection.current).toBeUndefined();
  });
});
