// Every layer's mask as a small picture, and all of them together: choosing one shows it in full.
import { useId, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { MaskReport } from '../../../src/protocol/mask';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import type { Theme } from '../../ui/theme';
import { openCells, type Cells } from './cells';
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
  const all = useMemo(
    () => [declared, ...masks.map(({ cells }) => cells)].map((cells) => openCells(cells, length, causality)),
    [report],
  );
  return (
    <fieldset class="layers" aria-label="Mask to show in full">
      {all.map((cells, at) => {
        const mask = masks[at - 1];
        return (
          <label key={at} class={at === layer ? 'on' : ''}>
            <input type="radio" name={group} checked={at === layer} onChange={() => onChoose(at)} />
            <SmallMask cells={cells} theme={theme} />
            <span class="name">
              <Quote>{mask === undefined ? 'All layers together' : layerName(mask)}</Quote>
            </span>
            <span class="ar-label">
              {mask === undefined ? 'declared' : <Quote>{layerKind(mask)}</Quote>}
              {', '}
              <Quantity text={formatCount(openOf(cells))} unit="pairs open" />
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}

const openOf = ({ values }: Cells): number => values.reduce((sum, value) => sum + (value === 0 ? 1 : 0), 0);

function SmallMask({ cells, theme }: { readonly cells: Cells; readonly theme: Theme }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const ratio = window.devicePixelRatio;
    const element = canvas.current;
    if (element === null) return;
    [element.width, element.height] = [SIDE * ratio, SIDE * ratio];
    const context = element.getContext('2d');
    if (context !== null) paintSmall(context, cells, SIDE * ratio, theme);
  }, [cells, theme]);
  return <canvas ref={canvas} aria-hidden="true" />;
}
