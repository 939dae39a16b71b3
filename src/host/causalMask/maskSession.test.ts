// The mask session over a stub engine: measuring, cancelling, edits, checks as they come, and an engine that ends.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { CallOptions, Client } from '../../protocol/calls';
import type { EngineCalls, InspectProgress } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type { CheckOutcome, MaskReport } from '../../protocol/mask';
import type { EngineStatus } from '../engineState';
import { MaskSession, type MaskSource } from './maskSession';

const report = (length: number): MaskReport => ({ length }) as MaskReport;
const outcome = (id: CheckOutcome['id'], pass = true): CheckOutcome => ({
  id,
  pass,
  value: pass ? 0 : 1,
  tolerance: 0,
  unit: 'leaks',
  detail: `What ${id} found.`,
});
const OUTCOMES = [outcome('causality'), outcome('parity', false)];
const status = (state: EngineStatus['state']): EngineStatus => ({
  state,
  sentence: `The engine is ${state}.`,
  action: '',
  ...(state === 'gone' ? { reason: 'engineGone' as const } : {}),
});

/** Answers when `release` is called, or at once; fails with what `fail` holds. */
function stub() {
  const asked: Array<{ method: string; params: Record<string, unknown> }> = [];
  const held: { wait?: Promise<void>; fail?: Error } = {};
  const call = async (
    method: string,
    params: Record<string, unknown>,
    options: CallOptions<InspectProgress & CheckOutcome>,
  ): Promise<unknown> => {
    asked.push({ method, params });
    if (held.fail !== undefined) throw held.fail;
    const { signal } = options;
    if (signal?.aborted === true) throw new ArLensError('cancelled', 'Cancelled.');
    if (method === 'mask') {
      await options.onProgress?.({ done: 0, of: 2, doing: 'seed 1', share: 0.25 } as InspectProgress &
        CheckOutcome);
    }
    for (const each of method === 'check' ? OUTCOMES : []) {
      await options.onProgress?.(each as InspectProgress & CheckOutcome);
    }
    const aborted = new Promise<never>((_, reject) =>
      signal?.addEventListener('abort', () => reject(new ArLensError('cancelled', 'Cancelled.'))),
    );
    aborted.catch(() => undefined);
    if (held.wait !== undefined) await Promise.race([held.wait, aborted]);
    return method === 'mask' ? report(Number(params['length'] ?? 32)) : { verdict: 'fail', checks: OUTCOMES };
  };
  return { call: call as unknown as Client<EngineCalls>, asked, held };
}

function session(length?: number) {
  const engine = stub();
  const spec = { text: 'one', readable: true };
  const source: MaskSource = {
    subject: { kind: 'spec', uri: 'file:///toy.arlens.json' },
    name: 'toy.arlens.json',
    version: () => spec.text,
    read: () =>
      spec.readable
        ? Promise.resolve({ params: { spec: '/toy.arlens.json', text: spec.text }, version: spec.text })
        : Promise.reject(new ArLensError('notFound', 'The spec is gone.')),
  };
  const shown = new MaskSession(engine.call, source, length);
  const told: string[] = [];
  shown.changes.on((what) => told.push(what));
  return { ...engine, spec, told, shown };
}

describe('a mask session', () => {
  it('measures the text as it stands, at the length that was asked for last', async () => {
    const { shown, asked, told } = session();
    await shown.measure();
    await shown.measure(64);
    await shown.measure();
    expect(asked.map(({ params }) => params)).toEqual([
      { spec: '/toy.arlens.json', text: 'one' },
      { spec: '/toy.arlens.json', text: 'one', length: 64 },
      { spec: '/toy.arlens.json', text: 'one', length: 64 },
    ]);
    expect(shown.report).toEqual(report(64));
    expect(shown.stale).toBe(false);
    // Without a report progress is a state of its own; with one, a part of what stands around it.
    expect(told).toEqual(['whole', 'whole', 'whole', 'part', 'part', 'whole', 'part', 'part', 'whole']);
  });

  it('is cancelled at once, whatever the engine does, and keeps what it had', async () => {
    const { shown, held } = session();
    held.wait = new Promise(() => undefined);
    const running = shown.measure();
    await sleep(0);
    expect(shown.measuring).toBe(true);
    expect(shown.progress?.share).toBe(0.25);
    const begun = performance.now();
    shown.cancel();
    expect(shown.measuring).toBe(false);
    expect(shown.problem).toMatchObject({ reason: 'cancelled' });
    await running;
    expect(performance.now() - begun).toBeLessThan(200);
    delete held.wait;
    await shown.measure();
    held.wait = new Promise(() => undefined);
    const again = shown.measure(8);
    shown.cancel();
    await again;
    expect(shown.report).toEqual(report(32));
    expect(shown.note).toBeUndefined();
  });

  it('is stale after an edit, and measures again when it rests', async () => {
    vi.useFakeTimers();
    const { shown, spec, asked } = session();
    await shown.measure();
    for (const text of ['t', 'tw', 'two']) {
      spec.text = text;
      shown.sourceChanged();
      await vi.advanceTimersByTimeAsync(400);
    }
    expect([shown.stale, asked.length]).toEqual([true, 1]);
    await vi.advanceTimersByTimeAsync(200);
    expect([shown.stale, asked.length]).toEqual([false, 2]);
    expect(asked[1]?.params['text']).toBe('two');
    shown.sourceChanged(); // an event without a change
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(2);
    vi.useRealTimers();
  });

  it('measures again what was edited while it was being measured', async () => {
    const { shown, spec, held } = session();
    let release = (): void => undefined;
    held.wait = new Promise((resolve) => (release = resolve));
    const running = shown.measure();
    await sleep(0);
    spec.text = 'two';
    shown.sourceChanged();
    delete held.wait;
    release();
    await running;
    expect(shown.stale).toBe(true);
    await expect.poll(() => shown.stale).toBe(false);
  });

  it('keeps the last report and says why the spec cannot be measured, until it can', async () => {
    const { shown, spec, held } = session();
    await shown.measure();
    held.fail = new ArLensError('badInput', 'toy.arlens.json: expected a family.');
    spec.text = 'broken';
    await shown.measure();
    expect(shown.report).toEqual(report(32));
    expect(shown.note).toEqual({ sentence: 'toy.arlens.json: expected a family.' });
    expect([shown.stale, shown.engineIsGone]).toEqual([true, false]);
    delete held.fail;
    spec.text = 'whole';
    shown.sourceChanged();
    await expect.poll(() => shown.note).toBeUndefined();
    expect(shown.stale).toBe(false);
  });

  it('a spec that never could be measured is tried again after an edit', async () => {
    const { shown, held } = session();
    held.fail = new ArLensError('badInput', 'toy.arlens.json: expected a family.');
    await shown.measure();
    expect([shown.report, shown.problem?.reason]).toEqual([undefined, 'badInput']);
    delete held.fail;
    shown.sourceChanged();
    await expect.poll(() => shown.report).toEqual(report(32));
  });

  it('says that the engine ended, and measures when it is back what it could not', async () => {
    const { shown, held } = session();
    held.fail = new ArLensError('engineGone', 'The engine was killed.');
    await shown.measure();
    expect(shown.engineIsGone).toBe(true);
    delete held.fail;
    shown.engineChanged(status('gone'));
    shown.engineChanged(status('ready'));
    await expect.poll(() => shown.report).toEqual(report(32));
    shown.engineChanged(status('gone'));
    expect(shown.note?.sentence).toBe('The engine is gone. What is shown was measured before.');
    expect(shown.engineIsGone).toBe(true);
    shown.engineChanged(status('ready'));
    expect([shown.note, shown.engineIsGone]).toEqual([undefined, false]);
  });

  it('tells each check as it comes, and what became of the rest', async () => {
    const { shown, spec, held } = session();
    await shown.measure();
    const states: string[] = [];
    shown.changes.on(() => states.push(`${shown.checks.state} ${shown.checks.outcomes.length}`));
    await shown.check();
    expect(states).toEqual(['running 0', 'running 1', 'running 2', 'done 2']);
    expect(shown.checks).toMatchObject({ verdict: 'fail', outcomes: OUTCOMES, stale: false });
    spec.text = 'two';
    expect(shown.checks.stale).toBe(true);
    held.wait = new Promise(() => undefined);
    const running = shown.check();
    await sleep(0);
    shown.cancelChecks();
    await running;
    expect(shown.checks).toMatchObject({ state: 'cancelled', outcomes: OUTCOMES });
    held.fail = new ArLensError('engineGone', 'The engine was killed.');
    await shown.check();
    expect(shown.checks).toMatchObject({ state: 'failed', sentence: 'The engine was killed.' });
  });

  it('says in one sentence that the spec is gone', async () => {
    const { shown, spec } = session();
    spec.readable = false;
    await shown.measure();
    expect(shown.problem).toMatchObject({ reason: 'notFound', message: 'The spec is gone.' });
    await shown.check();
    expect(shown.checks).toMatchObject({ state: 'failed', sentence: 'The spec is gone.' });
  });

  it('lets go of everything that is under way', async () => {
    const { shown, told, held } = session();
    held.wait = new Promise(() => undefined);
    const running = [shown.measure(), shown.check()];
    await sleep(0);
    const before = told.length;
    shown.dispose();
    await Promise.all(running);
    expect(told).toHaveLength(before);
  });
});
