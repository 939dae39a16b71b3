// "What does the selection’s likelihood multiply to?": figures, the chain rule with the selection's numbers, its terms.
import { useMemo } from 'preact/hooks';
import type { ScoreSelectionContent, ScoreSelectionHostCalls } from '../../../src/protocol/scoreSelection';
import type { ViewState } from '../../../src/protocol/views';
import { FormulaSection, FormulaView } from '../../formulas/formulaView';
import { Button, Progress } from '../../ui/controls';
import { FigureBlock, FigureInline, Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import { actionsOf, FourStates, Trouble } from '../../ui/fourStates';
import type { Ask } from '../../ui/host';
import { CopyIcon, PinIcon } from '../../ui/icons';
import { LiveRegion } from '../../ui/liveRegion';
import { Menu } from '../../ui/menu';
import { chainRuleLatex, termsCsv, termsJson } from './exportData';
import { figuresOf } from './figures';
import { TermList } from './termList';
import type { Terms } from './terms';
import { probabilityOf, summarySentence } from './words';

const TITLE = 'What does the selection’s likelihood multiply to?';

export interface ScoreSelectionViewProperties {
  readonly state: ViewState<ScoreSelectionContent>;
  readonly terms: Terms | undefined;
  /** Row chosen here before the host has said so; undefined where the host's is the newest. */
  readonly selected: number;
  readonly trouble: string;
  readonly host: Ask<ScoreSelectionHostCalls>;
  readonly onChoose: (row: number) => void;
}

export function ScoreSelectionView(properties: ScoreSelectionViewProperties) {
  const { state, host, terms } = properties;
  const shown: ViewState<ScoreSelectionContent> =
    state.kind === 'result' && terms === undefined
      ? { kind: 'working', doing: 'Reading the scores', cancel: false }
      : state;
  return (
    <div class="scoreSelection">
      <FourStates title={TITLE} state={shown} actions={actionsOf(host)}>
        {(content) =>
          terms === undefined ? null : <Result {...properties} content={content} terms={terms} />
        }
      </FourStates>
    </div>
  );
}

type ResultProperties = ScoreSelectionViewProperties & {
  readonly content: ScoreSelectionContent;
  readonly terms: Terms;
};

function Result(properties: ResultProperties) {
  const { content, terms, host, selected, onChoose } = properties;
  const { scoring, summary } = content;
  const figures = useMemo(() => figuresOf(summary), [summary]);
  const { logProb } = terms;
  const [nats, bits, tokens] = [figures.nats.value, figures.bits.value, summary.scored];
  return (
    <main class="ar-view" data-state="result" aria-busy={content.share !== undefined}>
      <Head {...properties} />
      <Trouble sentence={properties.trouble} />
      {content.share === undefined ? null : <Progress name="Scoring the selection" share={content.share} />}
      <Notes content={content} host={host} />
      <section class="figures" aria-label="Figures">
        <FigureBlock
          label="joint probability"
          figure={figures.joint}
          text={probabilityOf(-figures.nats.value, 6).replace(/^(0\.\d*?)0+$/, '$1')}
        />
        <FigureBlock label="nats" figure={figures.nats} digits={6} />
        <FigureBlock label="bits" figure={figures.bits} digits={6} />
        <FigureBlock label="bits per token" figure={figures.perToken} digits={6} />
        <FigureBlock label="perplexity" figure={figures.perplexity} digits={6}>
          , <Quantity text={formatCount(summary.stride)} unit="tokens of stride" />
        </FigureBlock>
      </section>
      <div class="stage">
        <FormulaView id="chainRule" values={{ logProb }} />
        <TermList
          content={content}
          terms={terms}
          selected={selected}
          onChoose={onChoose}
          onLight={(rows) => host('light', { scoring, rows })}
        />
      </div>
      <FormulaSection name="units" title="The same in nats, bits and PPL">
        {() => (
          <>
            <FormulaView id="negativeLogLikelihood" values={{ logProb }}>
              <FigureInline figure={figures.nats} digits={6} />
            </FormulaView>
            <FormulaView id="bits" values={{ nats }}>
              <FigureInline figure={figures.bits} digits={6} />
            </FormulaView>
            <FormulaView id="bitsPerToken" values={{ bits, tokens }}>
              <FigureInline figure={figures.perToken} digits={6} />
            </FormulaView>
            <FormulaView id="bitsPerByte" values={{ bits, bytes: summary.bytes }}>
              <FigureInline figure={figures.perByte} digits={6} />
            </FormulaView>
            <FormulaView id="perplexity" values={{ nats, tokens }}>
              <FigureInline figure={figures.perplexity} digits={6} />
            </FormulaView>
          </>
        )}
      </FormulaSection>
      <LiveRegion sentence={summarySentence(content)} />
    </main>
  );
}

function Head({ content, terms, host }: ResultProperties) {
  const { pinned, summary } = content;
  const pin = pinned ? 'Pinned: no longer follows the selection' : 'Pin: stay with this selection';
  const copy = (what: string) => {
    if (what === 'csv') host('copy', { text: termsCsv(content, terms), what: 'The terms as CSV' });
    else if (what === 'json') host('copy', { text: termsJson(content, terms), what: 'All as JSON' });
    else host('copy', { text: chainRuleLatex(terms), what: 'The chain rule as LaTeX' });
  };
  return (
    <header class="ar-head">
      <div class="ar-titles">
        <h1>{TITLE}</h1>
        <p class="ar-sub">
          <Quote>{`${content.file} · ${content.label} · ${summary.device}`}</Quote>
        </p>
      </div>
      <div class="ar-tools" role="toolbar" aria-label="Selection">
        <button
          type="button"
          class={pinned ? 'ar-icon on' : 'ar-icon'}
          aria-pressed={pinned}
          aria-label={pin}
          title={pin}
          onClick={() => host('pin', { pinned: !pinned })}
        >
          <PinIcon />
        </button>
        <Menu
          look="icon"
          name="Copy as data"
          items={[
            { id: 'csv', label: 'Copy the terms as CSV' },
            { id: 'json', label: 'Copy all as JSON' },
            { id: 'latex', label: 'Copy the chain rule as LaTeX' },
          ]}
          onChoose={copy}
        >
          <CopyIcon />
        </Menu>
      </div>
    </header>
  );
}

/** What was scored, in words: the part of the text, what whole tokens added to it, what stands before it. */
function Notes({
  content,
  host,
}: {
  readonly content: ScoreSelectionContent;
  readonly host: Ask<ScoreSelectionHostCalls>;
}) {
  const { what, from, to, widened, summary, first, pinned, stale } = content;
  const { before, behind } = widened;
  const place = (at: { readonly line: number; readonly column: number }) => (
    <Quantity text={`${formatCount(at.line)}:${formatCount(at.column)}`} unit="line and column" hideUnit />
  );
  const units = (count: number, where: string) =>
    count === 0 ? null : (
      <>
        {' '}
        <Quantity text={formatCount(count)} unit={`UTF-16 ${count === 1 ? 'unit' : 'units'} ${where}`} />
      </>
    );
  return (
    <div class="notes">
      <p class="ar-note">
        {what === 'line' ? 'Nothing is selected: the cursor’s line, from ' : 'The selection, from '}
        {place(from)} to {place(to)}
        {pinned ? ', pinned' : ''}. Each token is given the text before it, from the file’s start or as far as
        the model’s window of <Quantity text={formatCount(summary.context)} unit="tokens" /> reaches;{' '}
        <Quantity text={formatCount(first)} unit={first === 1 ? 'token stands' : 'tokens stand'} /> before the
        first.
      </p>
      {before + behind === 0 ? null : (
        <p class="ar-note note" data-note="widened">
          The selection cuts a token: whole tokens are scored,{units(before, 'more before it')}
          {before > 0 && behind > 0 ? ' and' : ''}
          {units(behind, 'more behind it')}.
        </p>
      )}
      {summary.scored === summary.tokens ? null : (
        <p class="ar-note note">
          The text’s first token has nothing before it and is not scored: it is no factor of the product.
        </p>
      )}
      {summary.unknown === 0 ? null : (
        <p class="ar-note note">
          Not comparable:{' '}
          <Quantity
            text={formatCount(summary.unknown)}
            unit={`of ${formatCount(summary.tokens)} tokens were never seen in training`}
          />
          ; a stand-in is scored for each.
        </p>
      )}
      {stale ? (
        <div class="note stale">
          <p class="ar-note">The text was edited after this was scored.</p>
          {pinned ? <Button onPress={() => host('refresh', undefined)}>Score Again</Button> : null}
        </div>
      ) : null}
    </div>
  );
}
