// What is read of a drop: lists as different desktops write them.
import { expect, it } from 'vitest';
import { droppedFolder, DROPPED } from './droppedFolder';

const drop = (list: string, type = DROPPED) => ({
  get: (asked: string) => (asked === type ? { asString: () => Promise.resolve(list) } : undefined),
});

it.each([
  ['one folder', 'file:///models/gpt2', 'file:///models/gpt2'],
  ['the first of several', 'file:///a\r\nfile:///b\r\n', 'file:///a'],
  ['what stands after comments and empty lines', '# from a desktop\n\nfile:///a%20b\n', 'file:///a%20b'],
  ['a folder elsewhere', 'vscode-remote://ssh-remote/x', 'vscode-remote://ssh-remote/x'],
  ['nothing of an empty list', '', undefined],
  ['nothing of comments', '#a\n#b', undefined],
])('takes %s', async (_, list, expected) => {
  expect(await droppedFolder(drop(list))).toBe(expected);
});

it('takes nothing of another type', async () => {
  expect(await droppedFolder(drop('file:///a', 'text/plain'))).toBeUndefined();
});
