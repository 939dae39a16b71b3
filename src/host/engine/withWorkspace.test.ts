// Which calls are told of the open folder: those whose data a spec or a run names, and no others.
import { expect, it } from 'vitest';
import { withWorkspace } from './withWorkspace';

const folderOf = (path: string): string | undefined => (path.startsWith('/w/') ? '/w' : undefined);
const spec = '/w/specs/a.arlens.json';

it('a spec is sent with the open folder that it lies in', () => {
  expect(withWorkspace('mask', { spec, text: '{}' }, folderOf)).toEqual({
    spec,
    text: '{}',
    workspace: '/w',
  });
  expect(withWorkspace('receptiveField', { subject: { spec } }, folderOf)).toEqual({
    subject: { spec, workspace: '/w' },
  });
  expect(withWorkspace('checkSpec', { path: spec, text: '' }, folderOf)).toEqual({
    path: spec,
    text: '',
    workspace: '/w',
  });
});

it('a run is, where the images that it held out are read', () => {
  const run = { model: '/w/specs/.arlens/runs/a/1', layer: 1 };
  expect(withWorkspace('gates', run, folderOf)).toEqual({ ...run, workspace: '/w' });
  expect(withWorkspace('mask', run, folderOf)).toBe(run);
});

it('what lies in no open folder goes as it is', () => {
  const elsewhere = { spec: '/elsewhere/a.arlens.json' };
  expect(withWorkspace('mask', elsewhere, folderOf)).toBe(elsewhere);
  expect(withWorkspace('describe', undefined, folderOf)).toBeUndefined();
});
