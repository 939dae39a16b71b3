// "What may it see?": declared against measured, cell by cell, as a function of the state. The verdict comes first.
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import type { CausalMaskContent, CausalMaskHostCalls } from '../../../src/protocol/causalMaskView';
import type { ViewState } from '../../../src/protocol/views';
import { IconButton, Segments } from '../../ui/controls';
import { Quote } from '../../ui/figure';
import { actionsOf, FourStates, Trouble } from '../../ui/fourStates';
import { useTheme, useWidth } from '../../ui/hooks';
import type { Ask } from '../../ui/host';
import { MinusIcon, PlusIcon, WholeIcon } from '../../ui/icons';
import { LiveRegion } from '../../ui/liveRegion';
import { comparedCells, countCells, leaksByOffset, openCells, type Place } from './cells';
import { ChecksSection } from './checksSection';
import { Head } from './head';
import { LayerList } from './layerList';
import { ComparisonTable, LeakList } from './leakList';
import { Legend } from './legend';
import { MatrixView } from './matrixView';
import { LEFT } from './painter';
import { maskPicture } from './maskPicture';
import type { Settings } from './settings';
import { Notices, Verdict } from './verdict';
import { blockOf, revealing, viewportOf, WHOLE, zoomed, type Sight } from './viewport';
import { blockSentence, cellSentence, layerName, TITLE } from './words';

const LARGEST_SIDE = 448;
const RAIL = 272;
const GAP = 24;
/** Matrices stand under one another below the first, the rail under both below the second. */
const [NARROW, MEDIUM] = [440, 960];
const STEP = 1.5;
/** A cell that is jumped to is at least this large. */
const READABLE = 14;

export interface CausalMaskViewProperties {
  readonly state: ViewState<CausalMaskContent>;
  readonly trouble: string;
  readonly settings: Settings;
  readonly host: Ask<CausalMaskHostCalls>;
  readonly change: (part: Partial<Settings>) => void;
}

export function CausalMaskView(properties: CausalMaskViewProperties) {
  const { state, host } = properties;
  return (
    <FourStates title={TITLE} state={state} actions={actionsOf(host)}>
      {(content) => <Result {...properties} content={content} />}
    </FourStates>
  );
}

function Result(properties: CausalMaskViewProperties & { readonly content: CausalMaskContent }) {
  const { content, settings, host, change } = properties;
  const { report } = content;
  const { length, causality, masks } = report;
  const theme = useTheme();
  const stage = useRef<HTMLElement>(null);
  const width = useWidth(stage);
  const [pointed, setPointed] = useState<Place>();
  const layout = width < NARROW ? 'narrow' : width < MEDIUM ? 'medium' : 'wide';
  const side = sideOf(layout, width);

  const compared = useMemo(() => comparedCells(report), [report]);
  const groups = useMemo(() => leaksByOffset(compared, report.image), [compared]);
  const counts = useMemo(() => countCells(compared), [compared]);
  const chosenLayer = Math.min(settings.layer, masks.length);
  const mask = masks[chosenLayer - 1];
  const declared = useMemo(
    () => openCells(mask?.cells ?? report.declared, length, causality),
    [report, mask],
  );
  const measured = useMemo(() => openCells(report.measured, length, causality), [report]);

  const sight: Sight = settings;
  const view = viewportOf(sight, length, side);
  const block = blockOf(view);
  const chosen =
    settings.output >= 0 && settings.output < length && settings.input >= 0 && settings.input < length
      ? { output: settings.output, input: settings.input }
      : undefined;
  const sentenceOf = (place: Place): string => {
    if (block > 1) return blockSentence(compared, block, place, report.image);
    const open = mask?.cells[place.output * length + place.input] === 1;
    const own = mask === undefined ? '' : `; ${layerName(mask)}: ${open ? 'open' : 'masked'}`;
    return cellSentence(report, compared, place) + own;
  };
  const read = pointed ?? chosen;
  const onSight = useCallback((next: Sight) => change({ x: next.x, y: next.y, zoom: next.zoom }), [change]);
  const choose = (place: Place | undefined) =>
    change({ output: place?.output ?? -1, input: place?.input ?? -1 });
  const point = (place: Place | undefined) => {
    if (place?.output !== pointed?.output || place?.input !== pointed?.input) setPointed(place);
  };
  const jump = (place: Place) => {
    choose(place);
    const near = view.scale >= READABLE ? view : { ...view, ...zoomed(view, READABLE / view.scale) };
    onSight(revealing(viewportOf(near, length, side), place.output, place.input));
  };
  const matrix = {
    sight,
    side,
    theme,
    image: report.image,
    chosen,
    pointed,
    sentence: chosen === undefined ? 'no pair is chosen' : sentenceOf(chosen),
    onSight,
    onPoint: point,
    onChoose: choose,
  };
  const beside = settings.beside === 'difference' ? compared : measured;
  const picture = () =>
    maskPicture(content, { declared, measured: beside, mask, counts, view, chosen, theme });
  const layers = (
    <section aria-label="Masks of the layers">
      <h2>Masks of the layers</h2>
      <LayerList
        report={report}
        layer={chosenLayer}
        theme={theme}
        onChoose={(next) => change({ layer: next })}
      />
    </section>
  );
  return (
    <main class={`ar-view causalMask ${layout}`} data-state="result">
      <Head content={content} host={host} picture={picture} />
      <Trouble sentence={properties.trouble} />
      <Verdict content={content} groups={groups} onJump={jump} />
      <Notices
        content={content}
        onMeasure={() => host('measure', {})}
        onCancel={() => host('cancel', undefined)}
        onButton={actionsOf(host).run}
      />
      <section class="stage" ref={stage} aria-label="Declared and measured">
        <div class="main">
          <div class="matrices">
            <div class="one">
              <div class="ar-cap">
                <h2>Declared</h2>
                <span class="ar-note">
                  <Quote>{mask === undefined ? 'all layers together' : layerName(mask)}</Quote>
                </span>
              </div>
              <MatrixView {...matrix} name="Declared, pair by pair" cells={declared} />
            </div>
            <div class="other">
              <div class="ar-cap">
                <h2>Measured</h2>
                <Segments
                  name="What the measured matrix shows"
                  value={settings.beside}
                  choices={[
                    { value: 'difference', label: 'Against declared' },
                    { value: 'measured', label: 'By itself' },
                  ]}
                  onChoose={(beside) => change({ beside })}
                />
              </div>
              <MatrixView {...matrix} name="Measured, pair by pair" cells={beside} />
            </div>
          </div>
          <div class="under">
            <div class="ar-tools" role="toolbar" aria-label="Zoom">
              <IconButton name="Zoom out (−)" onPress={() => onSight(zoomed(view, 1 / STEP))}>
                <MinusIcon />
              </IconButton>
              <IconButton name="Zoom in (+)" onPress={() => onSight(zoomed(view, STEP))}>
                <PlusIcon />
              </IconButton>
              <IconButton name="Show the whole matrix (0)" onPress={() => onSight(WHOLE)}>
                <WholeIcon />
              </IconButton>
            </div>
            <p class="readout ar-note">
              {read === undefined ? (
                <>
                  point at a pair, or go from pair to pair with the arrow keys; drag or Shift and arrows move
                  the picture
                </>
              ) : (
                <Quote>{sentenceOf(read)}</Quote>
              )}
            </p>
          </div>
          {layout === 'wide' ? layers : null}
        </div>
        <div class="rail">
          <Legend counts={counts} pairs={length * length} block={block} theme={theme} />
          <LeakList groups={groups} image={report.image} chosen={chosen} onJump={jump} />
          <ComparisonTable comparisons={report.comparisons} image={report.image} />
        </div>
      </section>
      {layout === 'wide' ? null : layers}
      <ChecksSection
        checks={content.checks}
        onCheck={() => host('check', undefined)}
        onCancel={() => host('cancelChecks', undefined)}
      />
      <p class="ar-note last">
        Measured by changing each input up, down and far away, with every set of weights, and looking at every
        output: <Quote>{report.draws.join('; ')}</Quote>.
      </p>
      <LiveRegion sentence={report.verdict} />
    </main>
  );
}

function sideOf(layout: 'narrow' | 'medium' | 'wide', width: number): number {
  const room = {
    narrow: width,
    medium: (width - GAP) / 2,
    wide: (width - RAIL - 2 * GAP) / 2,
  }[layout];
  return Math.max(120, Math.min(LARGEST_SIDE, Math.floor(room) - LEFT - 2));
}
