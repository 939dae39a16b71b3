// How the images are drawn: temperature, cuts, class and guidance, seed, how many, how fast. A slider's end is "off";
// nothing is sent before it rests.
import type { ImageSamplerSettings } from '../../../src/protocol/imageSampler';
import type { ImageSamplerChange, ImageSamplerContent } from '../../../src/protocol/imageSamplerView';
import { Button, Dropdown } from '../../ui/controls';
import { Field, NumberField } from '../../ui/fields';
import { KnobSlider, useRested, type KnobRange } from '../../ui/knob';
import { classChoice } from './words';

const MOST_IMAGES = 64;
const LARGEST_SEED = 4_294_967_295;
const SPEEDS = [1, 10, 100, 1000, 0] as const;

interface Knob extends KnobRange {
  readonly key: 'temperature' | 'topK' | 'topP' | 'guidance';
  /** Where it does nothing: the setting is then left out. */
  readonly off?: number;
}

const TEMPERATURE: Knob = {
  key: 'temperature',
  label: 'Temperature',
  minimum: 0,
  maximum: 2,
  step: 0.05,
  digits: 2,
};
const TOP_P: Knob = {
  key: 'topP',
  label: 'top-p',
  minimum: 0.05,
  maximum: 1,
  step: 0.01,
  digits: 2,
  off: 1,
};
const GUIDANCE: Knob = {
  key: 'guidance',
  label: 'Guidance',
  minimum: 0,
  maximum: 5,
  step: 0.1,
  digits: 1,
  off: 1,
};
const topK = (levels: number): Knob => ({
  key: 'topK',
  label: 'top-k',
  minimum: 0,
  maximum: levels,
  step: 1,
  digits: 0,
  off: 0,
});

export function SettingsBar(properties: {
  readonly content: ImageSamplerContent;
  readonly onChange: (change: ImageSamplerChange) => void;
}) {
  const { content, onChange } = properties;
  const { choice, model } = content;
  const [settings, change] = useRested(choice.settings, (next) => onChange({ settings: next }));
  const classes = Array.from({ length: model.classes }, (_, label) => ({
    value: String(label),
    label: classChoice(model, label),
  }));
  const knobs = [TEMPERATURE, TOP_P, ...(model.levels > 2 ? [topK(model.levels)] : [])];
  return (
    <div class="settings" role="group" aria-label="How images are drawn">
      {knobs.map((knob) => (
        <KnobView key={knob.key} knob={knob} settings={settings} onChange={change} />
      ))}
      {classes.length === 0 ? null : (
        <Field label="Class">
          <Dropdown
            name="Class"
            value={settings.label === undefined ? '' : String(settings.label)}
            choices={[{ value: '', label: 'none' }, { value: 'each', label: 'each in turn' }, ...classes]}
            onChoose={(label) => change(withLabel(settings, label))}
          />
        </Field>
      )}
      {settings.label === undefined ? null : (
        <KnobView knob={GUIDANCE} settings={settings} onChange={change} />
      )}
      <Field label="Seed">
        <NumberField
          name="Seed"
          value={settings.seed}
          minimum={0}
          maximum={LARGEST_SEED}
          onNumber={(seed) => change({ ...settings, seed })}
        />
        <Button onPress={() => change({ ...settings, seed: (settings.seed + 1) % (LARGEST_SEED + 1) })}>
          Another Seed
        </Button>
      </Field>
      <Field label="Images">
        <NumberField
          name="Images side by side"
          value={choice.count}
          minimum={1}
          maximum={MOST_IMAGES}
          onNumber={(count) => onChange({ count })}
        />
      </Field>
      <Field label="Speed">
        <Dropdown
          name="Speed"
          value={String(choice.perSecond)}
          choices={SPEEDS.map((each) => ({
            value: String(each),
            label: each === 0 ? 'as fast as it goes' : `${each} a second`,
          }))}
          onChoose={(perSecond) => onChange({ perSecond: Number(perSecond) })}
        />
      </Field>
    </div>
  );
}

function withLabel(settings: ImageSamplerSettings, label: string): ImageSamplerSettings {
  if (label !== '') return { ...settings, label: label === 'each' ? label : Number(label) };
  return without(without(settings, 'label'), 'guidance');
}

function without(settings: ImageSamplerSettings, key: keyof ImageSamplerSettings): ImageSamplerSettings {
  const rest = { ...settings };
  Reflect.deleteProperty(rest, key);
  return rest;
}

function KnobView(properties: {
  readonly knob: Knob;
  readonly settings: ImageSamplerSettings;
  readonly onChange: (settings: ImageSamplerSettings) => void;
}) {
  const { knob, settings, onChange } = properties;
  const { key, digits, off } = knob;
  const value = settings[key] ?? off ?? 1;
  const text = value === off && key !== 'guidance' ? 'off' : value.toFixed(digits);
  return (
    <KnobSlider
      range={knob}
      value={value}
      text={text}
      onSlide={(to) => onChange(to === off ? without(settings, key) : { ...settings, [key]: to })}
    />
  );
}
