// The drawing in its frame: drawn by mermaid, moved by pointer, wheel and keys. To screen readers it is one picture;
// the table beside it says the same.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { toErrorRecord } from '../../../src/protocol/errors';
import { Quote } from '../../ui/figure';
import { onThemeChange } from '../../ui/theme';
import { drawMermaid, drawnNode } from './drawMermaid';
import type { MermaidSource } from './mermaidSource';
import { NODE_TABLE } from './nodeTable';
import { moved, placeByKey, readable, whole, zoomed, ZOOM, type Place, type Size } from './place';

export type Zoom = 'in' | 'out' | 'whole' | 'readable';

export function Picture(properties: {
  readonly source: MermaidSource;
  readonly name: string;
  /** A node of the model that is pointed at in the table. */
  readonly lit: string;
  readonly onDrawn: (svg: SVGSVGElement | undefined) => void;
  /** Set to what the buttons call. */
  readonly zoom: { current: (zoom: Zoom) => void };
}) {
  const { source, name, lit, onDrawn, zoom } = properties;
  const frame = useRef<HTMLDivElement>(null);
  const holder = useRef<HTMLDivElement>(null);
  const drag = useRef<{ readonly x: number; readonly y: number }>();
  const [svg, setSvg] = useState<SVGSVGElement>();
  const [problem, setProblem] = useState('');
  const [place, setPlace] = useState<Place>({ scale: 1, x: 0, y: 0 });
  const [theme, setTheme] = useState(0);
  useLayoutEffect(() => onThemeChange(() => setTheme((before) => before + 1)), []);
  // Drawn again when the theme changes: another font makes other boxes.
  useEffect(() => {
    let here = true;
    if (holder.current === null) return undefined;
    drawMermaid(source.text, holder.current).then(
      (done) => {
        if (!here) return;
        setSvg(done);
        setProblem('');
        onDrawn(done);
      },
      (error: unknown) => here && setProblem(toErrorRecord(error).message),
    );
    return () => {
      here = false;
    };
  }, [source.text, theme]);
  const sizes = () => ({ drawing: sizeOf(svg), frame: frameOf(frame.current) });
  // Another drawing is seen from its top; the same in another theme stays where it was put.
  const drawnText = useRef('');
  useLayoutEffect(() => {
    if (svg === undefined || drawnText.current === source.text) return;
    drawnText.current = source.text;
    const { drawing, frame: room } = sizes();
    setPlace(readable(drawing, room));
  }, [svg]);
  useLayoutEffect(() => {
    const { x, y, scale } = place;
    holder.current?.style.setProperty('transform', `translate(${x}px, ${y}px) scale(${scale})`);
  }, [place]);
  useLayoutEffect(() => {
    const node = svg === undefined ? null : drawnNode(svg, source.ids.get(lit) ?? 'none');
    node?.classList.add('lit');
    return () => node?.classList.remove('lit');
  }, [lit, svg]);
  zoom.current = (how) => {
    const { drawing, frame: room } = sizes();
    const middle = { x: room.width / 2, y: room.height / 2 };
    if (how === 'whole') setPlace(whole(drawing, room));
    else if (how === 'readable') setPlace(readable(drawing, room));
    else setPlace((now) => zoomed(now, how === 'in' ? ZOOM : 1 / ZOOM, middle));
  };
  // Not by the framework: it would listen passively, and the page would scroll too.
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const at = { x: event.clientX - box.left, y: event.clientY - box.top };
      setPlace((now) => zoomed(now, Math.exp(-event.deltaY / 300), at));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, []);
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { drawing, frame: room } = sizes();
    const next = placeByKey(event.key, place, drawing, room);
    if (next === undefined) return;
    event.preventDefault();
    setPlace(next);
  };
  const onMove = (event: PointerEvent) => {
    if (drag.current === undefined) return;
    const { x, y } = drag.current;
    drag.current = { x: event.clientX, y: event.clientY };
    const { drawing, frame: room } = sizes();
    setPlace((now) => moved(now, event.clientX - x, event.clientY - y, drawing, room));
  };
  return (
    <>
      {problem === '' ? null : (
        <p class="ar-failed" role="alert">
          <Quote>{problem}</Quote>
        </p>
      )}
      <div
        ref={frame}
        class="frame"
        role="img"
        tabIndex={0}
        aria-label={`${name}. The table says the same. Arrow keys move it, plus and minus zoom, zero shows all.`}
        data-drawn={svg !== undefined}
        onKeyDown={onKey}
        onPointerDown={(event) => {
          drag.current = { x: event.clientX, y: event.clientY };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={onMove}
        onPointerUp={() => {
          drag.current = undefined;
        }}
      >
        <div ref={holder} class="holder" aria-hidden="true" data-told-by={NODE_TABLE} />
      </div>
    </>
  );
}

const sizeOf = (svg: SVGSVGElement | undefined): Size => svg?.viewBox.baseVal ?? { width: 1, height: 1 };
const frameOf = (frame: HTMLElement | null): Size => ({
  width: frame?.clientWidth ?? 1,
  height: frame?.clientHeight ?? 1,
});
