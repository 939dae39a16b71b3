// The chart with what surrounds it: its controls, the reading under the cursor, keyboard, words for screen readers.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Dropdown, Segments } from '../../ui/controls';
import { Menu } from '../../ui/menu';
import { onThemeChange, readTheme } from '../../ui/theme';
import { TrainingChart } from './chart';
import type { Reading } from './reading';
import { ReadingLine, moveCursor, readAt, readingText } from './reading';
import type { RunModel } from './runModel';
import type { Settings } from './settings';
import type { Smoothing } from './smoothing';
import { SMOOTHINGS } from './smoothing';
import { TextEquivalent, sentenceOf } from './textEquivalent';
import type { UnitChoice } from './units';

export interface ChartViewProperties {
  readonly run: RunModel;
  /** Changes with every append: preact draws again, the chart goes on. */
  readonly version: number;
  readonly settings: Settings;
  readonly unit: UnitChoice;
  readonly change: (settings: Partial<Settings>) => void;
  readonly onChart: (chart: TrainingChart | undefined) => void;
}

export function ChartView(properties: ChartViewProperties) {
  const { run, settings, unit, version, onChart } = properties;
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<TrainingChart>();
  const [cursor, setCursor] = useState<number>();
  const input = useRef({ run, settings, unit });
  input.current = { run, settings, unit };

  // Layout effects: the chart belongs to the frame that preact draws, not to a later one.
  useLayoutEffect(() => {
    if (element.current === null) return undefined;
    const made = new TrainingChart(element.current, readTheme(), setCursor);
    chart.current = made;
    onChart(made);
    const draw = () => made.update(input.current);
    const size = new ResizeObserver(draw);
    size.observe(element.current);
    const stopTheme = onThemeChange(() => {
      made.setTheme(readTheme());
      draw();
    });
    return () => {
      size.disconnect();
      stopTheme();
      made.destroy();
      onChart(undefined);
    };
  }, [onChart]);
  useLayoutEffect(() => chart.current?.update({ run, settings, unit }), [run, settings, unit, version]);
  useLayoutEffect(() => chart.current?.showCursor(cursor), [cursor, version]);

  const curves = chart.current?.curves;
  const reading =
    cursor === undefined || curves === undefined
      ? undefined
      : readAt(run, curves, settings.smoothing, cursor);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return setCursor(undefined);
    const next = moveCursor(run, settings, event.key, cursor ?? run.step());
    if (next === undefined) return;
    event.preventDefault();
    setCursor(next);
  };

  return (
    <section class="loss" aria-label="Loss">
      <ChartControls {...properties} />
      <Above reading={reading} run={run} unit={unit} />
      <div
        class="plots"
        ref={element}
        tabIndex={0}
        role="slider"
        aria-label={`Loss chart in ${unit.unit}. Arrow keys read values, page keys go from evaluation to evaluation.`}
        aria-valuemin={0}
        aria-valuemax={run.steps()}
        aria-valuenow={reading?.step ?? run.step()}
        aria-valuetext={reading === undefined ? sentenceOf(run, unit) : readingText(reading, unit)}
        onKeyDown={onKey}
        onBlur={() => setCursor(undefined)}
      />
      <ul class="ar-legend lines" data-legend={unit.unit}>
        <li>
          <i class="ar-swatch ar-swatch-validation" /> validation
        </li>
        <li>
          <i class="ar-swatch ar-swatch-training" /> training
        </li>
        {run.now.compared.map((one) => (
          <li key={one.run}>
            <i class="ar-swatch ar-swatch-compared" /> <span data-quote="">{one.label}</span>
          </li>
        ))}
        {run.now.record.floors.length === 0 ? null : (
          <li>
            <i class="ar-swatch ar-swatch-floor" /> known floors
          </li>
        )}
      </ul>
      <TextEquivalent run={run} unit={unit} />
    </section>
  );
}

/** One line that is always there, so that nothing jumps when the cursor comes. */
function Above(properties: {
  readonly reading: Reading | undefined;
  readonly run: RunModel;
  readonly unit: UnitChoice;
}) {
  const { reading, run, unit } = properties;
  if (reading !== undefined) return <ReadingLine reading={reading} unit={unit} badge={run.badge()} />;
  return <p class="reading ar-note">{`${unit.unit} by step, lower is better`}</p>;
}

function ChartControls({ run, settings, unit, change }: ChartViewProperties) {
  const { comparable } = run.now;
  const chosen = new Set(settings.compared);
  const count = comparable.filter((one) => chosen.has(one.run)).length;
  return (
    <div class="ar-cap">
      <h2>Loss</h2>
      <div class="choices">
        <Segments
          name="Step axis"
          value={settings.scale}
          choices={[
            { value: 'linear', label: 'linear' },
            { value: 'log', label: 'log steps' },
          ]}
          onChoose={(scale) => change({ scale })}
        />
        <Dropdown
          name="Unit"
          value={unit.unit}
          choices={run.units().map((choice) => ({ value: choice.unit, label: choice.unit }))}
          onChoose={(chosenUnit) => change({ unit: chosenUnit })}
        />
        <Dropdown
          name="Smoothing of the training curve"
          value={String(settings.smoothing)}
          choices={SMOOTHINGS.map((keep) => ({
            value: String(keep),
            label: keep === 0 ? 'no smoothing' : `smooth ${keep}`,
          }))}
          onChoose={(keep) => change({ smoothing: Number(keep) as Smoothing })}
        />
        {comparable.length === 0 ? null : (
          <Menu
            look="text"
            name="Compare with other runs"
            items={comparable.map((one) => ({ id: one.run, label: one.label, checked: chosen.has(one.run) }))}
            onChoose={(id) =>
              change({
                compared: chosen.has(id)
                  ? settings.compared.filter((one) => one !== id)
                  : [...settings.compared, id],
              })
            }
          >
            <span data-quantity={count} data-unit="runs">
              {count === 0 ? 'compare runs' : `compare ${count} ${count === 1 ? 'run' : 'runs'}`}
            </span>
          </Menu>
        )}
      </div>
    </div>
  );
}
