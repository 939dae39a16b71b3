// What a curve says at the focus, in words. Pure.
import { formatCount } from '../../ui/format';
import type { Analysis } from './analysis';

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
