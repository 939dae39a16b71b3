// The token at the cursor: four numbers, what was expected, where the model looked.
import { NATS_PER_BIT } from '../../../src/protocol/figure';
import type { InspectedToken, InspectorHostCalls } from '../../../src/protocol/inspectorView';
import { FormulaSection, FormulaView } from '../../formulas/formulaView';
import { FigureInline, Quantity, Quote } from '../../ui/figure';
import { formatCount, visibleToken } from '../../ui/format';
import { Trouble } from '../../ui/fourStates';
import type { Ask } from '../../ui/host';
import { LiveRegion } from '../../ui/liveRegion';
import { copyInspection } from './copyInspection';
import { Expected } from './expected';
import { pictureOf } from './inspectorPicture';
import { LookedAt } from './lookedAt';
import { Numbers, surprisalOf } from './numbers';
import { distribution } from './rows';
import { PinnedNote, Tools } from './tools';

export function TokenResult(properties: {
  readonly title: string;
  readonly content: InspectedToken;
  readonly trouble: string;
  readonly head: string;
  readonly host: Ask<InspectorHostCalls>;
  readonly onHead: (setting: string) => void;
}) {
  const { title, content, host } = properties;
  const { inspection, pinned, stale } = content;
  const { scored, likelihood } = inspection;
  return (
    <main class="ar-view" data-state="result" data-stale={stale} aria-busy={stale && !pinned}>
      <header class="ar-row">
        <h1>{title}</h1>
        <Tools
          of="token"
          pinned={pinned}
          host={host}
          onCopy={(kind) => copyInspection(host, content, kind)}
          picture={() => pictureOf(title, spoken(content), content)}
        />
      </header>
      <Trouble sentence={properties.trouble} />
      {pinned ? (
        <PinnedNote>
          {stale ? 'Pinned; the text has changed since.' : 'Pinned: the cursor may go on.'}
        </PinnedNote>
      ) : null}
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
            <Numbers {...scored} values={inspection.vocabulary} of="token" badge={likelihood} />
            <FormulaSection name="surprisal" title="Formula">
              {() => (
                <FormulaView id="surprisal" values={{ logProb: scored.logProb }}>
                  <FigureInline figure={surprisalOf(scored.logProb, 'token', likelihood)} digits={6} />
                </FormulaView>
              )}
            </FormulaSection>
            <Expected
              of="token"
              distribution={distribution(inspection)}
              model={content.model}
              badge={likelihood}
            />
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

function spoken({ inspection, file, line }: InspectedToken): string {
  const { at, scored, likelihood, vocabulary } = inspection;
  const what = `${visibleToken(at.text)}, line ${line} of ${file}`;
  if (scored === null) return `${what}: not scored`;
  const bits = (-scored.logProb / NATS_PER_BIT).toFixed(2);
  const [most] = scored.top;
  const expected = most === undefined ? '' : `; most likely was ${visibleToken(most.text)}`;
  return `${what}: ${bits} bits over 1 token, ${likelihood}, rank ${scored.rank} of ${vocabulary}${expected}`;
}
