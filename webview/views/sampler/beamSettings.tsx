// What a beam search is set to: width, length, how hypotheses of different lengths compare; and what begins or ends it.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LengthRule } from '../../../src/protocol/sample';
import type { BeamSettings } from '../../../src/protocol/sampler';
import { Button, Segments, Slider } from '../../ui/controls';
import { Quantity } from '../../ui/figure';
import { Field, NumberField } from '../../ui/fields';

const REST = 120;
/** What the engine takes for a picture. */
const WIDEST = 16;
const LONGEST = 64;
const STRONGEST = 3;

export function BeamSettingsBar(properties: {
  readonly settings: BeamSettings;
  readonly searching: boolean;
  readonly onChange: (settings: BeamSettings) => void;
  readonly onSearch: () => void;
  readonly onStop: () => void;
}) {
  const { searching, onChange, onSearch, onStop } = properties;
  const [settings, setSettings] = useState(properties.settings);
  const timer = useRef(0);
  // The host's answer to an older position must not pull the thumb back.
  useEffect(() => {
    if (timer.current === 0) setSettings(properties.settings);
  }, [properties.settings]);
  const change = (part: Partial<BeamSettings>) => {
    const next = { ...settings, ...part };
    setSettings(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      timer.current = 0;
      onChange(next);
    }, REST);
  };
  const search = () => {
    // Settings that do not rest yet are those to search with.
    if (timer.current !== 0) onChange(settings);
    window.clearTimeout(timer.current);
    timer.current = 0;
    onSearch();
  };
  const { width, length, lengthPenalty, lengthRule } = settings;
  const penalty = lengthPenalty === 0 ? 'off' : lengthPenalty.toFixed(1);
  return (
    <div class="settings" role="group" aria-label="How the beam searches">
      <Field label="Width">
        <NumberField
          name="Hypotheses that the beam keeps"
          value={width}
          minimum={1}
          maximum={WIDEST}
          onNumber={(next) => change({ width: next })}
        />
        <span class="ar-label">hypotheses</span>
      </Field>
      <Field label="Length, at most">
        <NumberField
          name="Tokens that the beam adds"
          value={length}
          minimum={1}
          maximum={LONGEST}
          onNumber={(next) => change({ length: next })}
        />
        <span class="ar-label">tokens</span>
      </Field>
      <div class="knob">
        <div class="ar-row ar-label">
          <span>Length penalty α</span>
          <b>
            <Quantity text={penalty} unit="length penalty" hideUnit />
          </b>
        </div>
        <Slider
          name="Length penalty"
          value={Math.min(STRONGEST, lengthPenalty)}
          minimum={0}
          maximum={STRONGEST}
          step={0.1}
          label={penalty}
          onSlide={(to) => change({ lengthPenalty: Number(to.toFixed(1)) })}
        />
      </div>
      <Field label="Score: log p divided by">
        <span data-quote="">
          <Segments<LengthRule>
            name="What the log-probability is divided by"
            value={lengthRule}
            choices={[
              { value: 'gnmt', label: '((5+n)/6)^α' },
              { value: 'power', label: 'n^α' },
            ]}
            onChoose={(next) => change({ lengthRule: next })}
          />
        </span>
      </Field>
      <div class="setting go">
        {searching ? (
          <Button onPress={onStop}>Cancel Search</Button>
        ) : (
          <Button onPress={search}>Search</Button>
        )}
      </div>
    </div>
  );
}
