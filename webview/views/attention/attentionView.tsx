// The whole attention view as a function of its state: small maps beside one in full, legend and figures below.
import { useMemo, useRef, useState } from 'preact/hooks';
import type {
  AttentionContent,
  AttentionHostCalls,
  AttentionLook,
} from '../../../src/protocol/attentionView';
import type { AttentionKind } from '../../../src/protocol/engine';
import type { ViewState } from '../../../src/protocol/views';
import { Segments } from '../../ui/controls';
import { Quantity, Quote } from '../../ui/figure';
import { actionsOf, FourStates, Trouble } from '../../ui/fourStates';
import { formatCount, formatValue } from '../../ui/format';
import { useTheme, useWidth } from '../../ui/hooks';
import type { Ask } from '../../ui/host';
import { CopyIcon } from '../../ui/icons';
import { LiveRegion } from '../../ui/liveRegion';
import { Menu } from '../../ui/menu';
import type { Picture } from '../../ui/picture';
import { SavePicture } from '../../ui/savePicture';
import { readColours } from './colours';
import { mapCsv, mapJson, rowCsv } from './exportData';
import type { Pointed } from './fullMap';
import { FullMap, canZoom } from './fullMap';
import { FullView } from './fullView';
import { Legend, legendKeys } from './legend';
import { Readout } from './readout';
import { RowFormulas } from './rowFormulas';
import type { Settings } from './settings';
import { SmallMaps } from './smallMaps';
import { neighbour, SmallView } from './smallView';
import { nameOf, reachOf, rowSentence } from './words';

const TITLE = 'Who looks at whom?';
const NARROW = 700;

export interface AttentionViewProperties {
  readonly state: ViewState<AttentionContent>;
  readonly trouble: string;
  readonly settings: Settings;
  readonly host: Ask<AttentionHostCalls>;
  readonly change: (part: Partial<Settings>) => void;
  readonly onLook: (look: AttentionLook) => void;
  readonly onChoose: (position: number) => void;
}

export function AttentionView(properties: AttentionViewProperties) {
  const { state, host } = properties;
  return (
    <FourStates title={TITLE} state={state} actions={actionsOf(host)}>
      {(content) => <Result {...properties} content={content} />}
    </FourStates>
  );
}

function Result(properties: AttentionViewProperties & { readonly content: AttentionContent }) {
  const { content, settings, host, change, onLook, onChoose } = properties;
  const { look, layers, heads, window: shown } = content;
  const [pointed, setPointed] = useState<Pointed>();
  const theme = useTheme();
  const colours = useMemo(() => readColours(theme), [theme]);
  const maps = useMemo(() => new SmallMaps(), []);
  const full = useMemo(() => new FullMap(), []);
  const main = useRef<HTMLElement>(null);
  const width = useWidth(main);
  const narrow = width < NARROW;
  const half = Math.floor((width - 24) / 2);
  const [smallWidth, fullWidth] = narrow
    ? [width, width]
    : [Math.min(half, 548), width - 24 - Math.min(half, 548)];
  const point = (next: Pointed | undefined) => {
    if (next?.row === pointed?.row && next?.column === pointed?.column) return;
    setPointed(next);
    host('light', { positions: next === undefined ? [] : [...new Set([next.row, next.column])] });
  };
  const go = (next: AttentionLook) => {
    if (next.kind !== look.kind || next.layer !== look.layer || next.head !== look.head) onLook(next);
  };
  const copy = (kind: string) => {
    const row = Math.max(0, content.selected);
    const text = {
      row: () => rowCsv(content, row),
      csv: () => mapCsv(content),
      json: () => mapJson(content),
    }[kind];
    if (text !== undefined) host('copy', { text: text(), what: `Attention (${kind})` });
  };
  const picture = (): Picture => ({
    title: TITLE,
    subtitle: `${content.file} · ${content.model}`,
    description: content.selected < 0 ? '' : rowSentence(content, content.selected),
    legend: legendKeys(colours),
    paintings: [maps.painting(), full.painting(theme, colours)].filter((one) => one !== undefined),
    theme,
  });
  return (
    <main class={narrow ? 'ar-view attention narrow' : 'ar-view attention'} data-state="result">
      <header class="ar-head">
        <div class="ar-titles">
          <h1>{TITLE}</h1>
          <About content={content} />
        </div>
        <div class="ar-tools" role="toolbar" aria-label="Attention">
          <Menu
            look="icon"
            name="Copy as data"
            items={[
              { id: 'row', label: 'Copy the selected row as CSV' },
              { id: 'csv', label: 'Copy the map as CSV' },
              { id: 'json', label: 'Copy the map as JSON' },
            ]}
            onChoose={copy}
          >
            <CopyIcon />
          </Menu>
          <SavePicture host={host} name="attention" picture={picture} />
        </div>
      </header>
      <Trouble sentence={properties.trouble} />
      <section class="stage" ref={main}>
        <div class="all">
          <div class="ar-cap">
            <h2>All maps</h2>
            <Segments<AttentionKind>
              name="What a map shows"
              value={look.kind}
              choices={[
                { value: 'heads', label: 'Heads' },
                { value: 'mean', label: 'Mean over heads' },
                { value: 'rollout', label: 'Rollout' },
              ]}
              onChoose={(kind) => go({ ...look, kind })}
            />
          </div>
          <SmallView
            maps={maps}
            content={content}
            look={look}
            width={smallWidth}
            theme={theme}
            colours={colours}
            row={pointed?.row ?? content.selected}
            onLook={go}
          />
          <p class="ar-note">
            {content.small === undefined ? (
              <span role="status">Computing the small maps…</span>
            ) : (
              <>
                Bar: mean entropy, of at most{' '}
                <Quantity text={formatValue(content.small.ceiling[look.layer] ?? NaN, 2)} unit="bits" /> in{' '}
                <Quote>{reachOf(look)}</Quote>.
              </>
            )}{' '}
            <Meaning look={look} />
          </p>
        </div>
        <div class="full">
          <div class="ar-cap">
            <h2>
              <Quote>{nameOf(look)}</Quote>
            </h2>
            {canZoom(shown.length, fullWidth, narrow) ? (
              <Segments
                name="How large"
                value={settings.zoom}
                choices={[
                  { value: 'tokens', label: 'Tokens' },
                  { value: 'whole', label: 'Whole' },
                ]}
                onChoose={(zoom) => change({ zoom })}
              />
            ) : null}
            <span class="ar-note hint">
              <kbd>↑</kbd> <kbd>↓</kbd> token <kbd>[</kbd> <kbd>]</kbd> map
            </span>
          </div>
          <FullView
            map={full}
            content={content}
            zoom={settings.zoom}
            width={fullWidth}
            narrow={narrow}
            theme={theme}
            colours={colours}
            pointed={pointed}
            onPoint={point}
            onChoose={onChoose}
            onStep={(step) => go(neighbour(look, step, layers, heads))}
          />
          <div class="foot">
            <Readout content={content} pointed={pointed} />
            <Legend colours={colours} />
          </div>
          <RowFormulas
            content={content}
            column={pointed?.row === content.selected ? pointed.column : undefined}
            onWant={(position) => host('row', { position })}
          />
        </div>
      </section>
      <p class="ar-note last">
        A token’s row is what the model looked at when it had read that token and predicted the next one. The
        tick beside a row is the most its entropy can be: log₂ of the tokens it may see.
      </p>
      <LiveRegion sentence={content.selected < 0 ? '' : rowSentence(content, content.selected)} />
    </main>
  );
}

function About({ content }: { readonly content: AttentionContent }) {
  const { window: shown, layers, heads, stale } = content;
  const first = shown.token.find((token) => token >= 0) ?? 0;
  const last = shown.token[shown.length - 1] ?? 0;
  const count = (value: number, unit: string) => <Quantity text={formatCount(value)} unit={unit} />;
  return (
    <p class="ar-sub">
      <Quote>{`${content.file} · ${content.model}`}</Quote>
      {' · '}
      {count(layers, layers === 1 ? 'layer' : 'layers')} × {count(heads, heads === 1 ? 'head' : 'heads')}
      {' · window of tokens '}
      <Quantity
        text={`${formatCount(first + 1)} to ${formatCount(last + 1)}`}
        unit="tokens"
        hideUnit
      /> of <Quantity text={formatCount(shown.tokens)} unit="tokens" hideUnit />
      {shown.token[0] === -1 ? ' after the start token' : ''}
      {', context '}
      {count(shown.context, 'tokens')}
      {stale ? ' · of the text before the last edit' : ''}
    </p>
  );
}

function Meaning({ look }: { readonly look: AttentionLook }) {
  if (look.kind === 'heads') return null;
  if (look.kind === 'mean') return <>The mean over a layer’s heads: no head need look like it.</>;
  return (
    <>
      Attention rollout (Abnar and Zuidema <Quantity text="2020" unit="year" hideUnit />
      ): half the mean over heads and half the residual, multiplied over the layers. An estimate of where
      information came from, not something the model computes.
    </>
  );
}
