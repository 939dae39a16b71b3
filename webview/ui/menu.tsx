// A button and the list it opens: plain actions, or choices that stay open while they are ticked.
// Keyboard: arrows, Home, End, Enter or space, Escape; focus goes back to the button.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { moveByKey } from './keyboard';
import { useUniqueId } from './uniqueId';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  /** Set: a choice that is on or off. Not set: an action. */
  readonly checked?: boolean;
}

export function Menu(properties: {
  readonly name: string;
  readonly items: readonly MenuItem[];
  readonly onChoose: (id: string) => void;
  /** Draws the opener: 'text' as a drop-down, else an icon button. */
  readonly look: 'text' | 'icon';
  readonly children: ComponentChildren;
}) {
  const { items } = properties;
  const [open, setOpen] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const root = useRef<HTMLDivElement>(null);
  const id = useUniqueId();

  useLayoutEffect(() => {
    if (!open) return undefined;
    focusItem(list.current, 0);
    const close = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', close);
    return () => document.removeEventListener('pointerdown', close);
  }, [open]);

  const leave = () => {
    setOpen(false);
    opener.current?.focus();
  };
  const choose = (item: MenuItem) => {
    properties.onChoose(item.id);
    if (item.checked === undefined) leave();
  };
  const onKey = (event: KeyboardEvent, index: number, item: MenuItem) => {
    const next = moveByKey(event.key, index, items.length);
    if (next !== undefined) focusItem(list.current, next);
    else if (event.key === 'Enter' || event.key === ' ') choose(item);
    else if (event.key === 'Escape') leave();
    else if (event.key === 'Tab') return setOpen(false);
    else return;
    event.preventDefault();
  };

  return (
    <div class="ar-menu" ref={root}>
      <button
        ref={opener}
        type="button"
        class={properties.look === 'text' ? 'ar-opener' : 'ar-icon'}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        aria-label={properties.name}
        title={properties.name}
        onClick={() => setOpen(!open)}
      >
        {properties.children}
      </button>
      {open ? (
        <ul ref={list} id={id} role="menu" aria-label={properties.name}>
          {items.map((item, index) => (
            <li
              key={item.id}
              tabIndex={-1}
              title={item.label}
              {...(item.checked === undefined
                ? { role: 'menuitem' as const }
                : { role: 'menuitemcheckbox' as const, 'aria-checked': item.checked })}
              onClick={() => choose(item)}
              onKeyDown={(event) => onKey(event, index, item)}
            >
              {item.checked === undefined ? null : <i aria-hidden="true">{item.checked ? '✓' : ''}</i>}
              <span data-quote="">{item.label}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function focusItem(list: HTMLUListElement | null, index: number): void {
  const item = list?.children[index];
  if (item instanceof HTMLElement) item.focus();
}
