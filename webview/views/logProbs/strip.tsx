// The strip with what surrounds it: zoom, colours, the reading of the token in focus, keyboard and pointer.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Segments } from '../../ui/controls';
import { FigureInline, Quantity } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import { onThemeChange, readTheme } from '../../ui/theme';
import type { Analysis } from './analysis';
import type { Colours, Settings } from './settings';
import { StripPainter, bitsText, unitText, type Zoom } from './stripPainter';
import type { StripSource } from './stripSource';
import { firstAfter } from '../../ui/tokenColumns';

export interface StripProperties {
  readonly analysis: Analysis;
  readonly settings: Settings;
  readonly colours: Colours;
  readonly cursor: number | undefined;
  readonly change: (part: Partial<Settings>) => void;
  readonly onSelect: (unit: number, source: StripSource, reveal: boolean) => void;
  readonly onPainter: (painter: StripPainter | null) => void;
}

const ZOOMS: ReadonlyArray<{ readonly value: Zoom; readonly label: string }> = [
  { value: 'file', label: 'file' },
  { value: 'paragraph', label: 'paragraph' },
  { value: 'token', label: 'token' },
];
const COLOURS: ReadonlyArray<{ readonly value: Colours; readonly label: string }> = [
  { value: 'first', label: 'first' },
  { value: 'second', label: 'second' },
  { value: 'difference', label: 'difference' },
];

export function Strip(properties: StripProperties) {
  const { analysis, settings, colours, cursor, change, onSelect, onPainter } = properties;
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<StripPainter>();
  const source = analysis.source(colours);
  const focus = unitAtByte(source, settings.focus);
  const cursorUnit = cursor === undefined ? undefined : unitAt(source, cursor);
  const picture = { source, text: analysis.text, zoom: settings.zoom, focus, cursor: cursorUnit };
  // Keys come faster than frames: each starts from what the one before has chosen.
  const latest = useRef({ zoom: settings.zoom, focus });
  latest.current = { zoom: settings.zoom, focus };
  const input = useRef(picture);
  input.current = picture;
  const [perCell, setPerCell] = useState(1);

  useLayoutEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const made = new StripPainter(element, readTheme());
    painter.current = made;
    onPainter(made);
    const draw = () => {
      made.draw(input.current, element.clientWidth);
      setPerCell(made.perCell);
    };
    const size = new ResizeObserver(draw);
    size.observe(element);
    const stopTheme = onThemeChange(() => {
      made.theme = readTheme();
      draw();
    });
    return () => {
      size.disconnect();
      stopTheme();
      onPainter(null);
    };
  }, [onPainter]);
  useLayoutEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    painter.current?.draw(picture, element.clientWidth);
    setPerCell(painter.current?.perCell ?? 1);
  }, [source, settings.zoom, focus, cursorUnit]);

  const go = (unit: number, reveal = false) => {
    const to = Math.min(source.count - 1, Math.max(0, unit));
    latest.current.focus = to;
    change({ focus: byteOf(source, to) });
    onSelect(to, source, reveal);
  };
  const onKey = (event: KeyboardEvent) => {
    const next = nextUnit(event.key, latest.current.focus, source.count, painter.current);
    if (next !== undefined) go(next);
    else if (event.key === 'Enter') go(latest.current.focus, true);
    else if (event.key === '+' || event.key === '-') {
      latest.current.zoom = zoomed(latest.current.zoom, event.key);
      change({ zoom: latest.current.zoom });
    } else return;
    event.preventDefault();
  };
  const unitUnder = (event: MouseEvent) => painter.current?.hit(event.offsetX, event.offsetY);

  return (
    <section class="strip" aria-label="Token strip">
      <div class="ar-cap">
        <Segments name="Zoom" value={settings.zoom} choices={ZOOMS} onChoose={(zoom) => change({ zoom })} />
        {analysis.second === undefined ? null : (
          <Segments
            name="Colours"
            value={colours}
            choices={COLOURS}
            onChoose={(chosen) => change({ colours: chosen })}
          />
        )}
        <span class="ar-note">
          {settings.zoom === 'file' && perCell > 1 ? (
            <>
              a cell is the mean of <Quantity text={formatCount(perCell)} unit={pluralOf(source)} />
            </>
          ) : (
            `one colour a ${wordOf(source)}`
          )}
        </span>
      </div>
      <ReadingLine analysis={analysis} source={source} unit={focus} selected={cursorUnit} />
      <canvas
        ref={canvas}
        class="tokens"
        tabIndex={0}
        role="slider"
        aria-label="Tokens of the file. Arrow keys go from token to token, Enter shows it in the editor, plus and minus zoom."
        aria-valuemin={1}
        aria-valuemax={source.count}
        aria-valuenow={focus + 1}
        aria-valuetext={readingText(analysis, source, focus)}
        onKeyDown={onKey}
        onClick={(event) => {
          const unit = unitUnder(event);
          if (unit !== undefined) go(unit);
        }}
        onDblClick={(event) => {
          const unit = unitUnder(event);
          if (unit !== undefined) go(unit, true);
        }}
      />
    </section>
  );
}

/** One line that is always there. */
function ReadingLine(properties: {
  readonly analysis: Analysis;
  readonly source: StripSource;
  readonly unit: number;
  /** What the editor and the other views are at: outlined in the strip. */
  readonly selected: number | undefined;
}) {
  const { analysis, source, unit, selected } = properties;
  const bits = source.value[unit] ?? NaN;
  const badge = analysis.first.run.summary.likelihood;
  return (
    <p class="reading ar-note">
      <span>
        <Quantity text={formatCount(unit + 1)} unit={wordOf(source)} before /> of{' '}
        <Quantity text={formatCount(source.count)} unit={pluralOf(source)} hideUnit />
      </span>
      <span>
        <Quantity text={formatCount(analysis.line(source.start[unit] ?? 0))} unit="line" before />
      </span>
      <span class="token" data-quote="">
        {unitText(source, analysis.text, unit)}
      </span>
      {Number.isNaN(bits) ? (
        <span>not scored: nothing stands before it</span>
      ) : source.kind === 'surprisal' ? (
        <FigureInline figure={{ value: bits, unit: 'bits', count: 1, of: 'token', badge }} digits={2} quiet />
      ) : (
        <Quantity text={bitsText(source.kind, bits)} unit="bits, first − second" />
      )}
      {selected === undefined || selected === unit ? null : (
        <span class="selected">
          selected: <Quantity text={formatCount(selected + 1)} unit={wordOf(source)} before />
        </span>
      )}
    </p>
  );
}

export function readingText(analysis: Analysis, source: StripSource, unit: number): string {
  const bits = source.value[unit] ?? NaN;
  const measured = Number.isNaN(bits)
    ? 'not scored'
    : source.kind === 'surprisal'
      ? `${bits.toFixed(2)} bits`
      : `${bitsText(source.kind, bits)} bits, first minus second`;
  const line = analysis.line(source.start[unit] ?? 0);
  return `${wordOf(source)} ${unit + 1} of ${source.count}, line ${line}, ${unitText(source, analysis.text, unit)}, ${measured}`;
}

/** Where two models are compared, what both have the ends of: one or more tokens of each. */
const wordOf = (source: StripSource): string => (source.kind === 'surprisal' ? 'token' : 'stretch');
const pluralOf = (source: StripSource): string => (source.kind === 'surprisal' ? 'tokens' : 'stretches');

export const unitAt = (source: StripSource, offset: number): number =>
  Math.min(source.count - 1, firstAfter(source.end, offset));
export const unitAtByte = (source: StripSource, byte: number): number =>
  Math.min(source.count - 1, firstAfter(source.byteEnd, byte));
/** The first byte of a unit: where the one before it ended. */
export const byteOf = (source: StripSource, unit: number): number =>
  unit === 0 ? 0 : (source.byteEnd[unit - 1] ?? 0);

function nextUnit(key: string, unit: number, count: number, painter: StripPainter | undefined) {
  if (painter === undefined) return undefined;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -painter.step,
    ArrowRight: painter.step,
    ArrowUp: -painter.row,
    ArrowDown: painter.row,
    PageUp: -painter.page,
    PageDown: painter.page,
    Home: -unit,
    End: count - 1 - unit,
  };
  const step = steps[key];
  return step === undefined ? undefined : unit + step;
}

function zoomed(zoom: Zoom, key: '+' | '-'): Zoom {
  const at = ZOOMS.findIndex((each) => each.value === zoom) + (key === '+' ? 1 : -1);
  return ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, at))]?.value ?? zoom;
}
