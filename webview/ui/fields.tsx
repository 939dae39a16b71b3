// Small pieces of the settings: a labelled place for controls, and a line that takes whole numbers only.
import type { ComponentChildren } from 'preact';
import { Entry } from './entry';

export function Field({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div class="setting">
      <div class="ar-label">{label}</div>
      <div class="setting-row">{children}</div>
    </div>
  );
}

/** What is no whole number of the range goes back to what was there. */
export function NumberField(properties: {
  readonly name: string;
  readonly value: number;
  readonly minimum: number;
  readonly maximum?: number;
  readonly onNumber: (value: number) => void;
}) {
  const { name, value, minimum, maximum = Infinity, onNumber } = properties;
  const take = (text: string) => {
    const given = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(given) || given < minimum || given > maximum)
      return false;
    onNumber(given);
    return true;
  };
  return <Entry name={name} kind="number" value={String(value)} onEntry={take} />;
}
