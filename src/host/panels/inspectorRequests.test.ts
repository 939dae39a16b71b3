// The Inspector's questions: one at a time, the last one, the text once for each version, nothing after a stop.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '../../protocol/calls';
import type { EngineCalls } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type { InspectParams, TokenInspection } from '../../protocol/inspect';
import { InspectorRequests } from './inspectorRequests';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An engine that answers with the token it was asked for, and keeps texts until it is `restarted`. */
function engine() {
  const asked: InspectParams[] = [];
  let kept: number | undefined;
  const call = ((_method: string, params: InspectParams) => {
    asked.push(params);
    if (params.text !== undefined) kept = params.version;
    else if (kept !== params.version) return Promise.reject(new ArLensError('notFound', 'not kept'));
    return Promise.resolve({ tokens: params.token } as unknown as TokenInspection);
  }) as unknown as Client<EngineCalls>;
  const requests = new InspectorRequests(call, () => undefined);
  return { asked, requests, restarted: () => (kept = undefined) };
}

const text = vi.fn(() => 'a text');
const question = (token: number, version = 1) => ({
  document: { uri: { toString: () => 'file:///a.txt' }, version, getText: text },
  model: '/run',
  token,
});
const tokens = (answer: unknown) => (answer as TokenInspection | undefined)?.tokens;

describe('questions', () => {
  it('are asked when the cursor rests, the last one only', async () => {
    const { asked, requests } = engine();
    const passed = [1, 2, 3].map((token) => requests.ask(question(token)));
    await vi.runAllTimersAsync();
    expect((await Promise.all(passed)).map(tokens)).toEqual([undefined, undefined, 3]);
    expect(asked.map(({ token }) => token)).toEqual([3]);
    expect(asked[0]).toMatchObject({ top: 20, model: '/run', document: 'file:///a.txt' });
  });

  it('send the text once for each version, and again to an engine that does not have it', async () => {
    const { asked, requests, restarted } = engine();
    const ask = async (token: number, version: number) => {
      const answer = requests.ask(question(token, version));
      await vi.runAllTimersAsync();
      expect(tokens(await answer)).toBe(token);
    };
    await ask(1, 1);
    await ask(2, 1);
    await ask(2, 2);
    restarted();
    await ask(3, 2);
    expect(asked.map((params) => params.text !== undefined)).toEqual([true, false, true, false, true]);
  });

  it('are not asked twice while one is under way, and not answered after a stop', async () => {
    const { asked, requests } = engine();
    const first = requests.ask(question(1));
    expect(await requests.ask(question(1))).toBeUndefined();
    requests.stop();
    await vi.runAllTimersAsync();
    expect(await first).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('come back as one sentence when the engine cannot answer', async () => {
    const call = (() =>
      Promise.reject(new ArLensError('engineGone', 'It ended.'))) as unknown as Client<EngineCalls>;
    const answer = new InspectorRequests(call, () => undefined).ask(question(1));
    await vi.runAllTimersAsync();
    expect(await answer).toMatchObject({ reason: 'engineGone', message: 'It ended.' });
  });
});
