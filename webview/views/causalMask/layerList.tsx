// Every layer's mask as a small picture, and all of them together: choosing one shows it in full.
import { useId, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { MaskReport } from '../../../src/protocol/mask';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import type { Theme } from '../../ui/theme';
import { inBlocks, openCells, type Blocks } from './cells';
import { paintSmall } from './painter';
import { layerKind, layerName } from './words';

const SIDE = 64;

export function LayerList(properties: {
  readonly report: MaskReport;
  /** From 1; 0: all layers together. */
  readonly layer: number;
  readonly theme: Theme;
  readonly onChoose: (layer: number) => void;
}) {
  const { report, layer, theme, onChoose } = properties;
  const { masks, length, causality, declared } = report;
  const group = useId();
  const all = useMemo(() => {
    // Layers of one kind have the same cells.
    const known = new Map<Uint8Array, { readonly small: Blocks; readonly open: number }>();
    return [declared, ...masks.map(({ cells }) => cells)].map((cells) => {
      const found = known.get(cells) ?? {
        small: inBlocks(openCells(cells, length, causality), Math.ceil(length / SIDE)),
        open: cells.reduce((sum, cell) => sum + cell, 0),
      };
      known.set(cells, found);
      return found;
    });
  }, [report]);
  return (
    <fieldset class="layers" aria-label="Mask to show in full">
      {all.map(({ small, open }, at) => {
        const mask = masks[at - 1];
        return (
          <label key={at} class={at === layer ? 'on' : ''}>
            <input type="radio" name={group} checked={at === layer} onChange={() => onChoose(at)} />
            <SmallMask blocks={small} theme={theme} />
            <span class="name">
              <Quote>{mask === undefined ? 'All layers together' : layerName(mask)}</Quote>
            </span>
            <span class="ar-label">
              {mask === undefined ? 'declared' : <Quote>{layerKind(mask)}</Quote>}
              {', '}
              <Quantity text={formatCount(open)} unit="pairs open" />
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}

function SmallMask({ blocks, theme }: { readonly blocks: Blocks; readonly theme: Theme }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const ratio = window.devicePixelRatio;
    const element = canvas.current;
    if (element === null) return;
    [element.width, element.height] = [SIDE * ratio, SIDE * ratio];
    const context = element.getContext('2d');
    if (context !== null) paintSmall(context, blocks, SIDE * ratio, theme);
  }, [blocks, theme]);
  return <canvas ref={canvas} aria-hidden="true" />;
}
