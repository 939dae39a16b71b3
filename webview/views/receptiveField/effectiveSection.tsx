// The effective receptive field of a run, cell under cell below what it can see at all: the mean of |∂ log p / ∂ an input| over images,
// for this output or for any, and the fewest inputs that hold 50, 90 and 99 % of it.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { EFFECTIVE_MEASURES } from '../../../src/protocol/effectiveMeasures';
import type { ReceptiveFieldContent } from '../../../src/protocol/receptiveFieldView';
import { Segments } from '../../ui/controls';
import { Quantity, Quote } from '../../ui/figure';
import { fitCanvas } from '../../ui/fitCanvas';
import { formatCount, formatSmall } from '../../ui/format';
import type { Theme } from '../../ui/theme';
import { heatColours, paintEffective } from './effectivePainter';
import { gridHeight, gridWidth, type GridSight } from './painter';
import type { Settings } from './settings';
import { TaskBar } from './taskBar';
import { givenWords, placeWords, unitOf } from './words';

export function EffectiveSection(properties: {
  readonly content: ReceptiveFieldContent;
  readonly settings: Settings;
  readonly sight: GridSight;
  readonly plane: number;
  readonly theme: Theme;
  readonly onOver: (over: Settings['over']) => void;
  readonly onStart: () => void;
  readonly onStop: () => void;
}) {
  const { content, settings, sight, plane, theme, onOver, onStart, onStop } = properties;
  const { effective, report } = content;
  const family = report.families.find(({ id }) => id === report.own?.families[0]);
  if (content.subject.kind !== 'run' || !family?.measure) return null;
  const measure = EFFECTIVE_MEASURES[family.measure];
  const { result } = effective;
  const same = ({
    height,
    width,
    channels,
  }: typeof report.settings | NonNullable<typeof result>['settings']) => `${height} ${width} ${channels}`;
  const fits = result !== null && same(result.settings) === same(report.settings);
  const stale =
    result !== null &&
    (!fits || String([...result.position, result.channel]) !== String([...report.position, report.channel]));
  const unit = unitOf(report);
  return (
    <section class="effective" aria-label="Effective receptive field">
      <div class="ar-cap">
        <h2>Effective: what moves its answer</h2>
        {fits && !stale ? (
          <Segments
            name="Whose sensitivity"
            value={settings.over}
            choices={[
              { value: 'here', label: 'this output' },
              { value: 'everywhere', label: 'any output' },
            ]}
            onChoose={onOver}
          />
        ) : null}
      </div>
      <TaskBar
        task={effective}
        label="Compute the Effective Field"
        stale={stale}
        onStart={onStart}
        onStop={onStop}
      />
      {result === null || stale ? (
        <p class="ar-note">
          The <Quote>{measure.formula}</Quote> of the run’s own weights over its held-out images, each given
          its class where it knows classes. <Quote>{measure.note}</Quote>
        </p>
      ) : (
        <div class="heat">
          <Heat
            report={report}
            map={result[settings.over]}
            plane={plane}
            sight={sight}
            theme={theme}
            label={`Sensitivity of ${settings.over === 'here' ? `output ${placeWords(report, sight.output)}` : 'outputs, by where inputs lie'}`}
          />
          <div class="scale" data-legend={unit}>
            <Ramp theme={theme} />
            <p class="ar-label">
              <Quote>{measure.formula}</Quote>, relative to the strongest input, logarithmic:{' '}
              <Quote>10⁻⁴ to 1</Quote>. The strongest has{' '}
              <Quantity
                text={formatSmall(
                  result[settings.over].values.reduce((most, each) => Math.max(most, each), 0),
                )}
                unit={measure.unit}
              />
            </p>
            <table>
              <thead>
                <tr>
                  <th scope="col">area holding</th>
                  <th scope="col">{unit}</th>
                </tr>
              </thead>
              <tbody>
                {result[settings.over].areas.map(({ share, count }, at) => (
                  <tr key={share}>
                    <th scope="row">
                      <i class={`line line${at}`} aria-hidden="true" />{' '}
                      <Quantity text={String(Math.round(share * 100))} unit="%" />
                    </th>
                    <td>
                      <Quantity text={formatCount(count)} unit={unit} hideUnit />
                    </td>
                  </tr>
                ))}
                <tr class="sum">
                  <th scope="row">all that is seen</th>
                  <td>
                    <Quantity text={formatCount(result.seen)} unit={unit} hideUnit />
                  </td>
                </tr>
                <tr>
                  <th scope="row">
                    {result[settings.over].outside === 0 ? 'outside of it' : 'outside of it: leaks'}
                  </th>
                  <td>
                    <Quantity text={formatCount(result[settings.over].outside)} unit={unit} hideUnit />
                  </td>
                </tr>
              </tbody>
            </table>
            <p class="ar-note">
              <Quote>{measure.note}</Quote>
            </p>
            <p class="ar-note">
              mean over{' '}
              <Quantity
                text={formatCount(result[settings.over].pairs)}
                unit={settings.over === 'here' ? 'images' : 'pairs of an image and an output'}
              />
              : <Quote>{`${result.source}${givenWords(result)}`}</Quote>
            </p>
          </div>
        </div>
      )}
    </section>
  );
}

function Heat(
  properties: Parameters<typeof paintEffective>[1] & {
    readonly sight: GridSight;
    readonly theme: Theme;
    readonly label: string;
  },
) {
  const { report, map, plane, sight, theme, label } = properties;
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = fitCanvas(canvas.current, { width: gridWidth(sight), height: gridHeight(sight) });
    if (context !== null) paintEffective(context, { report, map, plane }, sight, theme);
  });
  return <canvas ref={canvas} role="img" aria-label={label} />;
}

function Ramp({ theme }: { readonly theme: Theme }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (element === null || !context) return;
    const colours = heatColours(theme);
    [element.width, element.height] = [colours.length, 1];
    colours.forEach((colour, at) => {
      context.fillStyle = colour;
      context.fillRect(at, 0, 1, 1);
    });
  }, [theme]);
  return <canvas ref={canvas} class="ramp" aria-hidden="true" />;
}
