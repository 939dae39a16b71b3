// After every test a turn of the event loop: what computes on the processor answers in promises alone, and the runner, which
// takes a worker silent for a minute for lost, would hear nothing of a file of them until its end.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach } from 'vitest';

afterEach(() => nextTurn());
