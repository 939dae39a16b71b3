// Temperature, filters, penalty, seed, stop conditions. A slider's end is "off"; nothing is sent before it rests.
import type { SamplerDocument, SamplerSettings } from '../../../src/protocol/sampler';
import type { SamplerChange } from '../../../src/protocol/samplerView';
import { Button } from '../../ui/controls';
import { Field, NumberField } from '../../ui/fields';
import { KnobSlider, useRested, type KnobRange } from '../../ui/knob';
import { StopFields } from './stopFields';

/** A setting as a slider: `off` is the position at which the filter does nothing. */
interface Knob extends KnobRange {
  readonly off?: number;
  readonly read: (settings: SamplerSettings) => number;
  readonly write: (settings: SamplerSettings, value: number) => SamplerSettings;
}

type Optional = 'topK' | 'topP' | 'minP';

function without(settings: SamplerSettings, key: Optional): SamplerSettings {
  const rest = { ...settings };
  Reflect.deleteProperty(rest, key);
  return rest;
}

const filterKnob = (key: Optional, off: number, knob: Omit<Knob, 'off' | 'read' | 'write'>): Knob => ({
  ...knob,
  off,
  read: (settings) => settings[key] ?? off,
  write: (settings, value) => (value === off ? without(settings, key) : { ...settings, [key]: value }),
});

const KNOBS: readonly Knob[] = [
  {
    label: 'Temperature',
    minimum: 0,
    maximum: 2,
    step: 0.05,
    digits: 2,
    read: ({ temperature }) => temperature,
    write: (settings, temperature) => ({ ...settings, temperature }),
  },
  filterKnob('topK', 0, { label: 'top-k', minimum: 0, maximum: 100, step: 1, digits: 0 }),
  filterKnob('topP', 1, { label: 'top-p', minimum: 0.05, maximum: 1, step: 0.01, digits: 2 }),
  filterKnob('minP', 0, { label: 'min-p', minimum: 0, maximum: 0.5, step: 0.01, digits: 2 }),
  {
    label: 'Repetition penalty',
    minimum: 1,
    maximum: 2,
    step: 0.05,
    off: 1,
    digits: 2,
    read: ({ repetitionPenalty }) => repetitionPenalty,
    write: (settings, repetitionPenalty) => ({ ...settings, repetitionPenalty }),
  },
];

export function SettingsBar(properties: {
  readonly document: SamplerDocument;
  /** How the token between texts reads; '' where the tokenizer has none. */
  readonly end: string;
  readonly onChange: (change: SamplerChange) => void;
}) {
  const { document: tree, end, onChange } = properties;
  const [settings, change] = useRested(tree.settings, (next) => onChange({ settings: next }));
  return (
    <div class="settings" role="group" aria-label="How it chooses">
      {KNOBS.map((knob) => (
        <KnobView key={knob.label} knob={knob} settings={settings} onChange={change} />
      ))}
      <Field label="Seed">
        <NumberField
          name="Seed"
          value={settings.seed}
          minimum={0}
          onNumber={(seed) => change({ ...settings, seed })}
        />
        <Button onPress={() => change({ ...settings, seed: settings.seed + 1 })}>Another Seed</Button>
      </Field>
      <Field label="A run adds">
        <NumberField
          name="Tokens that a run adds"
          value={tree.length}
          minimum={1}
          onNumber={(length) => onChange({ length })}
        />
        <span class="ar-label">tokens</span>
      </Field>
      <StopFields
        stop={tree.stop}
        atEnd={tree.stopAtEnd}
        end={end}
        onStop={(stop) => onChange({ stop })}
        onAtEnd={(stopAtEnd) => onChange({ stopAtEnd })}
      />
    </div>
  );
}

function KnobView(properties: {
  readonly knob: Knob;
  readonly settings: SamplerSettings;
  readonly onChange: (settings: SamplerSettings) => void;
}) {
  const { knob, settings, onChange } = properties;
  const value = knob.read(settings);
  const text = value === knob.off ? 'off' : value.toFixed(knob.digits);
  const onSlide = (to: number) => onChange(knob.write(settings, to));
  return <KnobSlider range={knob} value={value} text={text} onSlide={onSlide} />;
}
