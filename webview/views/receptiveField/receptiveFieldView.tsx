// "What does it really see?": two stacks on one grid, what their output sees at a depth, as a function of the state.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { FieldSettings } from '../../../src/protocol/receptiveField';
import type {
  ReceptiveFieldContent,
  ReceptiveFieldHostCalls,
} from '../../../src/protocol/receptiveFieldView';
import type { ViewState } from '../../../src/protocol/views';
import { Segments } from '../../ui/controls';
import { Quote } from '../../ui/figure';
import { actionsOf, FourStates, Trouble } from '../../ui/fourStates';
import { useTheme, useWidth } from '../../ui/hooks';
import type { Ask } from '../../ui/host';
import { CopyIcon } from '../../ui/icons';
import { LiveRegion } from '../../ui/liveRegion';
import { Menu } from '../../ui/menu';
import { SavePicture } from '../../ui/savePicture';
import { Answer } from './answer';
import { Builder } from './builder';
import { DepthBar } from './depthBar';
import { fieldCsv, fieldJson } from './exportData';
import { EffectiveSection } from './effectiveSection';
import { FieldGrid } from './fieldGrid';
import { fieldPicture } from './fieldPicture';
import { GatesSection } from './gatesSection';
import { Legend } from './legend';
import { MaskSection } from './maskSection';
import { MeasuredSection } from './measuredSection';
import { paintOrder } from './orderPainter';
import { orderPath, orderSentence } from './orderPath';
import { gridWidth, LEFT, paintField, RIGHT, type GridSight } from './painter';
import { changedOf, maskWish, wishOf, type Settings } from './settings';
import { cellsOf, countStates, layoutOf, outputCell, statesAt } from './states';
import { answerSentence, cellSentence, CHANNELS, placeWords, settingsWords, TITLE } from './words';

const LARGEST_CELL = 20;
/** Where steps are numbered in the cells. */
const LARGEST_NUMBERED = 28;
const SMALLEST_CELL = 4;
const RAIL = 256;
const GAP = 24;
/** Grids stand under one another below the first, the rail under both below the second. */
const [NARROW, MEDIUM] = [560, 960];

export interface ReceptiveFieldViewProperties {
  readonly state: ViewState<ReceptiveFieldContent>;
  readonly trouble: string;
  readonly settings: Settings;
  readonly host: Ask<ReceptiveFieldHostCalls>;
  readonly change: (part: Partial<Settings>) => void;
}

export function ReceptiveFieldView(properties: ReceptiveFieldViewProperties) {
  const { state, host } = properties;
  return (
    <FourStates title={TITLE} state={state} actions={actionsOf(host)}>
      {(content) => <Result {...properties} content={content} />}
    </FourStates>
  );
}

function Result(properties: ReceptiveFieldViewProperties & { readonly content: ReceptiveFieldContent }) {
  const { content, settings, host, change } = properties;
  const { report, name } = content;
  const { channels, layers } = report.settings;
  const theme = useTheme();
  const stage = useRef<HTMLElement>(null);
  const width = useWidth(stage);
  const [pointed, setPointed] = useState<number>();
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (report.domain === 'image') host('mask', maskWish(settings));
  }, []);

  const depth = Math.min(report.deepest, settings.depth === 0 ? layers : settings.depth);
  const plane = Math.min(settings.plane, channels - 1);
  const layout = useMemo(() => layoutOf(report), [report]);
  const states = useMemo(() => report.stacks.map((stack) => statesAt(stack, depth)), [report, depth]);
  const counts = useMemo(() => states.map((each) => countStates(report, each)), [states]);
  const cells = useMemo(() => states.map((each) => cellsOf(report, each, plane)), [states, plane]);
  const paths = useMemo(
    () =>
      settings.order === 'drawn' && report.domain === 'image'
        ? report.stacks.map((stack) => orderPath(report, stack, layout))
        : [],
    [report, layout, settings.order],
  );
  const output = outputCell(report);
  const wished = settings.row < 0 ? output : settings.row * report.settings.width + settings.column;
  const read = pointed !== undefined && pointed < layout.rows * layout.columns ? pointed : undefined;
  const form = width < NARROW ? 'narrow' : width < MEDIUM ? 'medium' : 'wide';
  const sight: GridSight = {
    layout,
    pitch: pitchOf(form, width, layout.columns, report.stacks.length, paths.length > 0),
    output,
    pointed: read,
  };
  const isInput = (cell: number) => cell < report.settings.height * report.settings.width;
  const sentenceOf = (cell: number) => cellSentence(report, depth, cell, plane);

  /** Draws at once what is known, and asks the host for the rest. */
  const wish = (part: Partial<Settings>) => {
    change(part);
    host('look', wishOf({ ...settings, ...part }));
  };
  const toOutput = (cell: number) => {
    if (!isInput(cell)) return;
    const columns = report.settings.width;
    wish({ row: Math.floor(cell / columns), column: cell % columns });
  };
  const build = (part: Partial<FieldSettings>) => {
    const changed = { ...changedOf(settings), ...part };
    const next = { ...report.settings, ...part };
    wish({
      changed: JSON.stringify(changed),
      // Another grid is looked at from its middle where the output is not in it.
      ...(settings.row < next.height && settings.column < next.width ? {} : { row: -1, column: -1 }),
      ...(settings.channel < next.channels ? {} : { channel: 0, plane: 0 }),
      ...(part.layers === undefined ? {} : { depth: 0 }),
    });
  };
  const point = (cell: number | undefined) => {
    const next = cell !== undefined && isInput(cell) ? cell : undefined;
    if (next !== pointed) setPointed(next);
  };
  const toDepth = (next: number) => change({ depth: Math.min(report.deepest, Math.max(1, next)) });
  const copy = (kind: string) => {
    const text = kind === 'json' ? fieldJson(content, depth) : fieldCsv(content, depth);
    host('copy', { text, what: 'Receptive field' });
  };
  const sentence = answerSentence(report, depth, counts);
  return (
    <main class={`ar-view receptiveField ${form}`} data-state="result">
      <header class="ar-head">
        <div class="ar-titles">
          <h1>{TITLE}</h1>
          <p class="ar-sub">
            <Quote>{`${name === '' ? '' : `${name} · `}${settingsWords(report)}`}</Quote>
          </p>
        </div>
        <div class="ar-tools" role="toolbar" aria-label="Receptive field">
          <Menu
            look="icon"
            name="Copy as data"
            items={[
              { id: 'csv', label: 'Copy every input as CSV' },
              { id: 'json', label: 'Copy what is seen as JSON' },
            ]}
            onChoose={copy}
          >
            <CopyIcon />
          </Menu>
          <SavePicture
            host={host}
            name="receptive-field"
            picture={() =>
              fieldPicture(content, { depth, counts, cells, paths, sight, plane, over: settings.over, theme })
            }
          />
        </div>
      </header>
      <Trouble sentence={properties.trouble === '' ? content.problem : properties.trouble} />
      <Answer report={report} depth={depth} counts={counts} />
      <Builder
        report={report}
        name={name}
        changed={settings.changed !== '{}'}
        onChange={build}
        onReset={() => wish({ changed: '{}', row: -1, column: -1, channel: 0, plane: 0, depth: 0 })}
      />
      <div class="bar">
        <DepthBar
          depth={depth}
          deepest={report.deepest}
          layers={layers}
          playing={playing}
          onDepth={toDepth}
          onPlay={setPlaying}
        />
        {report.domain === 'text' ? null : (
          <div class="channels">
            <span class="ar-note">order</span>
            <Segments
              name="Order of generation over the grids"
              value={settings.order}
              choices={[
                { value: 'hidden', label: 'hidden' },
                { value: 'drawn', label: 'drawn' },
              ]}
              onChoose={(order) => change({ order })}
            />
          </div>
        )}
        {channels === 1 ? null : (
          <>
            <Channels label="output" value={report.channel} onChoose={(channel) => wish({ channel })} />
            <Channels label="inputs shown" value={plane} onChoose={(next) => change({ plane: next })} />
          </>
        )}
      </div>
      <section class="stage" ref={stage} aria-label="What the output sees">
        <div class="grids">
          {report.stacks.map((stack, at) => {
            const shown = cells[at];
            if (shown === undefined) return null;
            const path = paths[at];
            const order = path === undefined ? '' : orderSentence(report, stack, path);
            return (
              <div key={`${stack.family} ${at}`}>
                <div class="ar-cap">
                  <h2>
                    <Quote>{stack.title}</Quote>
                  </h2>
                  {stack.layered ? null : <span class="ar-note">the same at every depth</span>}
                </div>
                <FieldGrid
                  name={`${stack.title}: inputs of the output`}
                  layout={layout}
                  pitch={sight.pitch}
                  paint={(brush) => {
                    paintField(brush, shown, sight, theme);
                    if (path !== undefined) paintOrder(brush, path, sight, theme);
                  }}
                  output={output}
                  wished={wished}
                  pointed={read}
                  sentence={`Output ${placeWords(report, output)}${read === undefined ? '' : `, reading ${sentenceOf(read)}`}. ${sentence}${order === '' ? '' : ` ${order}`}`}
                  onOutput={toOutput}
                  onPoint={point}
                  onDepth={(by) => toDepth(depth + by)}
                />
                {order === '' ? null : (
                  <p class="order ar-note" style={{ maxWidth: `${gridWidth(sight)}px` }}>
                    <Quote>{order}</Quote>
                  </p>
                )}
              </div>
            );
          })}
          <p class="readout ar-note">
            {read === undefined ? (
              <>
                click a cell or use the arrow keys to choose the output; point at a cell, or Shift and arrows,
                to read it; page keys change the depth
              </>
            ) : (
              <Quote>{sentenceOf(read)}</Quote>
            )}
          </p>
        </div>
        <div class="rail">
          <Legend report={report} counts={counts} theme={theme} />
        </div>
      </section>
      <EffectiveSection
        content={content}
        settings={settings}
        sight={sight}
        plane={plane}
        theme={theme}
        onOver={(over) => change({ over })}
        onStart={() => host('start', { task: 'effective' })}
        onStop={() => host('stop', { task: 'effective' })}
      />
      <GatesSection
        content={content}
        theme={theme}
        onStart={(looked) => host('start', { task: 'gates', ...looked })}
        onStop={() => host('stop', { task: 'gates' })}
      />
      {report.domain === 'text' ? null : (
        <MeasuredSection
          content={content}
          onStart={() => host('start', { task: 'measured' })}
          onStop={() => host('stop', { task: 'measured' })}
        />
      )}
      {report.domain === 'text' ? null : (
        <MaskSection
          content={content}
          settings={settings}
          theme={theme}
          onMask={(part) => {
            change(part);
            host('mask', maskWish({ ...settings, ...part }));
          }}
        />
      )}
      <LiveRegion sentence={sentence} />
    </main>
  );
}

function Channels(properties: {
  readonly label: string;
  readonly value: number;
  readonly onChoose: (channel: number) => void;
}) {
  return (
    <div class="channels">
      <span class="ar-note">{properties.label}</span>
      <Segments
        name={`Channel of the ${properties.label}`}
        value={String(properties.value)}
        choices={CHANNELS.map((label, at) => ({ value: String(at), label }))}
        onChoose={(channel) => properties.onChoose(Number(channel))}
      />
    </div>
  );
}

/** Whole pixels, so that cells are equally wide. */
function pitchOf(
  form: 'narrow' | 'medium' | 'wide',
  width: number,
  columns: number,
  stacks: number,
  numbered: boolean,
): number {
  const largest = numbered ? LARGEST_NUMBERED : LARGEST_CELL;
  const room = form === 'narrow' ? width : form === 'medium' ? width : width - RAIL - GAP;
  const each = form === 'narrow' ? room : (room - GAP * (stacks - 1)) / Math.max(1, stacks);
  return Math.max(SMALLEST_CELL, Math.min(largest, Math.floor((each - LEFT - RIGHT) / columns)));
}
