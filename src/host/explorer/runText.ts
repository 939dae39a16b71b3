// A run in words: its figure with unit and badge, how far it came, when it was made. Pure text.
import type { Loss, RunRecord } from '../../protocol/run';
import { grouped } from '../annotations/numbers';

/** The loss in bits per byte where the bytes per element are known, else per element. */
export function lossText(loss: Loss, bytesPerElement: number): string {
  if (bytesPerElement > 0) return `${(loss.bits / bytesPerElement).toFixed(3)} bits/byte ${loss.badge}`;
  // A dimension of an image is a sub-pixel.
  const unit = loss.unit === 'subpixel' ? 'dim' : loss.unit;
  return `${loss.bits.toFixed(3)} bits/${unit} ${loss.badge}`;
}

/** What the figure is the mean of. */
export function lossCount(loss: Loss): string {
  return `over ${grouped(loss.count)} held-out ${plural(loss.unit)}`;
}

/** A record that says "running" with no job here: its window was closed or its process killed. */
export function restStatus(status: RunRecord['status']): RunRecord['status'] {
  return status === 'running' || status === 'paused' || status === 'preparing' ? 'stopped' : status;
}

export function progressText(record: RunRecord): string {
  const steps = `${grouped(record.step)} of ${grouped(record.steps)} steps`;
  switch (record.status) {
    case 'done':
      return `${grouped(record.step)} steps`;
    case 'running':
      return steps;
    case 'preparing':
    case 'paused':
    case 'stopped':
    case 'failed':
      return `${record.status} at ${steps}`;
    default:
      return record.status satisfies never;
  }
}

/** Share of the steps that are done, 0 to 1. */
export const share = (record: RunRecord): number =>
  record.steps > 0 ? Math.min(1, record.step / record.steps) : 0;

export function runDescription(record: RunRecord): string {
  const parts = [progressText(record)];
  const best = record.best?.validation ?? record.validation;
  if (best !== undefined) parts.unshift(lossText(best, record.data.bytesPerElement));
  if (record.status === 'running') parts.push(`${Math.floor(share(record) * 100)} %`);
  return parts.join(' · ');
}

export function parametersText(count: number): string {
  if (count >= 1e6) return `${(count / 1e6).toPrecision(3)} M parameters`;
  if (count >= 1e3) return `${(count / 1e3).toPrecision(3)} k parameters`;
  return `${count} parameters`;
}

const plural = (unit: string): string =>
  unit === 'subpixel' ? 'sub-pixels' : unit.endsWith('s') ? unit : `${unit}s`;
