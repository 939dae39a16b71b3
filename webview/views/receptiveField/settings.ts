// What a person chose in the receptive field view; kept with the view by VS Code, and given back to the host after a reload.
import type { FieldSettings, KernelMaskParams } from '../../../src/protocol/receptiveField';
import type { FieldWish } from '../../../src/protocol/receptiveFieldView';

export interface Settings {
  /** What is looked into: 'none', or a spec's or a run's path. */
  readonly kind: string;
  readonly path: string;
  /** The builder's settings that are not the subject's, as JSON: VS Code keeps flat values here. */
  readonly changed: string;
  /** The output that is wished for; -1: the middle. */
  readonly row: number;
  readonly column: number;
  readonly channel: number;
  /** Layers that are looked at; 0: as many as the network has. */
  readonly depth: number;
  /** Which channel of the inputs is drawn. */
  readonly plane: number;
  /** Whose sensitivity is drawn: this output's, or any output's. */
  readonly over: 'here' | 'everywhere';
  /** Whether the order of generation is drawn. */
  readonly order: 'hidden' | 'drawn';
  /** The kernel of the mask builder. */
  readonly maskKernel: number;
  readonly maskType: KernelMaskParams['type'];
  readonly maskChannels: number;
  readonly maskOrder: string;
}

export const DEFAULTS: Settings = {
  kind: 'none',
  path: '',
  changed: '{}',
  row: -1,
  column: -1,
  channel: 0,
  depth: 0,
  plane: 0,
  over: 'here',
  order: 'hidden',
  maskKernel: 5,
  maskType: 'A',
  maskChannels: 3,
  maskOrder: '012',
};

export function changedOf({ changed }: Settings): Partial<FieldSettings> {
  return JSON.parse(changed) as Partial<FieldSettings>;
}

export function wishOf(settings: Settings): FieldWish {
  const { row, column, channel } = settings;
  return {
    settings: changedOf(settings),
    channel,
    ...(row >= 0 && column >= 0 ? { position: [row, column] as const } : {}),
  };
}

export function maskWish({ maskKernel, maskType, maskChannels, maskOrder }: Settings): KernelMaskParams {
  const order = maskChannels === 1 ? [0] : [...maskOrder].map(Number);
  return { kernel: maskKernel, type: maskType, channels: maskChannels, order };
}
