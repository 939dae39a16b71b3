// A line to type in. What is being typed is the person's: states that arrive meanwhile do not touch it.
import { useEffect, useRef } from 'preact/hooks';

export function Entry(properties: {
  readonly name: string;
  readonly value: string;
  readonly kind?: 'text' | 'number';
  readonly placeholder?: string;
  /** @returns whether the text is taken; else what was there comes back. */
  readonly onEntry: (text: string) => boolean | void;
}) {
  const { name, value, kind = 'text', placeholder, onEntry } = properties;
  const input = useRef<HTMLInputElement>(null);
  const typing = useRef(false);
  useEffect(() => {
    if (input.current !== null && !typing.current) input.current.value = value;
  }, [value]);
  return (
    <input
      ref={input}
      class={`field ${kind}`}
      type={kind}
      aria-label={name}
      placeholder={placeholder}
      defaultValue={value}
      onInput={() => {
        typing.current = true;
      }}
      onBlur={() => {
        typing.current = false;
      }}
      onChange={(event) => {
        typing.current = false;
        if (onEntry(event.currentTarget.value) === false) event.currentTarget.value = value;
      }}
    />
  );
}
