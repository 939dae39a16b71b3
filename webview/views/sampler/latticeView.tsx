// The lattice as a canvas that scrolls: pointer and arrow keys read it, Enter takes the best hypothesis through a node.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { fitCanvas } from '../../ui/fitCanvas';
import type { Painting } from '../../ui/picture';
import { onThemeChange, readTheme, type Theme } from '../../ui/theme';
import { ruleName } from './beamWords';
import {
  latticeNodeAt,
  latticeNodeByKey,
  latticeNodes,
  layoutLattice,
  type FoundBeam,
  type LatticeLayout,
} from './latticeLayout';
import { boxWidth, drawLattice, LABEL_SIZE, type LatticeScene } from './latticePicture';

const TALLEST = 420;

/** The same layout for the screen and for the saved picture. */
export function measuredLattice({ result, settings }: FoundBeam, rootLabel: string): LatticeLayout {
  const theme = readTheme();
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  const width = (text: string, size: number) => {
    if (context === null) return size * text.length * 0.6;
    context.font = theme.font(size, 1, 700);
    return context.measureText(text).width;
  };
  const normalised = settings.lengthPenalty !== 0;
  return layoutLattice(latticeNodes(result), width(rootLabel, LABEL_SIZE), (node) =>
    boxWidth(node, normalised, width),
  );
}

export function LatticeView(properties: {
  readonly beam: FoundBeam;
  readonly layout: LatticeLayout;
  readonly rootLabel: string;
  readonly current: number;
  readonly pointed: number | undefined;
  readonly spoken: string;
  readonly onCurrent: (node: number) => void;
  readonly onPoint: (node: number | undefined) => void;
  readonly onTake: (hypothesis: number) => void;
}) {
  const { beam, layout, rootLabel, current, pointed, spoken, onCurrent, onPoint, onTake } = properties;
  const box = useRef<HTMLDivElement>(null);
  const sizer = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [themes, setThemes] = useState(0);
  const theme = useMemo(() => readTheme(), [themes]);
  const paint = () => {
    const outer = box.current;
    if (!outer) return;
    const [width, height] = [outer.clientWidth, outer.clientHeight];
    const context = fitCanvas(canvas.current, { width, height });
    if (!context) return;
    const view = { left: outer.scrollLeft, top: outer.scrollTop, width, height };
    const normalised = beam.settings.lengthPenalty !== 0;
    drawLattice(context, { layout, rootLabel, normalised, current, pointed, theme, view });
  };
  const painter = useRef(paint);
  painter.current = paint;
  useLayoutEffect(() => {
    sizer.current?.style.setProperty('width', `${layout.width}px`);
    sizer.current?.style.setProperty('height', `${layout.height}px`);
    box.current?.style.setProperty('height', `${Math.min(TALLEST, layout.height + 12)}px`);
  }, [layout]);
  useLayoutEffect(() => painter.current());
  useEffect(() => {
    const observer = new ResizeObserver(() => painter.current());
    if (box.current !== null) observer.observe(box.current);
    const stop = onThemeChange(() => setThemes((count) => count + 1));
    return () => {
      observer.disconnect();
      stop();
    };
  }, []);
  // What the keyboard is on stays in sight.
  useEffect(() => {
    const outer = box.current;
    const place = layout.places[current] ?? layout.root;
    if (outer === null) return;
    outer.scrollLeft = into(outer.scrollLeft, outer.clientWidth, place.x - 48, place.x + place.width + 48);
    outer.scrollTop = into(outer.scrollTop, outer.clientHeight, place.y - 28, place.y + 48);
  }, [current, layout]);

  const at = (event: MouseEvent): number | undefined => {
    const frame = canvas.current?.getBoundingClientRect();
    const outer = box.current;
    if (frame === undefined || outer === null) return undefined;
    return latticeNodeAt(
      layout,
      event.clientX - frame.left + outer.scrollLeft,
      event.clientY - frame.top + outer.scrollTop,
    );
  };
  const onKey = (event: KeyboardEvent) => {
    const best = layout.nodes[current]?.hypotheses[0];
    const to = latticeNodeByKey(event.key, layout, current);
    if (event.key === 'Enter' && best !== undefined) onTake(best - 1);
    else if (to !== undefined) onCurrent(to);
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={box}
      class="tree lattice"
      data-root={rootLabel}
      role="application"
      aria-label={`Lattice of the beam. ${spoken} Arrow keys walk it, Enter takes the best hypothesis through a token.`}
      tabIndex={0}
      onKeyDown={onKey}
      onClick={(event) => {
        const node = at(event);
        if (node !== undefined) onCurrent(node);
      }}
      onPointerMove={(event) => onPoint(at(event))}
      onPointerLeave={() => onPoint(undefined)}
      onScroll={() => painter.current()}
    >
      <div ref={sizer} class="tree-size">
        <canvas ref={canvas} aria-hidden="true" />
      </div>
    </div>
  );
}

/** The least scrolling that shows from `start` to `end`. */
function into(scroll: number, room: number, start: number, end: number): number {
  if (start < scroll || end - start > room) return Math.max(0, start);
  return end > scroll + room ? end - room : scroll;
}

/** The whole lattice for a saved picture, as large as a picture may be. */
export function latticePainting(beam: FoundBeam, rootLabel: string, theme: Theme): Painting {
  const layout = measuredLattice(beam, rootLabel);
  const [width, height] = [Math.min(8000, layout.width), Math.min(8000, layout.height)];
  const scene: LatticeScene = {
    layout,
    rootLabel,
    normalised: beam.settings.lengthPenalty !== 0,
    current: undefined,
    pointed: undefined,
    theme,
    view: { left: 0, top: 0, width, height },
  };
  const caption = `Beam of ${beam.settings.width}, log p so far in nats; score: log p / ${ruleName(beam.settings)}`;
  return { width, height, caption, paint: (brush) => drawLattice(brush, scene) };
}
