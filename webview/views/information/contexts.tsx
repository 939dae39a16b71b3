// The selected token with ever shorter contexts: surprisal and entropy as a chart, every number and gain as a table.
import { useMemo } from 'preact/hooks';
import type { AblationReport, AblationRow } from '../../../src/protocol/information';
import type { InformationAblation } from '../../../src/protocol/informationView';
import { LineChart } from '../../plots/lineChart';
import { PlotFrame, type KeepChart } from '../../plots/plotFrame';
import { linearTicks } from '../../plots/ticks';
import { Segments } from '../../ui/controls';
import { FigureInline, Quantity, Quote } from '../../ui/figure';
import { formatCount, formatValue, visibleToken } from '../../ui/format';
import type { Theme } from '../../ui/theme';
import type { Marginal, Settings } from './settings';
import { contextName, rowsOf } from './contextRows';
import { contextsSentence } from './words';

interface Properties {
  readonly ablation: InformationAblation;
  readonly settings: Settings;
  readonly change: (part: Partial<Settings>) => void;
  readonly keep: KeepChart;
}

export function Contexts(properties: Properties) {
  const { ablation } = properties;
  const report =
    ablation.kind === 'result' ? ablation.report : ablation.kind === 'working' ? ablation.before : null;
  return (
    <section class="contexts" aria-label="Context ablation" aria-busy={ablation.kind === 'working'}>
      <div class="ar-cap">
        <h2>What the context is worth</h2>
        {report === null || !report.bos ? null : <Choices {...properties} report={report} />}
      </div>
      {ablation.kind === 'failed' ? (
        <p class="ar-failed" role="alert">
          <Quote>{ablation.sentence}</Quote>
        </p>
      ) : null}
      {ablation.kind === 'none' || (ablation.kind === 'working' && report === null) ? (
        <p class="ar-note" role="status">
          Shortening the context…
        </p>
      ) : null}
      {report === null ? null : (
        <Report {...properties} report={report} stale={ablation.kind === 'working'} />
      )}
    </section>
  );
}

function Choices({ settings, change }: Properties & { readonly report: AblationReport }) {
  return (
    <div class="choices">
      <Segments
        name="Before the shortened context"
        value={settings.front}
        choices={[
          { value: 'start', label: 'start token' },
          { value: 'nothing', label: 'nothing' },
        ]}
        onChoose={(front) => change({ front })}
      />
      <Segments<Marginal>
        name="Gain against"
        value={settings.marginal}
        choices={[
          { value: 'unigram', label: 'gain over unigram' },
          { value: 'model', label: 'over start alone' },
        ]}
        onChoose={(marginal) => change({ marginal })}
      />
    </div>
  );
}

function Report(properties: Properties & { readonly report: AblationReport; readonly stale: boolean }) {
  const { report, settings, keep, stale } = properties;
  const { front } = settings;
  const marginal: Marginal = report.marginals.model === null ? 'unigram' : settings.marginal;
  const rows = useMemo(() => rowsOf(report, front), [report, front]);
  if (report.full === null) {
    return (
      <p class="ar-note">
        <Token report={report} /> is the first of the text, and the model has no start token: without any
        context it gives no number.
      </p>
    );
  }
  return (
    <div class={stale ? 'stale' : undefined}>
      <p class="ar-note">
        <Token report={report} /> when the model sees only the last tokens before it.{' '}
        {report.bos
          ? front === 'start'
            ? 'The start token stands in front, as if the text began there; with no token it stands alone.'
            : 'Nothing stands in front; with no token the start token stands alone, since a model must read something.'
          : 'The model has no start token, so there is no number without any context.'}
      </p>
      <div role="img" aria-label={contextsSentence(report, rows)}>
        <PlotFrame name="contexts" keep={keep} input={rows} draw={drawContexts} />
      </div>
      <ul class="ar-legend" data-legend="bits">
        <li>
          <i class="ar-swatch one" /> per-context entropy, bits
        </li>
        <li>
          <i class="ar-swatch two" /> surprisal of the token, bits
        </li>
      </ul>
      <ContextTable report={report} rows={rows} marginal={marginal} />
      <MarginalNote report={report} marginal={marginal} />
    </div>
  );
}

function Token({ report }: { readonly report: AblationReport }) {
  return (
    <>
      <Quantity text={formatCount(report.at.token + 1)} unit="token" before />{' '}
      <span class="token" data-quote="">
        {visibleToken(report.at.text)}
      </span>
    </>
  );
}

function ContextTable(properties: {
  readonly report: AblationReport;
  readonly rows: readonly AblationRow[];
  readonly marginal: Marginal;
}) {
  const { report, rows, marginal } = properties;
  const one = (nats: number) => ({
    value: nats / Math.LN2,
    unit: 'bits',
    count: 1,
    of: 'token',
    badge: report.likelihood,
  });
  const gained = (bits: number | undefined) =>
    bits === undefined ? null : <Quantity text={signed(bits)} unit="bits" hideUnit />;
  return (
    <table class="numbers contexts-table">
      <caption class="ar-hidden">Surprisal, per-context entropy and gain by length of the context</caption>
      <thead class="ar-label">
        <tr>
          <th scope="col">context</th>
          <th scope="col">surprisal, bits</th>
          <th scope="col">per-context entropy, bits</th>
          <th scope="col">gain in entropy, bits</th>
          <th scope="col">gain for the token, bits</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const gain = row.gain[marginal];
          const full = row.tokens === report.full?.tokens && row.start === report.full.start;
          return (
            <tr key={contextName(row)} data-context={`${row.start ? 'start' : 'alone'} ${row.tokens}`}>
              <th scope="row">
                <Quantity text={contextName(row)} unit="tokens" hideUnit />
                {full ? <span class="ar-label"> as scored</span> : null}
              </th>
              <td>
                <FigureInline figure={one(-row.logProb)} quiet />
              </td>
              <td>
                <FigureInline figure={one(row.entropy)} quiet />
              </td>
              <td>{gained(gain?.entropyBits)}</td>
              <td>{gained(gain?.tokenBits)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function MarginalNote({
  report,
  marginal,
}: {
  readonly report: AblationReport;
  readonly marginal: Marginal;
}) {
  const { unigram, model } = report.marginals;
  const from = marginal === 'model' && model !== null ? model : unigram;
  const value = (nats: number) => <Quantity text={formatValue(nats / Math.LN2)} unit="bits" />;
  return (
    <p class="ar-note">
      Pointwise gain over{' '}
      {marginal === 'model' ? (
        'the model with its start token alone'
      ) : (
        <>
          the plug-in unigram of this file’s <Quantity text={formatCount(report.tokens)} unit="tokens" />
        </>
      )}
      , whose per-context entropy is {value(from.entropy)} and which gives this token {value(-from.logProb)}{' '}
      of surprisal. It may be negative: a context can make the model less sure, or mislead it.
    </p>
  );
}

const signed = (bits: number): string =>
  bits === 0 ? '0.000' : `${bits < 0 ? '−' : '+'}${formatValue(Math.abs(bits))}`;

function drawContexts(element: HTMLElement, theme: Theme, rows: readonly AblationRow[]): LineChart {
  const entropy = rows.map((row) => row.entropy / Math.LN2);
  const surprisal = rows.map((row) => -row.logProb / Math.LN2);
  const most = Math.max(...entropy, ...surprisal.filter(Number.isFinite), 0.1);
  const line = (token: string, dash: number[]) => ({
    stroke: theme.color(token),
    dash,
    width: 1.5,
    markers: 6,
  });
  const chart = new LineChart(element, {
    width: element.clientWidth,
    height: 200,
    left: 44,
    right: 20,
    top: 8,
    bottom: 24,
    scale: 'linear',
    theme,
    xNames: rows.map(({ tokens }) => formatCount(tokens)),
    looks: [line('ar-line-4', [4, 2]), line('ar-line-1', [])],
    xRange: () => [0, Math.max(1, rows.length - 1)],
    yRange: () => [0, most * 1.08],
    yTicks: ([low, high]) => linearTicks(low, high, 5),
    under: () => undefined,
    over: () => undefined,
    onCursor: () => undefined,
  });
  const x = rows.map((_, place) => place);
  chart.setLines([surprisal, entropy].map((y) => ({ x, y })));
  return chart;
}
