// Entropy and surprisal along the file. Keyboard: arrows walk the tokens, page keys leap, Enter shows one in the editor.
import { useMemo } from 'preact/hooks';
import type { InformationMean } from '../../../src/protocol/information';
import type { Badge } from '../../../src/protocol/figure';
import { drawLine, drawText, type Frame } from '../../plots/frame';
import { LineChart } from '../../plots/lineChart';
import { PlotFrame, type KeepChart } from '../../plots/plotFrame';
import { linearTicks } from '../../plots/ticks';
import { Segments } from '../../ui/controls';
import { FigureInline, Quantity } from '../../ui/figure';
import { formatCount, formatValue } from '../../ui/format';
import { moveByKey } from '../../ui/keyboard';
import type { Theme } from '../../ui/theme';
import { thinTokens, windowAround, type Positions } from './positions';
import { ZOOM_TOKENS, type Settings, type Zoom } from './settings';
import { tokenSentence, tokenText } from './words';

const HEIGHT = 176;
const LEFT = 44;
const RIGHT = 12;

interface ChartInput {
  readonly positions: Positions;
  readonly mean: InformationMean;
  readonly low: number;
  readonly high: number;
}

export function PositionChart(properties: {
  readonly positions: Positions;
  readonly text: string;
  readonly mean: InformationMean;
  readonly badge: Badge;
  readonly token: number;
  readonly settings: Settings;
  readonly change: (part: Partial<Settings>) => void;
  readonly onSelect: (token: number, reveal: boolean) => void;
  readonly keep: KeepChart;
}) {
  const { positions, text, mean, badge, token, settings, change, onSelect, keep } = properties;
  const { zoom } = settings;
  const { low, high } = windowAround(token, ZOOM_TOKENS[zoom], positions.tokens);
  const input = useMemo((): ChartInput => ({ positions, mean, low, high }), [positions, mean, low, high]);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') return onSelect(token, true);
    const page = Math.max(10, Math.round((high - low) / 10));
    const next = moveByKey(event.key, token, positions.tokens, page);
    if (next === undefined) return;
    event.preventDefault();
    onSelect(next, false);
  };
  const onClick = (event: MouseEvent) => {
    const over = (event.currentTarget as HTMLElement).querySelector('.u-over')?.getBoundingClientRect();
    if (over === undefined || over.width === 0) return;
    const share = (event.clientX - over.left) / over.width;
    if (share < 0 || share > 1) return;
    onSelect(Math.max(low, Math.min(high - 1, Math.round(low + share * (high - 1 - low)))), false);
  };
  return (
    <section class="positions" aria-label="Entropy by position">
      <div class="ar-cap">
        <h2>Entropy by position</h2>
        <Segments<Zoom>
          name="How much of the file"
          value={zoom}
          choices={[
            { value: 'file', label: 'file' },
            { value: 'passage', label: 'passage' },
            { value: 'words', label: 'words' },
          ]}
          onChoose={(chosen) => change({ zoom: chosen })}
        />
        <span class="ar-note">
          <Quantity text={`${formatCount(low + 1)} to ${formatCount(high)}`} unit="tokens" before />
        </span>
        <span class="ar-note hint">
          <kbd>←</kbd> <kbd>→</kbd> token <kbd>Enter</kbd> show it
        </span>
      </div>
      <Readout positions={positions} text={text} token={token} badge={badge} />
      <div
        class="chart"
        tabIndex={0}
        role="slider"
        aria-label="Entropy by position. Arrow keys go from token to token, page keys leap, Enter shows the token in the editor."
        aria-valuemin={1}
        aria-valuemax={positions.tokens}
        aria-valuenow={token + 1}
        aria-valuetext={tokenSentence(positions, text, token)}
        onKeyDown={onKey}
        onClick={onClick}
      >
        <PlotFrame name="positions" keep={keep} input={input} mark={token} draw={drawPositions} />
      </div>
      <ul class="ar-legend" data-legend="bits">
        <li>
          <i class="ar-swatch one" /> per-context entropy, bits
        </li>
        <li>
          <i class="ar-swatch two" /> surprisal of the token that came, bits
        </li>
        <li>
          <i class="ar-swatch ar-swatch-floor" /> conditional entropy: the mean of the entropies
        </li>
      </ul>
    </section>
  );
}

/** Always there, so that nothing jumps. */
function Readout(properties: {
  readonly positions: Positions;
  readonly text: string;
  readonly token: number;
  readonly badge: Badge;
}) {
  const { positions, text, token, badge } = properties;
  const one = (value: number) => ({ value, unit: 'bits', count: 1, of: 'token', badge });
  const surprisal = positions.bits[token] ?? NaN;
  return (
    <p class="reading ar-note">
      <Quantity text={formatCount(token + 1)} unit="token" before />
      <span class="token" data-quote="">
        {tokenText(positions, text, token)}
      </span>
      {Number.isNaN(surprisal) ? (
        <span>not scored: nothing stands before it</span>
      ) : (
        <>
          <span>
            per-context entropy <FigureInline figure={one(positions.entropy[token] ?? NaN)} quiet />
          </span>
          <span>
            surprisal <FigureInline figure={one(surprisal)} quiet />
          </span>
        </>
      )}
    </p>
  );
}

function drawPositions(
  element: HTMLElement,
  theme: Theme,
  { positions, mean, low, high }: ChartInput,
  now: () => number | undefined,
): LineChart {
  const width = element.clientWidth;
  const columns = Math.max(16, width - LEFT - RIGHT);
  const entropy = thinTokens(positions.entropy, low, high, columns);
  const surprisal = thinTokens(positions.bits, low, high, columns);
  const most = [...entropy.y, ...surprisal.y].reduce<number>((peak, value) => Math.max(peak, value ?? 0), 0);
  const range = [0, most > 0 ? most * 1.08 : 1] as const;
  const chart = new LineChart(element, {
    width,
    height: HEIGHT,
    left: LEFT,
    right: RIGHT,
    top: 8,
    bottom: 24,
    scale: 'linear',
    theme,
    looks: [
      { gaps: true, stroke: theme.color('ar-line-4'), width: 1, dash: [4, 2] },
      { gaps: true, stroke: theme.color('ar-line-1'), width: 1.5 },
    ],
    // A person counts tokens from one.
    xRange: () => [low + 1, Math.max(low + 2, high)],
    yRange: () => range,
    yTicks: ([bottom, top]) => linearTicks(bottom, top, 5),
    under: (drawn) => markToken(drawn, theme, now() ?? 0),
    // Over the curves, which would cover it: the mean lies where they are densest.
    over: (drawn) => markMean(drawn, theme, mean.bits),
    onCursor: () => undefined,
  });
  const x = entropy.x.map((token) => token + 1);
  chart.setLines([surprisal, entropy].map(({ y }) => ({ x, y: y.map((value) => value ?? NaN) })));
  return chart;
}

function markMean(frame: Frame, theme: Theme, value: number): void {
  const { brush, box, ratio } = frame;
  const y = frame.y(value);
  const right = box.left + box.width;
  brush.save();
  drawLine(
    frame,
    theme.color('ar-floor'),
    [2, 3],
    [
      [box.left, y],
      [right, y],
    ],
  );
  const text = `mean ${formatValue(value)}`;
  drawText(frame, theme, text, right - 4 * ratio, y - 8 * ratio, { align: 'right', quiet: true, rim: true });
  brush.restore();
}

function markToken({ brush, box, ratio, x: placeOf }: Frame, theme: Theme, token: number): void {
  const x = Math.round(placeOf(token + 1));
  if (x < box.left || x > box.left + box.width) return;
  brush.fillStyle = theme.color('ar-fg');
  brush.fillRect(x, box.top, Math.max(1, Math.round(ratio)), box.height);
}
