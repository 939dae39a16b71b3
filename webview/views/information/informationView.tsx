// "What is there to know?": entropy by position, baselines, classes, dependence by distance and the worth of context, as
// a function of state.
import { useCallback, useRef } from 'preact/hooks';
import type {
  InformationAblation,
  InformationContent,
  InformationHostCalls,
} from '../../../src/protocol/informationView';
import type { ViewState } from '../../../src/protocol/views';
import type { LineChart } from '../../plots/lineChart';
import type { KeepChart } from '../../plots/plotFrame';
import { Button } from '../../ui/controls';
import { FigureInline, Quantity, Quote } from '../../ui/figure';
import { actionsOf, FourStates, Trouble } from '../../ui/fourStates';
import { formatCount } from '../../ui/format';
import type { Ask } from '../../ui/host';
import { CopyIcon } from '../../ui/icons';
import { LiveRegion } from '../../ui/liveRegion';
import { Menu } from '../../ui/menu';
import { SavePicture } from '../../ui/savePicture';
import { Baselines, Classes, MeanBlock } from './baselines';
import { Contexts } from './contexts';
import { Distances } from './distances';
import { contextTable, csvOf, distanceTable, positionTable, wholeJson } from './exportData';
import { PositionChart } from './positionChart';
import { informationPicture } from './informationPicture';
import type { Positions } from './positions';
import type { Settings } from './settings';
import { distanceSentence, errorWords, reportSentence, tokenSentence } from './words';

const TITLE = 'What is there to know?';

export interface InformationViewProperties {
  readonly state: ViewState<InformationContent>;
  /** Undefined until all of the state's columns have come. */
  readonly positions: Positions | undefined;
  readonly text: string;
  readonly token: number;
  readonly ablation: InformationAblation;
  readonly trouble: string;
  readonly settings: Settings;
  readonly host: Ask<InformationHostCalls>;
  readonly change: (part: Partial<Settings>) => void;
  readonly onSelect: (token: number, reveal: boolean) => void;
}

export function InformationView(properties: InformationViewProperties) {
  const { state, host, positions } = properties;
  const shown: ViewState<InformationContent> =
    state.kind === 'result' && positions === undefined
      ? { kind: 'working', doing: 'Reading the scores', cancel: false }
      : state;
  return (
    <div class="information">
      <FourStates title={TITLE} state={shown} actions={actionsOf(host)}>
        {(content) =>
          positions === undefined ? null : <Result {...properties} content={content} positions={positions} />
        }
      </FourStates>
    </div>
  );
}

type ResultProperties = InformationViewProperties & {
  readonly content: InformationContent;
  readonly positions: Positions;
};

function Result(properties: ResultProperties) {
  const { content, positions, text, token, ablation, settings, change, host, onSelect } = properties;
  const { report, file, stale } = content;
  const { summary, conditionalEntropy, surprisal } = report;
  const badge = summary.likelihood;
  const charts = useRef(new Map<string, LineChart>());
  const keep: KeepChart = useCallback((name, chart) => {
    if (chart === null) charts.current.delete(name);
    else charts.current.set(name, chart);
  }, []);
  return (
    <main class="ar-view" data-state="result">
      <Head {...properties} charts={charts.current} />
      <Trouble sentence={properties.trouble} />
      <Notes stale={stale} unknown={summary.unknown} tokens={summary.tokens} host={host} />
      <div class="answer">
        <MeanBlock
          label="Conditional entropy: what the model expects to need"
          mean={conditionalEntropy}
          badge={badge}
          error={errorWords(conditionalEntropy)}
        />
        <MeanBlock
          label="Surprisal: what it needed"
          mean={surprisal}
          badge={badge}
          error={errorWords(surprisal)}
        />
        <div class="mean">
          <div class="ar-label">The same over the bytes</div>
          <div class="ar-mean">
            <FigureInline
              figure={{
                value: summary.bitsPerByte,
                unit: 'bits/byte',
                count: summary.bytes,
                of: 'bytes',
                badge,
              }}
            />
          </div>
          <div class="ar-label">
            windows of <Quantity text={formatCount(summary.context)} unit="tokens," /> stride{' '}
            <Quantity text={formatCount(summary.stride)} unit="tokens" />
          </div>
        </div>
      </div>
      <PositionChart
        positions={positions}
        text={text}
        mean={conditionalEntropy}
        badge={badge}
        token={token}
        settings={settings}
        change={change}
        onSelect={onSelect}
        keep={keep}
      />
      <div class="halves">
        <div>
          <Contexts ablation={ablation} settings={settings} change={change} keep={keep} />
          <Classes report={report} />
        </div>
        <div>
          <Distances
            found={report.mutualInformation}
            sentence={distanceSentence(report)}
            settings={settings}
            change={change}
            keep={keep}
          />
          <Baselines report={report} settings={settings} change={change} />
        </div>
      </div>
      <LiveRegion sentence={`${reportSentence(file, report)}. ${tokenSentence(positions, text, token)}`} />
    </main>
  );
}

function Head(properties: ResultProperties & { readonly charts: ReadonlyMap<string, LineChart> }) {
  const { content, positions, text, ablation, host, charts } = properties;
  const { report, file, label } = content;
  const shortened = ablation.kind === 'result' ? ablation.report : null;
  const copies: Readonly<Record<string, readonly [what: string, text: () => string]>> = {
    positions: ['The positions as CSV', () => csvOf(positionTable(positions, text, report))],
    distances: ['The distances as CSV', () => csvOf(distanceTable(report))],
    contexts: ['The contexts as CSV', () => (shortened === null ? '' : csvOf(contextTable(shortened)))],
    json: ['The analysis as JSON', () => wholeJson(content, positions, text, shortened)],
  };
  const copy = (id: string) => {
    const [what, written] = copies[id] ?? [];
    if (what !== undefined && written !== undefined) host('copy', { text: written(), what });
  };
  return (
    <header class="ar-head">
      <div class="ar-titles">
        <h1>{TITLE}</h1>
        <p class="ar-sub">
          <Quote>{`${file} · ${label} · ${report.summary.device}`}</Quote>
        </p>
      </div>
      <div class="ar-tools">
        <Menu
          look="icon"
          name="Copy as data"
          items={[
            { id: 'positions', label: 'Copy positions as CSV' },
            { id: 'distances', label: 'Copy distances as CSV' },
            ...(shortened === null ? [] : [{ id: 'contexts', label: 'Copy contexts as CSV' }]),
            { id: 'json', label: 'Copy all as JSON' },
          ]}
          onChoose={copy}
        >
          <CopyIcon />
        </Menu>
        <SavePicture
          host={host}
          name={`information-${file}`}
          picture={() => informationPicture(TITLE, content, charts)}
        />
      </div>
    </header>
  );
}

function Notes(properties: {
  readonly stale: boolean;
  readonly unknown: number;
  readonly tokens: number;
  readonly host: Ask<InformationHostCalls>;
}) {
  const { stale, unknown, tokens, host } = properties;
  if (!stale && unknown === 0) return null;
  return (
    <div class="notes">
      {unknown === 0 ? null : (
        <p class="ar-note note">
          Not comparable:{' '}
          <Quantity
            text={formatCount(unknown)}
            unit={`of ${formatCount(tokens)} tokens were never seen in training`}
          />
          ; a stand-in is scored for each.
        </p>
      )}
      {stale ? (
        <div class="note stale-text">
          <p class="ar-note">The text was edited after it was analysed.</p>
          <Button onPress={() => host('refresh', undefined)}>Analyse Again</Button>
        </div>
      ) : null}
    </div>
  );
}
