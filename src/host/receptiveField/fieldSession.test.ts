// The receptive field session over a stub engine: the newest wish wins, what was shown stays, tasks are told and stopped; and
// what a view kept is believed only where it fits.
import { describe, expect, it, vi } from 'vitest';
import type { CallOptions, Client } from '../../protocol/calls';
import type { EngineCalls, InspectProgress } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type { FieldSubject } from '../../protocol/receptiveFieldView';
import { FieldSession } from './fieldSession';
import { keptField } from './keptField';

const SETTINGS = {
  height: 4,
  width: 4,
  channels: 1,
  layers: 2,
  kernel: 3,
  firstKernel: 3,
  families: ['pixelcnn'],
};

/** Answers when it is let go; everything that was asked is kept. */
function stub() {
  const asked: Array<{ readonly method: string; readonly params: Record<string, unknown> }> = [];
  const waiting: Array<() => void> = [];
  const held = { hold: false, fail: undefined as Error | undefined };
  const call = async (
    method: string,
    params: Record<string, unknown>,
    { signal, onProgress }: CallOptions<InspectProgress> = {},
  ): Promise<unknown> => {
    asked.push({ method, params });
    if (held.hold) await new Promise<void>((resolve) => waiting.push(resolve));
    if (signal?.aborted === true) throw new ArLensError('cancelled', 'Cancelled.');
    if (held.fail !== undefined) throw held.fail;
    const position = params['position'] ?? [2, 2];
    if (method === 'receptiveField') return { settings: SETTINGS, position, channel: 0, stacks: [] };
    if (method === 'measureField') {
      await onProgress?.({ done: 0, of: 1, doing: 'seed 1', share: 0.5 });
      return { settings: SETTINGS, position, channel: 0, stacks: [] };
    }
    return { method, stacks: [] };
  };
  const release = (): void => waiting.shift()?.();
  return { call: call as unknown as Client<EngineCalls>, asked, held, release };
}

function session(subject: FieldSubject = { kind: 'none' }) {
  const engine = stub();
  const read = () => (subject.kind === 'spec' ? { spec: subject.path, text: 'as it stands' } : undefined);
  const made = new FieldSession(engine.call, { subject, name: 'x', read }, { settings: {} });
  const told: string[] = [];
  made.changes.on((what) => told.push(what));
  return { ...engine, made, told };
}

describe('a receptive field session', () => {
  it('asks one question at a time, and of those that wait the last only', async () => {
    const { made, asked, held, release } = session();
    held.hold = true;
    const all = [
      [0, 0],
      [0, 1],
      [0, 2],
      [0, 3],
    ].map(([row = 0, column = 0]) => made.look({ settings: {}, position: [row, column] }));
    release();
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    release();
    await Promise.all(all);
    expect(asked.map(({ params }) => params['position'])).toEqual([
      [0, 0],
      [0, 3],
    ]);
    expect(made.report?.position).toEqual([0, 3]);
  });

  it('keeps what it shows when the next cannot be had, and says why', async () => {
    const { made, held, told } = session();
    await made.look();
    held.fail = new ArLensError('badInput', 'kernel: expected an odd number.');
    await made.look({ settings: { kernel: 4 } });
    expect(made.report).toBeDefined();
    expect(made.problem?.message).toBe('kernel: expected an odd number.');
    expect(told).toEqual(['whole', 'whole', 'report']);
    held.fail = undefined;
    await made.lookIfNeeded();
    expect(made.problem).toBeUndefined();
  });

  it('is cancelled at once, and answers nothing that was given up', async () => {
    const { made, held, release } = session();
    held.hold = true;
    const running = made.look();
    made.cancel();
    expect(made.problem).toMatchObject({ reason: 'cancelled' });
    release();
    await running;
    expect(made.report).toBeUndefined();
  });

  it('asks about the spec as it stands, and again when it was edited', async () => {
    vi.useFakeTimers();
    const { made, asked } = session({ kind: 'spec', path: '/a.arlens.json' });
    await made.look();
    made.sourceChanged();
    made.sourceChanged();
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked.map(({ params }) => params['subject'])).toEqual(
      Array.from({ length: 2 }, () => ({ spec: '/a.arlens.json', text: 'as it stands' })),
    );
    vi.useRealTimers();
  });

  it('asks again when an engine that was gone is back', async () => {
    const { made, held } = session();
    held.fail = new ArLensError('engineGone', 'The engine was killed.');
    await made.look();
    expect(made.engineIsGone).toBe(true);
    held.fail = undefined;
    made.engineChanged({ state: 'ready', sentence: '', action: '' });
    await vi.waitFor(() => expect(made.report).toBeDefined());
  });

  it('measures when it is told to, and the next output by itself', async () => {
    const { made, asked } = session();
    await made.look();
    await made.start('measured');
    expect(made.measured.state).toMatchObject({ state: 'done', result: { position: [2, 2] } });
    await made.look({ settings: {}, position: [1, 1] });
    await vi.waitFor(() => expect(made.measured.state.result?.position).toEqual([1, 1]));
    expect(asked.filter(({ method }) => method === 'measureField')).toHaveLength(2);
  });

  it('stops a task, and says why one failed', async () => {
    const { made, held, release } = session();
    await made.look();
    held.hold = true;
    const running = made.start('measured');
    expect(made.measured.state.state).toBe('running');
    made.measured.stop();
    expect(made.measured.state).toMatchObject({ state: 'cancelled', result: null });
    release();
    await running;
    held.hold = false;
    await made.start('effective');
    expect(made.effective.state).toMatchObject({
      state: 'failed',
      sentence: expect.stringContaining('trained run') as string,
    });
    await made.start('gates', { layer: 3, image: 2 });
    expect(made.gates.state.state).toBe('failed');
  });

  it('looks at the gates of the layer and the image that are named, and of a batch without one', async () => {
    const { made, asked } = session({ kind: 'run', path: '/r' });
    await made.start('gates', { layer: 3, image: 2 });
    await made.start('gates');
    expect(asked).toEqual([
      { method: 'gates', params: { model: '/r', layer: 3, image: 2 } },
      { method: 'gates', params: { model: '/r', layer: 3 } },
    ]);
    expect(made.gates.state.state).toBe('done');
  });

  it('lets go of everything, and tells nobody', async () => {
    const { made, held, told, release } = session();
    held.hold = true;
    const running = made.look();
    const before = told.length;
    made.dispose();
    release();
    await running;
    expect(told).toHaveLength(before);
    expect(made.report).toBeUndefined();
  });
});

describe('what a view kept', () => {
  it('comes back as it was', () => {
    const changed = JSON.stringify({ kernel: 5, families: ['pixelcnn', 'toyRaster'], order: 'snake' });
    expect(keptField({ kind: 'run', path: '/r', changed, row: 3, column: 4, channel: 1 })).toEqual({
      subject: { kind: 'run', path: '/r' },
      wish: {
        settings: { kernel: 5, families: ['pixelcnn', 'toyRaster'], order: 'snake' },
        position: [3, 4],
        channel: 1,
      },
    });
  });

  it.each([
    undefined,
    7,
    'x',
    {},
    { kind: 'run' },
    { kind: 'spec', path: '' },
    { changed: '{', row: -1, column: 'x' },
  ])('is the builder where it is nonsense: %j', (state) =>
    expect(keptField(state)).toEqual({ subject: { kind: 'none' }, wish: { settings: {} } }),
  );

  it('drops settings that are no numbers', () =>
    expect(
      keptField({ changed: JSON.stringify({ kernel: '5', layers: 2.5, height: -1, families: [1] }) }).wish,
    ).toEqual({
      settings: {},
    }));
});
