// The one file behind which the controls' library stands: whoever replaces @vscode/webview-ui-toolkit edits only this.
// Controls the toolkit lacks (slider, one-of-few) are native elements with the same look. No view's knowledge here.
import './focusProbe';
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
} from '@vscode/webview-ui-toolkit/dist/index.js';
import type { ComponentChildren } from 'preact';
import { h } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useUniqueId } from './uniqueId';

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption());

// The toolkit's elements are made with `h`: JSX knows the names of HTML's own elements only.

export function Button(properties: {
  readonly children: ComponentChildren;
  readonly onPress: () => void;
  readonly primary?: boolean;
}) {
  const appearance = properties.primary === true ? 'primary' : 'secondary';
  return h('vscode-button', { appearance, onClick: () => properties.onPress() }, properties.children);
}

/** 24 × 24, named for screen readers and in the tooltip. */
export function IconButton(properties: {
  readonly name: string;
  readonly children: ComponentChildren;
  readonly onPress: () => void;
}) {
  const { name } = properties;
  const named = { appearance: 'icon', 'aria-label': name, title: name };
  return h('vscode-button', { ...named, onClick: () => properties.onPress() }, properties.children);
}

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

export function Dropdown<Value extends string>(properties: {
  readonly name: string;
  readonly value: Value;
  readonly choices: ReadonlyArray<Choice<Value>>;
  readonly onChoose: (value: Value) => void;
}) {
  const element = useRef<HTMLElement & { value: string }>(null);
  const { choices, onChoose, value } = properties;
  // The toolkit's element owns its value: it is set after its options exist, and again when either changes.
  useEffect(() => {
    const dropdown = element.current;
    if (dropdown !== null && dropdown.value !== value) dropdown.value = value;
  }, [value, choices]);
  const onChange = () => {
    const chosen = choices.find((choice) => choice.value === element.current?.value);
    if (chosen !== undefined && chosen.value !== value) onChoose(chosen.value);
  };
  return h(
    'vscode-dropdown',
    { ref: element, 'aria-label': properties.name, title: properties.name, onChange },
    choices.map((choice) =>
      h(
        'vscode-option',
        { key: choice.value, value: choice.value, selected: choice.value === value },
        choice.label,
      ),
    ),
  );
}

/** One of two or three, all visible. */
export function Segments<Value extends string>(properties: {
  readonly name: string;
  readonly value: Value;
  readonly choices: ReadonlyArray<Choice<Value>>;
  readonly onChoose: (value: Value) => void;
}) {
  const group = useUniqueId();
  return (
    <fieldset class="ar-seg" aria-label={properties.name}>
      {properties.choices.map((choice) => (
        <label key={choice.value}>
          <input
            type="radio"
            name={group}
            checked={choice.value === properties.value}
            onChange={() => properties.onChoose(choice.value)}
          />
          {choice.label}
        </label>
      ))}
    </fieldset>
  );
}

/** `onSlide` follows the thumb; `label` is what the value means in words. */
export function Slider(properties: {
  readonly name: string;
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly step: number;
  readonly label: string;
  readonly onSlide: (value: number) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const share = (properties.value - properties.minimum) / (properties.maximum - properties.minimum);
  useEffect(() => {
    input.current?.style.setProperty('--ar-share', `${share * 100}%`);
  }, [share]);
  return (
    <input
      ref={input}
      class="ar-slider"
      type="range"
      aria-label={properties.name}
      aria-valuetext={properties.label}
      min={properties.minimum}
      max={properties.maximum}
      step={properties.step}
      value={properties.value}
      onInput={(event) => properties.onSlide(event.currentTarget.valueAsNumber)}
    />
  );
}

/** A 2 px line: how far (0 to 1), or moving where nobody knows. */
export function Progress(properties: { readonly name: string; readonly share: number | undefined }) {
  const bar = useRef<HTMLElement>(null);
  const { share } = properties;
  useEffect(() => {
    if (bar.current !== null) bar.current.style.transform = share === undefined ? '' : `scaleX(${share})`;
  }, [share]);
  return (
    <div
      role="progressbar"
      aria-label={properties.name}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(share === undefined ? {} : { 'aria-valuenow': Math.round(share * 100) })}
      class={share === undefined ? 'ar-progress ar-progress-unknown' : 'ar-progress'}
    >
      <i ref={bar} />
    </div>
  );
}
