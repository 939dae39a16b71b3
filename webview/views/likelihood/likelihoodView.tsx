// The side view of the annotations as a function of its state: legend and histogram in one, threshold, figures, worst.
import type { LikelihoodContent, LikelihoodHostCalls, ViewState } from '../../../src/protocol/views';
import { Slider } from '../../ui/controls';
import { toCsv, toJson } from '../../ui/copyAsData';
import { FigureBlock, FigureInline, Quantity, Quote } from '../../ui/figure';
import { actionsOf, FourStates, Trouble } from '../../ui/fourStates';
import { formatCount } from '../../ui/format';
import type { Ask } from '../../ui/host';
import { Histogram, type HistogramBin } from '../../plots/histogram';
import { histogramPainting } from '../../plots/histogramPainter';
import { CopyIcon } from '../../ui/icons';
import { LiveRegion } from '../../ui/liveRegion';
import { Menu } from '../../ui/menu';
import type { Picture } from '../../ui/picture';
import { SavePicture } from '../../ui/savePicture';
import { readTheme } from '../../ui/theme';
import { BINS, hiddenCount, surprisalBins } from './bins';
import { WorstList } from './worstList';

const TITLE = 'How likely is this text?';

export interface LikelihoodViewProperties {
  readonly state: ViewState<LikelihoodContent>;
  /** What the host could not do, or ''. */
  readonly trouble: string;
  /** The threshold while the thumb moves, before the host has answered. */
  readonly threshold: number;
  readonly host: Ask<LikelihoodHostCalls>;
  readonly onThreshold: (bits: number) => void;
}

export function LikelihoodView(properties: LikelihoodViewProperties) {
  const { state, host } = properties;
  return (
    <div class="likelihood">
      <FourStates title={TITLE} state={state} actions={actionsOf(host)}>
        {(content) => <Result {...properties} content={content} />}
      </FourStates>
    </div>
  );
}

function Result(properties: LikelihoodViewProperties & { readonly content: LikelihoodContent }) {
  const { content, threshold, host, onThreshold } = properties;
  const bins = surprisalBins(content.histogram, threshold);
  const tokens = content.histogram.reduce((sum, count) => sum + count, 0);
  const badge = content.figures[0]?.badge ?? 'none';
  const bits = threshold.toFixed(threshold % 1 === 0 ? 0 : 1);
  return (
    <main class="ar-view" data-state="result">
      <header class="ar-row">
        <h1>{TITLE}</h1>
        <span class="ar-tools">
          <Menu
            look="icon"
            name="Copy as data"
            items={[
              { id: 'csv', label: 'Copy as CSV' },
              { id: 'json', label: 'Copy as JSON' },
            ]}
            onChoose={(kind) => copyContent(host, content, kind)}
          >
            <CopyIcon />
          </Menu>
          <SavePicture host={host} name="likelihood" picture={() => pictureOf(content, bins)} />
        </span>
      </header>
      <p class="ar-note file" title={content.file}>
        <Quote>{content.file}</Quote>
      </p>
      <Trouble sentence={properties.trouble} />
      <Figures content={content} />
      <section aria-label="Surprisal">
        <div class="ar-row">
          <h2>Surprisal</h2>
          <span class="ar-note">
            <Quantity text={formatCount(tokens)} unit={tokens === 1 ? 'token' : 'tokens'} />
          </span>
        </div>
        <Histogram name="Tokens by surprisal" unit="bits" of="tokens" bins={bins} />
        <p class="ar-label">
          bits a token; underlined from <Quantity text="8" unit="bits" />
        </p>
      </section>
      <section aria-label="Threshold">
        <div class="ar-row">
          <h2>Hide below</h2>
          <span>
            <Quantity text={bits} unit="bits" />
          </span>
        </div>
        <Slider
          name="Hide tokens below this surprisal"
          value={threshold}
          minimum={0}
          maximum={BINS}
          step={0.5}
          label={`${bits} bits`}
          onSlide={onThreshold}
        />
        <p class="ar-label">
          {Number.isInteger(threshold) && threshold < BINS ? 'hides' : 'hides at least'}{' '}
          <Quantity
            text={formatCount(hiddenCount(bins))}
            unit={`of ${formatCount(tokens)} ${tokens === 1 ? 'token' : 'tokens'}`}
          />
        </p>
      </section>
      <section aria-label="Most surprising tokens">
        <div class="ar-row">
          <h2>Most surprising</h2>
          <span class="ar-note" data-quote="" title="Next surprising token">
            <kbd>Alt</kbd> <kbd>F8</kbd>
          </span>
        </div>
        {content.worst.length === 0 ? <p class="ar-note">Nothing stands out.</p> : null}
        <WorstList worst={content.worst} badge={badge} onReveal={(token) => host('reveal', { token })} />
      </section>
      <Notes content={content} />
      <LiveRegion sentence={`${content.file}: ${spoken(content).join(', ')}`} />
    </main>
  );
}

function Figures({ content }: { readonly content: LikelihoodContent }) {
  const [first, ...others] = content.figures;
  if (first === undefined) return null;
  return (
    <section class="answers" aria-label="Figures">
      <FigureBlock figure={first} />
      {others.map((figure) => (
        <div key={figure.unit} class="ar-note">
          <FigureInline figure={figure} digits={figure.unit === 'perplexity' ? 2 : 3} />
        </div>
      ))}
    </section>
  );
}

function Notes({ content }: { readonly content: LikelihoodContent }) {
  const { window: sliding } = content;
  return (
    <footer>
      {content.note === undefined ? null : (
        <p class="note">
          <Quote>{content.note}</Quote>
        </p>
      )}
      <p class="ar-label">
        <Quote>{`${content.model} · ${content.device}`}</Quote>
        {sliding === undefined ? null : (
          <>
            {' · '}
            <Quantity text={formatCount(sliding.context)} unit="context" before />
            {', '}
            <Quantity text={formatCount(sliding.stride)} unit="stride" before /> tokens
          </>
        )}
      </p>
    </footer>
  );
}

/** Each figure in words; a perplexity with the stride that it depends on. */
function spoken({ figures, window: sliding }: LikelihoodContent): string[] {
  return figures.map(({ value, unit, count, of, badge }) => {
    const stride = unit !== 'perplexity' || sliding === undefined ? '' : `stride ${sliding.stride}, `;
    return `${value.toFixed(3)} ${unit} over ${count} ${of}, ${stride}${badge}`;
  });
}

function pictureOf(content: LikelihoodContent, bins: readonly HistogramBin[]): Picture {
  const theme = readTheme();
  const hidden = bins.some(({ hollow }) => hollow);
  return {
    title: TITLE,
    subtitle: `${content.file} · ${content.model} · ${spoken(content).join(' · ')}`,
    description: bins.map(({ range, count }) => `${range} bits: ${count} tokens`).join('; '),
    legend: [
      {
        kind: 'scale',
        colours: bins.map(({ colour }) => theme.color(colour)),
        marks: [0, 4, 8].map((bits) => ({ at: bits / BINS, text: String(bits) })),
        label: 'surprisal, bits a token',
      },
      ...(hidden
        ? [
            {
              kind: 'outline',
              colour: theme.color('ar-bar-rim'),
              label: 'below the threshold: not drawn',
            } as const,
          ]
        : []),
    ],
    paintings: [histogramPainting(bins, theme, 'Tokens by surprisal, bits')],
    theme,
  };
}

function copyContent(host: Ask<LikelihoodHostCalls>, content: LikelihoodContent, kind: string): void {
  const { histogram, worst, ...about } = content;
  const badge = content.figures[0]?.badge ?? 'none';
  const bins = [
    { name: 'surprisal from (bits)', values: histogram.map((_, bin) => bin) },
    { name: 'tokens', values: histogram },
  ];
  const columns = [
    { name: 'token index', values: worst.map((one) => one.token) },
    { name: 'line', values: worst.map((one) => one.line) },
    { name: 'text', values: worst.map((one) => one.text) },
    { name: `surprisal (bits over 1 token, ${badge})`, values: worst.map((one) => one.bits) },
  ];
  const text = kind === 'csv' ? toCsv(columns) : toJson(about, { histogram: bins, worst: columns });
  host('copy', {
    text,
    what: kind === 'csv' ? 'The most surprising tokens as CSV' : 'The likelihood as JSON',
  });
}
