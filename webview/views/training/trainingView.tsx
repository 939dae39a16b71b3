// The whole training view as a function of its state: head, figures, chart beside samples.
import { useCallback, useRef } from 'preact/hooks';
import type { TrainingContent, TrainingHostCalls, ViewState } from '../../../src/protocol/views';
import { Button, Progress } from '../../ui/controls';
import { Quantity, Quote } from '../../ui/figure';
import { actionsOf, FourStates, Trouble } from '../../ui/fourStates';
import { formatLarge } from '../../ui/format';
import type { Ask } from '../../ui/host';
import { CopyIcon, PauseIcon, PlayIcon, StopIcon } from '../../ui/icons';
import { LiveRegion } from '../../ui/liveRegion';
import { Menu } from '../../ui/menu';
import type { Picture } from '../../ui/picture';
import { SavePicture } from '../../ui/savePicture';
import { readTheme } from '../../ui/theme';
import type { TrainingChart } from './chart';
import { ChartView } from './chartView';
import { runCsv, runJson } from './exportData';
import { Figures, STATUS_WORDS } from './figures';
import type { RunModel } from './runModel';
import { Samples } from './samples';
import type { Settings } from './settings';
import { legendKeys } from './series';
import { newsOf, sentenceOf } from './textEquivalent';

const TITLE = 'Is it learning?';

export interface TrainingViewProperties {
  readonly state: ViewState<TrainingContent>;
  /** What the host could not do, or ''. */
  readonly trouble: string;
  readonly run: RunModel | undefined;
  /** Samples of images, by what their events have for a text. */
  readonly pictures: ReadonlyMap<string, string>;
  readonly version: number;
  readonly settings: Settings;
  readonly host: Ask<TrainingHostCalls>;
  readonly change: (part: Partial<Settings>) => void;
}

export function TrainingView(properties: TrainingViewProperties) {
  const { state, run, host } = properties;
  return (
    <FourStates title={TITLE} state={state} actions={actionsOf(host)}>
      {() => (run === undefined ? null : <Result {...properties} run={run} />)}
    </FourStates>
  );
}

function Result(properties: TrainingViewProperties & { readonly run: RunModel }) {
  const { run, settings, host, change, version } = properties;
  const { record } = run.now;
  const unit = run.unit(settings.unit);
  const chart = useRef<TrainingChart>();
  const onChart = useCallback((made: TrainingChart | undefined) => {
    chart.current = made;
  }, []);
  const onChange = (part: Partial<Settings>) => {
    change(part);
    if (part.compared !== undefined) host('compare', { runs: part.compared });
  };
  const spoken = `${STATUS_WORDS[record.status]}. ${newsOf(run, unit)}`;
  return (
    <main class="ar-view training" data-state="result">
      <Head
        run={run}
        host={host}
        onCopy={(kind) => copyRun(host, run, settings, kind)}
        picture={() => chart.current && pictureOf(run, settings, chart.current)}
      />
      <Progress name="Steps done" share={Math.min(1, run.step() / run.steps())} />
      <Trouble sentence={properties.trouble} />
      {record.failure === undefined ? null : (
        <p class="ar-failed ar-trouble" role="alert">
          <Quote>{record.failure}</Quote>
        </p>
      )}
      <Figures run={run} unit={unit} />
      <div class="stage">
        <ChartView
          run={run}
          version={version}
          settings={settings}
          unit={unit}
          change={onChange}
          onChart={onChart}
        />
        <Samples run={run} unit={unit} pictures={properties.pictures} />
      </div>
      <LiveRegion sentence={spoken} />
    </main>
  );
}

function Head(properties: {
  readonly run: RunModel;
  readonly host: Ask<TrainingHostCalls>;
  readonly onCopy: (kind: string) => void;
  readonly picture: () => Picture | undefined;
}) {
  const { run, host } = properties;
  const { record, specName } = run.now;
  const { digits, scale } = formatLarge(record.parameters);
  return (
    <header class="ar-head">
      <div class="ar-titles">
        <h1>{TITLE}</h1>
        <p class="ar-sub">
          <Quote>{`${specName} · ${record.title}`}</Quote>
          {', '}
          <Quantity text={digits} unit={`${scale} parameters`.trim()} />
          {' · '}
          <Quantity text={String(record.seed)} unit="seed" before />
          {' · '}
          <Quote>{record.device}</Quote>
          {record.status === 'running' ? null : ` · ${STATUS_WORDS[record.status]}`}
        </p>
      </div>
      <div class="ar-tools" role="toolbar" aria-label="Run">
        {record.status === 'running' ? (
          <Button onPress={() => host('pause', undefined)}>
            <span slot="start">
              <PauseIcon />
            </span>
            Pause
          </Button>
        ) : null}
        {['paused', 'stopped', 'failed'].includes(record.status) ? (
          <Button onPress={() => host('resume', undefined)}>
            <span slot="start">
              <PlayIcon />
            </span>
            Resume
          </Button>
        ) : null}
        {record.status === 'running' || record.status === 'paused' ? (
          <Button onPress={() => host('stop', undefined)}>
            <span slot="start">
              <StopIcon />
            </span>
            Stop
          </Button>
        ) : null}
        <Menu
          look="icon"
          name="Copy as data"
          items={[
            { id: 'csv', label: 'Copy as CSV' },
            { id: 'json', label: 'Copy as JSON' },
          ]}
          onChoose={properties.onCopy}
        >
          <CopyIcon />
        </Menu>
        <SavePicture host={host} name={`${record.name}-training`} picture={properties.picture} />
      </div>
    </header>
  );
}

function copyRun(host: Ask<TrainingHostCalls>, run: RunModel, settings: Settings, kind: string): void {
  const unit = run.unit(settings.unit);
  const text = kind === 'csv' ? runCsv(run, unit) : runJson(run, unit);
  host('copy', { text, what: kind === 'csv' ? 'The run as CSV' : 'The run as JSON' });
}

function pictureOf(run: RunModel, settings: Settings, chart: TrainingChart): Picture {
  const { specName, record } = run.now;
  const theme = readTheme();
  const unit = run.unit(settings.unit);
  return {
    title: TITLE,
    subtitle: `${specName} · ${record.title} · seed ${record.seed}`,
    description: sentenceOf(run, unit),
    legend: legendKeys(run, theme),
    paintings: chart.paintings(unit.unit),
    theme,
  };
}
