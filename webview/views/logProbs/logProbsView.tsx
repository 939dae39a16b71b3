// "Where does the likelihood go?": the whole file as a strip, curves, passages and the ledger, as a function of state.
import type { ViewState } from '../../../src/protocol/views';
import type { LogProbsContent, LogProbsHostCalls } from '../../../src/protocol/logProbs';
import { useCallback, useRef } from 'preact/hooks';
import type { KeepChart } from '../../plots/plotFrame';
import { Button, Dropdown } from '../../ui/controls';
import { FigureInline, Quantity, Quote } from '../../ui/figure';
import { actionsOf, FourStates, Trouble } from '../../ui/fourStates';
import { formatCount } from '../../ui/format';
import type { Ask } from '../../ui/host';
import { CopyIcon } from '../../ui/icons';
import { LiveRegion } from '../../ui/liveRegion';
import { Menu } from '../../ui/menu';
import { SavePicture } from '../../ui/savePicture';
import type { Analysis } from './analysis';
import { ComparisonPanel } from './comparison';
import { Curve } from './curves';
import { pictureOf, type Drawn } from './logProbsPicture';
import { analysisCsv, analysisJson } from './exportData';
import { ledger } from './ledger';
import { LedgerFormulas } from './ledgerFormulas';
import { Legend } from './legend';
import { PassageList, passageText } from './passageList';
import type { Passage } from './passages';
import { WINDOWS, type Colours, type Settings } from './settings';
import { Strip, byteOf } from './strip';
import type { StripSource } from './stripSource';

const TITLE = 'Where does the likelihood go?';

export interface LogProbsViewProperties {
  readonly state: ViewState<LogProbsContent>;
  readonly analysis: Analysis | undefined;
  readonly trouble: string;
  readonly settings: Settings;
  /** UTF-16 offset of the editor's cursor. */
  readonly cursor: number | undefined;
  readonly host: Ask<LogProbsHostCalls>;
  readonly change: (part: Partial<Settings>) => void;
}

export function LogProbsView(properties: LogProbsViewProperties) {
  const { state, host, analysis } = properties;
  const shown: ViewState<LogProbsContent> =
    state.kind === 'result' && analysis === undefined
      ? { kind: 'working', doing: 'Reading the scores', cancel: false }
      : state;
  return (
    <div class="logProbs">
      <FourStates title={TITLE} state={shown} actions={actionsOf(host)}>
        {(content) =>
          analysis === undefined ? null : <Result {...properties} content={content} analysis={analysis} />
        }
      </FourStates>
    </div>
  );
}

type Keep = <Name extends keyof Drawn>(name: Name, plot: Drawn[Name]) => void;
type ResultProperties = LogProbsViewProperties & {
  readonly content: LogProbsContent;
  readonly analysis: Analysis;
};

function Result(properties: ResultProperties) {
  const { content, analysis, settings, host, change } = properties;
  const drawn = useRef<Drawn>({ strip: null, cumulative: null, rolling: null });
  const keep: Keep = useCallback((name, plot) => {
    drawn.current[name] = plot;
  }, []);
  const keepStrip = useCallback((painter: Drawn['strip']) => keep('strip', painter), [keep]);
  const colours: Colours = analysis.second === undefined ? 'first' : settings.colours;
  const select = (unit: number, source: StripSource, reveal: boolean) => {
    const token = analysis.first.columns.atByte(byteOf(source, unit));
    host('select', {
      scoring: content.first.scoring,
      token,
      start: source.start[unit] ?? 0,
      end: source.end[unit] ?? 0,
      reveal,
    });
  };
  const jump = (passage: Passage) => {
    const { start, end } = passageText(analysis, passage);
    change({ focus: analysis.first.columns.byteStart[passage.low] ?? 0 });
    host('select', { scoring: content.first.scoring, token: passage.low, start, end, reveal: true });
  };
  const kind = analysis.source(colours).kind;
  const bytes = Number(settings.window);
  return (
    <main class="ar-view" data-state="result">
      <Head {...properties} drawn={drawn.current} colours={colours} />
      <Trouble sentence={properties.trouble} />
      <Notes content={content} host={host} />
      <div class="stage">
        <div class="main">
          <Strip
            analysis={analysis}
            settings={settings}
            colours={colours}
            cursor={properties.cursor}
            change={change}
            onSelect={select}
            onPainter={keepStrip}
          />
          <Curves {...properties} bytes={bytes} keep={keep} />
          <div class="ends">
            <PassageList
              title="Least likely passages"
              analysis={analysis}
              passages={analysis.passages(bytes, 1)}
              onJump={jump}
            />
            <PassageList
              title="Most likely passages"
              analysis={analysis}
              passages={analysis.passages(bytes, -1)}
              onJump={jump}
            />
          </div>
          <p class="ar-label">
            passages are windows of <Quantity text={formatCount(bytes)} unit="bytes" />, whole tokens, that do
            not overlap{analysis.second === undefined ? '' : '; of the first model'}
          </p>
        </div>
        <div class="rail">
          <section aria-label="Legend and histogram">
            <h2>{kind === 'surprisal' ? 'Surprisal' : 'Difference, first − second'}</h2>
            <Legend
              kind={kind}
              counts={analysis.histogram(colours)}
              of={kind === 'surprisal' ? 'tokens' : 'stretches'}
            />
            <p class="ar-label">
              {kind === 'surprisal'
                ? 'bits a token; nothing is hidden below the editor’s threshold'
                : 'below zero (blue) the first model needs fewer bits, above (orange) the second'}
            </p>
          </section>
          <Ledger content={content} characters={analysis.characters} />
          <LedgerFormulas rows={ledger(content.first.summary, analysis.characters)} />
          <ComparisonPanel
            content={content}
            characters={analysis.characters}
            wins={analysis.wins}
            onCompare={(run) => host('compare', { run })}
            onCancel={() => host('cancelCompare', undefined)}
          />
        </div>
      </div>
      <LiveRegion sentence={sentenceOf(content)} />
    </main>
  );
}

function Head(
  properties: ResultProperties & {
    readonly drawn: Drawn;
    readonly colours: Colours;
  },
) {
  const { content, analysis, host, drawn, colours, settings } = properties;
  const { summary, label } = content.first;
  const copy = (kind: string) => {
    const text =
      kind === 'csv' ? analysisCsv(analysis) : analysisJson(analysis, content, Number(settings.window));
    host('copy', { text, what: kind === 'csv' ? 'The tokens as CSV' : 'The analysis as JSON' });
  };
  const picture = () =>
    pictureOf(TITLE, sentenceOf(content), { content, analysis, drawn, colours, zoom: settings.zoom });
  return (
    <header class="ar-head">
      <div class="ar-titles">
        <h1>{TITLE}</h1>
        <p class="ar-sub">
          <Quote>{`${content.file} · ${label} · ${summary.device}`}</Quote>
        </p>
      </div>
      <div class="ar-tools">
        <Menu
          look="icon"
          name="Copy as data"
          items={[
            { id: 'csv', label: 'Copy tokens as CSV' },
            { id: 'json', label: 'Copy all as JSON' },
          ]}
          onChoose={copy}
        >
          <CopyIcon />
        </Menu>
        <SavePicture host={host} name={`log-probs-${content.file}`} picture={picture} />
      </div>
    </header>
  );
}

function Curves(
  properties: ResultProperties & {
    readonly bytes: number;
    readonly keep: Keep;
  },
) {
  const { analysis, settings, change, bytes, keep } = properties;
  const keepChart = useCallback<KeepChart>(
    (name, chart) => keep(name === 'cumulative' ? 'cumulative' : 'rolling', chart),
    [keep],
  );
  const common = {
    analysis,
    keep: keepChart,
    window: bytes,
    focus: settings.focus,
    onByte: (focus: number) => change({ focus }),
  };
  const { first, second } = analysis;
  return (
    <section class="curves" aria-label="Curves over the file">
      <div class="ar-cap">
        <h2>Bits so far</h2>
        <span class="ar-note">bits, by byte of the file</span>
        {second === undefined ? null : (
          <ul class="ar-legend" data-legend="bits">
            <li>
              <i class="ar-swatch first" /> <Quote>{first.run.label}</Quote>
            </li>
            <li>
              <i class="ar-swatch second" /> <Quote>{second.run.label}</Quote>
            </li>
          </ul>
        )}
      </div>
      <Curve {...common} kind="cumulative" />
      <div class="ar-cap">
        <h2>Rolling bits/byte</h2>
        <span class="ar-note">over the last</span>
        <Dropdown
          name="Window of the rolling curve and of the passages"
          value={settings.window}
          choices={WINDOWS.map((value) => ({ value, label: `${value} bytes` }))}
          onChoose={(window) => change({ window })}
        />
      </div>
      <Curve {...common} kind="rolling" />
    </section>
  );
}

function Ledger({ content, characters }: { readonly content: LogProbsContent; readonly characters: number }) {
  const { summary } = content.first;
  return (
    <section class="ledger" aria-label="Ledger of units">
      <h2>Ledger</h2>
      <ul>
        {ledger(summary, characters).map(({ id, how, figure }) => (
          <li key={id} title={how} data-row={id}>
            <FigureInline figure={figure} digits={3} />
          </li>
        ))}
      </ul>
      <p class="ar-label">
        windows of <Quantity text={formatCount(summary.context)} unit="tokens" />, stride{' '}
        <Quantity text={formatCount(summary.stride)} unit="tokens" />;{' '}
        <Quantity text={formatCount(summary.scored)} unit={`of ${formatCount(summary.tokens)} tokens`} />{' '}
        scored
      </p>
    </section>
  );
}

function Notes({
  content,
  host,
}: {
  readonly content: LogProbsContent;
  readonly host: Ask<LogProbsHostCalls>;
}) {
  const runs = [content.first, ...(content.comparison.kind === 'result' ? [content.comparison.second] : [])];
  const unknown = runs.filter((run) => run.summary.unknown > 0);
  if (!content.stale && unknown.length === 0) return null;
  return (
    <div class="notes">
      {unknown.map(({ run, label, summary }) => (
        <p key={run} class="ar-note note">
          Not comparable:{' '}
          <Quantity
            text={formatCount(summary.unknown)}
            unit={`of ${formatCount(summary.tokens)} tokens were never seen in the training of`}
          />{' '}
          <Quote>{label}</Quote>; it scores a stand-in for each.
        </p>
      ))}
      {content.stale ? (
        <div class="note stale">
          <p class="ar-note">The text was edited after it was scored.</p>
          <Button onPress={() => host('refresh', undefined)}>Score Again</Button>
        </div>
      ) : null}
    </div>
  );
}

function sentenceOf({ file, first }: LogProbsContent): string {
  const { nll, scored, bitsPerByte, bytes, perplexity, likelihood, stride } = first.summary;
  const bits = nll / Math.LN2;
  return `${file}: ${bits.toFixed(1)} bits over ${scored} tokens, ${bitsPerByte.toFixed(3)} bits/byte over ${bytes} bytes, PPL ${perplexity.toFixed(2)} with stride ${stride}, ${likelihood}`;
}
