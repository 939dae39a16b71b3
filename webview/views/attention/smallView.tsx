// The small maps as a control: one of them is chosen by click or arrow keys, and said to screen readers.
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { AttentionContent, AttentionLook } from '../../../src/protocol/attentionView';
import type { Theme } from '../../ui/theme';
import type { MapColours } from './colours';
import type { SmallMaps } from './smallMaps';
import { entropyText, nameOf } from './words';

export interface SmallViewProperties {
  readonly maps: SmallMaps;
  readonly content: AttentionContent;
  readonly look: AttentionLook;
  readonly width: number;
  readonly theme: Theme;
  readonly colours: MapColours;
  readonly row: number;
  readonly onLook: (look: AttentionLook) => void;
}

export function SmallView(properties: SmallViewProperties) {
  const { maps, content, look, width, theme, colours, row } = properties;
  const { small, layers, heads, window } = content;
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => element.current?.append(maps.canvas), [maps]);
  useLayoutEffect(
    () => maps.show(small, look, { layers, heads, width }, theme, colours),
    [small, look.kind, layers, heads, width, theme, colours],
  );
  useLayoutEffect(
    () => maps.draw({ look, row, length: window.length }),
    [small, look, layers, heads, width, theme, colours, row, window.length],
  );
  const chosen = indexOf(look, heads);
  const count = look.kind === 'heads' ? layers * heads : layers;
  const choose = (index: number) => {
    if (index !== chosen) properties.onLook(lookAt(look, index, heads));
  };
  const onKey = (event: KeyboardEvent) => {
    const next = moved(event.key, chosen, count, look.kind === 'heads' ? heads : 1);
    if (next === undefined) return;
    event.preventDefault();
    choose(next);
  };
  const broad =
    small === undefined
      ? ''
      : `, mean ${entropyText(small.entropy[chosen] ?? NaN, small.ceiling[look.layer] ?? NaN)}`;
  return (
    <div
      ref={element}
      class="small"
      role="slider"
      tabIndex={0}
      aria-label="Map to show in full"
      aria-valuemin={1}
      aria-valuemax={count}
      aria-valuenow={chosen + 1}
      aria-valuetext={`${nameOf(look)}${broad}`}
      onKeyDown={onKey}
      onClick={({ offsetX, offsetY }) => {
        const index = maps.mapAt(offsetX, offsetY);
        if (index !== undefined) choose(index);
      }}
    />
  );
}

const indexOf = (look: AttentionLook, heads: number): number =>
  look.kind === 'heads' ? look.layer * heads + look.head : look.layer;

export function lookAt(look: AttentionLook, index: number, heads: number): AttentionLook {
  return look.kind === 'heads'
    ? { kind: 'heads', layer: Math.floor(index / heads), head: index % heads }
    : { ...look, layer: index };
}

/** Left and right go along, up and down from layer to layer. */
export function moved(key: string, index: number, count: number, columns: number): number | undefined {
  const to = {
    ArrowRight: index + 1,
    ArrowLeft: index - 1,
    ArrowDown: index + columns,
    ArrowUp: index - columns,
    Home: 0,
    End: count - 1,
  }[key];
  if (to === undefined) return undefined;
  return to >= 0 && to < count ? to : index;
}

/** The map after or before this one: what `]` and `[` do. */
export function neighbour(look: AttentionLook, step: number, layers: number, heads: number): AttentionLook {
  const count = look.kind === 'heads' ? layers * heads : layers;
  const index = Math.min(count - 1, Math.max(0, indexOf(look, heads) + step));
  return lookAt(look, index, heads);
}
