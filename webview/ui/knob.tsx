// A number as a slider with its value above it, and settings that are told to others once the hand rests.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Slider } from './controls';
import { Quantity } from './figure';

const REST = 120;

export interface KnobRange {
  readonly label: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly step: number;
  readonly digits: number;
}

/** @param properties.text the value as it is said, "off" where it does nothing */
export function KnobSlider(properties: {
  readonly range: KnobRange;
  readonly value: number;
  readonly text: string;
  readonly onSlide: (value: number) => void;
}) {
  const { range, value, text, onSlide } = properties;
  const { label, minimum, maximum, step, digits } = range;
  return (
    <div class="knob">
      <div class="ar-row ar-label">
        <span>{label}</span>
        <b>
          <Quantity text={text} unit={label} hideUnit />
        </b>
      </div>
      <Slider
        name={label}
        value={Math.min(maximum, Math.max(minimum, value))}
        minimum={minimum}
        maximum={maximum}
        step={step}
        label={text}
        onSlide={(to) => onSlide(Number(to.toFixed(digits)))}
      />
    </div>
  );
}

/** Settings as they are under the hand: the host's until one is changed, told to it when the hand rests. */
export function useRested<Settings>(
  given: Settings,
  onRest: (settings: Settings) => void,
): readonly [Settings, (settings: Settings) => void] {
  const [settings, setSettings] = useState(given);
  const timer = useRef(0);
  // The host's answer to an older position must not pull the thumb back.
  useEffect(() => {
    if (timer.current === 0) setSettings(given);
  }, [given]);
  const change = (next: Settings) => {
    setSettings(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      timer.current = 0;
      onRest(next);
    }, REST);
  };
  return [settings, change];
}
