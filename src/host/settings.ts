// The settings, typed: read at the moment of use, so that a change takes effect without a reload.
import * as vscode from 'vscode';
import type { DeviceChoice } from '../protocol/engine';
import { isMetric, type Metric } from './annotations/metric';
import { SETTINGS } from './ids';

const DEVICE_CHOICES: readonly DeviceChoice[] = ['auto', 'simd', 'webgpu', 'tensorflow', 'cpu'];

export interface AnnotationSettings {
  /** A model folder, absolute or relative to a workspace folder; empty when none is set. */
  readonly model: string;
  readonly metric: Metric;
  /** Bits below which nothing is drawn. */
  readonly threshold: number;
  readonly lineEnds: boolean;
  readonly codeLens: boolean;
  readonly overviewRuler: boolean;
}

export function annotationSettings(): AnnotationSettings {
  const metric = read<string>(SETTINGS.metric, 'surprisal');
  const threshold = read<number>(SETTINGS.threshold, 3);
  return {
    model: read(SETTINGS.model, ''),
    metric: isMetric(metric) ? metric : 'surprisal',
    threshold: Number.isFinite(threshold) ? Math.min(16, Math.max(0, threshold)) : 3,
    lineEnds: read(SETTINGS.lineEnds, true),
    codeLens: read(SETTINGS.codeLens, true),
    overviewRuler: read(SETTINGS.overviewRuler, true),
  };
}

export interface EngineSettings {
  readonly device: DeviceChoice;
  /** Undefined: the best that works. */
  readonly instructionSet: string | undefined;
  readonly nodePath: string | undefined;
}

export function engineSettings(): EngineSettings {
  const device = read<string>(SETTINGS.device, 'auto');
  const instructionSet = read<string>(SETTINGS.instructionSet, 'auto');
  const nodePath = machineOnly(SETTINGS.nodePath).trim();
  return {
    device: DEVICE_CHOICES.find((choice) => choice === device) ?? 'auto',
    instructionSet: instructionSet === 'auto' || instructionSet === '' ? undefined : instructionSet,
    nodePath: nodePath === '' ? undefined : nodePath,
  };
}

export async function writeSetting(
  key: (typeof SETTINGS)[keyof typeof SETTINGS],
  value: unknown,
): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  const inWorkspace = configuration.inspect(key)?.workspaceValue !== undefined;
  await configuration.update(
    key,
    value,
    inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
  );
}

export function changed(event: vscode.ConfigurationChangeEvent, ...keys: readonly string[]): boolean {
  return keys.some((key) => event.affectsConfiguration(key));
}

function read<T extends string | number | boolean>(key: string, fallback: T): T {
  const value = vscode.workspace.getConfiguration().get<unknown>(key);
  return typeof value === typeof fallback ? (value as T) : fallback;
}

/** An executable's path: never from a workspace, whatever the editor would let through. */
function machineOnly(key: string): string {
  const value = vscode.workspace.getConfiguration().inspect<unknown>(key)?.globalValue;
  return typeof value === 'string' ? value : '';
}
