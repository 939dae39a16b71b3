// What a curve says at the focus, in words, and where a key moves the focus along it. Pure.
import { formatCount } from '../../ui/format';
import { moveByKey } from '../../ui/keyboard';
import type { Analysis } from './analysis';

/** Steps of an arrow key over the whole file. */
const STEPS = 100;

/** For screen readers: 'byte 12 of 687: 40.1 bits so far'. */
export function curveText(
  analysis: Analysis,
  kind: 'cumulative' | 'rolling',
  window: number,
  byte: number,
): string {
  const total = analysis.first.columns.totalBytes;
  const read = (which: 'first' | 'second'): string | undefined => {
    const scored = analysis[which];
    if (scored === undefined) return undefined;
    const token = scored.columns.atByte(byte);
    const named = analysis.second === undefined ? '' : `, ${scored.run.label}`;
    if (kind === 'cumulative')
      return `${(scored.columns.before[token + 1] ?? 0).toFixed(1)} bits so far${named}`;
    const value = analysis.rolling(which, window)?.[token] ?? NaN;
    if (Number.isNaN(value)) return `not scored${named}`;
    return `${value.toFixed(3)} bits/byte over the last ${window} bytes${named}`;
  };
  const said = [read('first'), read('second')].filter((each) => each !== undefined).join('; ');
  return `byte ${formatCount(byte + 1)} of ${formatCount(total)}: ${said}`;
}

/** The byte that a key moves to; undefined when it does not move. */
export function byteByKey(key: string, byte: number, total: number): number | undefined {
  if (key === 'Home' || key === 'End') return key === 'Home' ? 0 : Math.max(0, total - 1);
  const step = Math.max(1, Math.round(total / STEPS));
  const moved = moveByKey(key, STEPS, 2 * STEPS);
  if (moved === undefined || total === 0) return undefined;
  return Math.min(total - 1, Math.max(0, byte + (moved - STEPS) * step));
}
