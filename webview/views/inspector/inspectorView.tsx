// The Inspector as a function of its state: the token, four numbers, what was expected, where the model looked.
// The same order for every token, so that the eye learns it once.
import { NATS_PER_BIT, type Badge } from '../../../src/protocol/figure';
import type { TokenInspection } from '../../../src/protocol/inspect';
import type { InspectorContent, InspectorHostCalls } from '../../../src/protocol/inspectorView';
import type { ViewState } from '../../../src/protocol/views';
import { FormulaSection, FormulaView } from '../../formulas/formulaView';
import { FigureInline, Quantity, Quote } from '../../ui/figure';
import { formatCount, visibleToken } from '../../ui/format';
import { actionsOf, FourStates, Trouble } from '../../ui/fourStates';
import type { Ask } from '../../ui/host';
import { CopyIcon, PinIcon } from '../../ui/icons';
import { LiveRegion } from '../../ui/liveRegion';
import { Menu } from '../../ui/menu';
import { SavePicture } from '../../ui/savePicture';
import { copyInspection } from './copyInspection';
import { Expected } from './expected';
import { pictureOf } from './inspectorPicture';
import { LookedAt } from './lookedAt';
import { formatProbability } from './rows';

const TITLE = 'What is under my cursor?';

export interface InspectorViewProperties {
  readonly state: ViewState<InspectorContent>;
  /** What the host could not do, or ''. */
  readonly trouble: string;
  readonly head: string;
  readonly host: Ask<InspectorHostCalls>;
  readonly onHead: (setting: string) => void;
}

export function InspectorView(properties: InspectorViewProperties) {
  const { state, host } = properties;
  return (
    <div class="inspector">
      <FourStates title={TITLE} state={state} actions={actionsOf(host)}>
        {(content) => <Result {...properties} content={content} />}
      </FourStates>
    </div>
  );
}

function Result(properties: InspectorViewProperties & { readonly content: InspectorContent }) {
  const { content, host } = properties;
  const { inspection, pinned, stale } = content;
  const { scored, likelihood } = inspection;
  return (
    <main class="ar-view" data-state="result" data-stale={stale} aria-busy={stale && !pinned}>
      <header class="ar-row">
        <h1>{TITLE}</h1>
        <Tools content={content} host={host} />
      </header>
      <Trouble sentence={properties.trouble} />
      {pinned ? <PinnedNote stale={stale} /> : null}
      <div class="values">
        <div class="what">
          <b data-quote="" title={inspection.at.text}>
            {visibleToken(inspection.at.text)}
          </b>
          <span
            class="ar-note"
            data-quote=""
            title={`${content.file}, line ${content.line}, column ${content.column}`}
          >
            {`${content.file} ${content.line}:${content.column}`}
          </span>
        </div>
        {scored === null ? (
          <p class="ar-note unscored">
            Not scored: nothing stands before it, and this model puts no start token in front of a text.
          </p>
        ) : (
          <>
            <Numbers scored={scored} vocabulary={inspection.vocabulary} badge={likelihood} />
            <FormulaSection name="surprisal" title="Formula">
              {() => (
                <FormulaView id="surprisal" values={{ logProb: scored.logProb }}>
                  <FigureInline figure={surprisalOf(scored.logProb, likelihood)} digits={6} />
                </FormulaView>
              )}
            </FormulaSection>
            <Expected inspection={inspection} model={content.model} />
          </>
        )}
        <LookedAt
          attention={inspection.attention}
          setting={properties.head}
          onHead={properties.onHead}
          onLight={(tokens) => host('light', { tokens })}
          onSelect={(token) => host('select', { token })}
        />
      </div>
      <footer class="ar-label">
        <Quote>{inspection.device}</Quote>
        {' · '}
        <Quantity text={formatCount(inspection.before)} unit="tokens before it" />
        {', of at most '}
        <Quantity text={formatCount(inspection.context)} unit="context" hideUnit />
      </footer>
      {stale ? null : <LiveRegion sentence={spoken(content)} />}
    </main>
  );
}

function Tools({
  content,
  host,
}: {
  readonly content: InspectorContent;
  readonly host: Ask<InspectorHostCalls>;
}) {
  const { pinned } = content;
  const name = pinned ? 'Pinned: no longer follows the cursor' : 'Pin: stay with this token';
  return (
    <span class="ar-tools">
      <button
        type="button"
        class={pinned ? 'ar-icon on' : 'ar-icon'}
        aria-pressed={pinned}
        aria-label={name}
        title={name}
        onClick={() => host('pin', { pinned: !pinned })}
      >
        <PinIcon />
      </button>
      <Menu
        look="icon"
        name="Copy as data"
        items={[
          { id: 'csv', label: 'Copy as CSV' },
          { id: 'json', label: 'Copy as JSON' },
        ]}
        onChoose={(kind) => copyInspection(host, content, kind)}
      >
        <CopyIcon />
      </Menu>
      <SavePicture host={host} name="token" picture={() => pictureOf(TITLE, spoken(content), content)} />
    </span>
  );
}

function PinnedNote({ stale }: { readonly stale: boolean }) {
  return (
    <p class="ar-note pinned" role="status">
      {stale ? 'Pinned; the text has changed since.' : 'Pinned: the cursor may go on.'}
    </p>
  );
}

function Numbers(properties: {
  readonly scored: NonNullable<TokenInspection['scored']>;
  readonly vocabulary: number;
  readonly badge: Badge;
}) {
  const { scored, vocabulary, badge } = properties;
  return (
    <dl class="nums" aria-label="Numbers">
      <div data-name="surprisal">
        <dt class="ar-label">surprisal</dt>
        <dd>
          <FigureInline figure={surprisalOf(scored.logProb, badge)} digits={2} quiet />
        </dd>
      </div>
      <div data-name="rank">
        <dt class="ar-label">rank</dt>
        <dd>
          <Quantity text={formatCount(scored.rank)} unit={`of ${formatCount(vocabulary)}`} />
        </dd>
      </div>
      <div data-name="entropy">
        <dt class="ar-label" title="Of this one distribution, not an average over contexts">
          per-context entropy
        </dt>
        <dd>
          <FigureInline
            figure={{ value: bitsOf(scored.entropy), unit: 'bits', count: 1, of: 'context', badge }}
            digits={2}
            quiet
          />
        </dd>
      </div>
      <div data-name="probability">
        <dt class="ar-label">probability</dt>
        <dd>
          <Quantity text={formatProbability(Math.exp(scored.logProb))} unit="of 1" />
        </dd>
      </div>
    </dl>
  );
}

const bitsOf = (nats: number) => Math.max(0, nats / NATS_PER_BIT);

const surprisalOf = (logProb: number, badge: Badge) =>
  ({ value: bitsOf(-logProb), unit: 'bits', count: 1, of: 'token', badge }) as const;

function spoken({ inspection, file, line }: InspectorContent): string {
  const { at, scored, likelihood, vocabulary } = inspection;
  const what = `${visibleToken(at.text)}, line ${line} of ${file}`;
  if (scored === null) return `${what}: not scored`;
  const bits = (-scored.logProb / NATS_PER_BIT).toFixed(2);
  const [most] = scored.top;
  const expected = most === undefined ? '' : `; most likely was ${visibleToken(most.text)}`;
  return `${what}: ${bits} bits over 1 token, ${likelihood}, rank ${scored.rank} of ${vocabulary}${expected}`;
}
