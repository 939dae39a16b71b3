// A layer's kernel as squares: filled where it reads, grey where it may not, the output's own pixel framed; with the
// channels that the centre reads as a table where there are several.
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { KernelMask } from '../../../src/protocol/receptiveField';
import type { Brush } from '../../ui/brush';
import { fitCanvas } from '../../ui/fitCanvas';
import type { Theme } from '../../ui/theme';
import { CHANNELS } from './words';

export function KernelPicture(properties: {
  readonly mask: KernelMask;
  readonly side: number;
  readonly theme: Theme;
}) {
  const { mask, side, theme } = properties;
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = fitCanvas(canvas.current, { width: side, height: side });
    if (context !== null) paintKernel(context, mask, side, theme);
  }, [mask, side, theme]);
  return <canvas ref={canvas} class="kernel" aria-hidden="true" />;
}

export function paintKernel(brush: Brush, { rows }: KernelMask, side: number, theme: Theme): void {
  const pitch = Math.max(3, Math.floor(side / rows.length));
  const cell = pitch - (pitch >= 6 ? 1 : 0);
  brush.fillStyle = theme.color('ar-bg');
  brush.fillRect(0, 0, side, side);
  for (const state of ['seen', 'future'] as const) {
    brush.fillStyle = theme.color(`ar-${state}`);
    brush.beginPath();
    rows.forEach((row, down) =>
      row.forEach((read, right) => {
        if ((read === 1) === (state === 'seen')) brush.rect(right * pitch, down * pitch, cell, cell);
      }),
    );
    brush.fill();
  }
  const middle = ((rows.length - 1) / 2) * pitch;
  brush.strokeStyle = theme.color('ar-current');
  brush.lineWidth = 2;
  brush.strokeRect(middle + 0.5, middle + 0.5, Math.max(2, cell - 1), Math.max(2, cell - 1));
}

/** Which channels of its own pixel each channel reads: rows are outputs. */
export function CentreTable({ centre }: { readonly centre: KernelMask['centre'] }) {
  if (centre.length < 2) return null;
  return (
    <table class="centre">
      <caption class="ar-label">own pixel: row reads column</caption>
      <thead>
        <tr>
          <td />
          {centre.map((_, from) => (
            <th scope="col" key={from}>
              {CHANNELS[from]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {centre.map((row, to) => (
          <tr key={to}>
            <th scope="row">{CHANNELS[to]}</th>
            {row.map((read, from) => (
              <td key={from} class={read === 1 ? 'reads' : ''}>
                {read === 1 ? 'reads' : '–'}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** In words, for those who do not see it. */
export function kernelWords({ rows, centre }: KernelMask): string {
  const side = rows.length;
  const middle = (side - 1) / 2;
  const read = rows.flat().filter((each) => each === 1).length;
  const after = rows.flatMap((row, down) =>
    row.filter((each, right) => each === 1 && (down > middle || (down === middle && right > middle))),
  ).length;
  const own = centre.flat().includes(1) ? 'reads of its own pixel' : 'does not read its own pixel';
  const ahead = after === 0 ? 'nothing ahead' : `${after} ahead`;
  return `reads ${read} of ${side} × ${side} places, ${ahead}, ${own}`;
}
