// The tree of branches as a canvas that scrolls: click a node or walk with the arrow keys to move the cursor there.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { fitCanvas } from '../ui/fitCanvas';
import type { Painting } from '../ui/picture';
import { onThemeChange, readTheme, type Theme } from '../ui/theme';
import type { Tree } from './branches';
import './tree.css';
import { layoutTree, nodeAt, nodeByKey, type TreeLayout } from './treeLayout';
import { drawTree, LABEL_SIZE, type TreeScene } from './treePainter';

/** What a tree needs said about it that only its view knows. */
export interface TreeWords {
  readonly rootLabel: string;
  readonly readable: TreeScene['readable'];
  readonly costOf: TreeScene['costOf'];
  /** Where the cursor is, in a sentence. */
  readonly cursor: string;
}

/** The same layout for the screen and for the saved picture. */
function measuredLayout(
  { nodes }: Tree,
  { rootLabel, readable }: Pick<TreeWords, 'rootLabel' | 'readable'>,
): TreeLayout {
  const theme = readTheme();
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (context !== null) context.font = theme.font(LABEL_SIZE, 1, 700);
  const width = (text: string) => context?.measureText(text).width ?? 8 * text.length;
  return layoutTree(nodes, width(rootLabel), (text) => width(readable(text)));
}

export function TreeView(properties: {
  readonly tree: Tree;
  readonly words: TreeWords;
  readonly onGo: (node: number) => void;
}) {
  const { tree, words, onGo } = properties;
  const { rootLabel, readable, costOf, cursor } = words;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [themes, setThemes] = useState(0);
  const layout = useMemo(() => measuredLayout(tree, words), [tree.nodes, rootLabel, themes]);

  const paint = () => {
    const outer = box.current;
    if (!outer) return;
    const [width, height] = [outer.clientWidth, outer.clientHeight];
    const context = fitCanvas(canvas.current, { width, height });
    if (!context) return;
    const view = { left: outer.scrollLeft, top: outer.scrollTop, width, height };
    const theme = readTheme();
    drawTree(context, { tree, layout, rootLabel, readable, costOf, theme, view });
  };
  const painter = useRef(paint);
  painter.current = paint;

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
  // The cursor stays in sight.
  useEffect(() => {
    const outer = box.current;
    const place = layout.places[tree.current] ?? layout.root;
    if (outer === null) return;
    const [right, bottom] = [place.x + place.width + 220, place.y + 24];
    if (right > outer.scrollLeft + outer.clientWidth || place.x < outer.scrollLeft + 40) {
      outer.scrollLeft = right - outer.clientWidth;
    }
    if (bottom > outer.scrollTop + outer.clientHeight || place.y - 24 < outer.scrollTop) {
      outer.scrollTop = bottom - outer.clientHeight / 2;
    }
  }, [tree.current, layout]);

  const onKey = (event: KeyboardEvent) => {
    const to = nodeByKey(event.key, layout, tree.nodes, tree.current);
    if (to === undefined) return;
    event.preventDefault();
    onGo(to);
  };
  const onClick = (event: MouseEvent) => {
    const frame = canvas.current?.getBoundingClientRect();
    const outer = box.current;
    if (frame === undefined || outer === null) return;
    const [x, y] = [
      event.clientX - frame.left + outer.scrollLeft,
      event.clientY - frame.top + outer.scrollTop,
    ];
    const to = nodeAt(layout, x, y);
    if (to !== undefined) onGo(to);
  };
  const sizer = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    sizer.current?.style.setProperty('width', `${layout.width}px`);
    sizer.current?.style.setProperty('height', `${layout.height}px`);
    box.current?.style.setProperty('height', `${Math.min(420, Math.max(120, layout.height + 12))}px`);
    painter.current();
  }, [layout]);

  return (
    <div
      ref={box}
      class="tree"
      role="application"
      aria-label={`Tree of branches. ${cursor} Arrow keys walk it.`}
      tabIndex={0}
      onKeyDown={onKey}
      onClick={onClick}
      onScroll={() => painter.current()}
    >
      <div ref={sizer} class="tree-size">
        <canvas ref={canvas} aria-hidden="true" />
      </div>
    </div>
  );
}

/** The whole tree for a saved picture, as large as a picture may be. */
export function treePainting(tree: Tree, words: TreeWords, theme: Theme): Painting {
  const layout = measuredLayout(tree, words);
  const { rootLabel, readable, costOf } = words;
  const width = Math.min(8000, Math.ceil(layout.width));
  const height = Math.min(8000, Math.ceil(layout.height));
  const view = { left: 0, top: 0, width, height };
  const scene: TreeScene = { tree, layout, rootLabel, readable, costOf, theme, view };
  return { width, height, caption: 'Branches', paint: (brush) => drawTree(brush, scene) };
}
