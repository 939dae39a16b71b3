// Draws the laid-out tree: what is inside the viewport and nothing else. Thickness is probability.
import type { Brush } from '../ui/brush';
import type { Likelihood } from '../ui/figure';
import { formatCount, formatValue } from '../ui/format';
import type { Theme } from '../ui/theme';
import { pathTo, ROOT, type Tree } from './branches';
import { END_WIDTH, ROW_HEIGHT, type Place, type TreeLayout } from './treeLayout';

export interface TreeScene {
  readonly tree: Tree;
  readonly layout: TreeLayout;
  readonly rootLabel: string;
  /** A node's text as it is shown. */
  readonly readable: (text: string) => string;
  /** What the path to a branch's end costs. */
  readonly costOf: (node: number) => Likelihood;
  readonly theme: Theme;
  /** What is shown of the tree, CSS pixels. */
  readonly view: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
}

export const LABEL_SIZE = 13;
const NOTE_SIZE = 11;
const SQUARE = 8;

/** Line width in pixels: a certain step is five wide, an impossible one would be a hairline. */
export const thickness = (probability: number): number => 0.75 + 4.25 * probability;

export function drawTree(context: Brush, scene: TreeScene): void {
  const { layout, view, tree } = scene;
  context.save();
  context.translate(-view.left, -view.top);
  const chosen = new Set(pathTo(tree.nodes, tree.current));
  const seen = layout.places.filter((place) => isNear(place, scene));
  for (const place of seen) if (!chosen.has(place.node)) drawEdge(context, scene, place, false);
  for (const place of seen) if (chosen.has(place.node)) drawEdge(context, scene, place, true);
  drawRoot(context, scene);
  for (const place of seen) drawNode(context, scene, place, chosen.has(place.node));
  context.restore();
}

/** Also true where only the edge towards the node is inside. */
function isNear({ x, y, node }: Place, { view, layout, tree }: TreeScene): boolean {
  const parent = layout.places[tree.nodes[node]?.parent ?? ROOT] ?? layout.root;
  const right = x + END_WIDTH + 400;
  return (
    right >= view.left &&
    parent.x <= view.left + view.width &&
    Math.max(y, parent.y) + ROW_HEIGHT >= view.top &&
    Math.min(y, parent.y) - ROW_HEIGHT <= view.top + view.height
  );
}

function drawEdge(context: Brush, scene: TreeScene, place: Place, chosen: boolean): void {
  const { layout, theme, tree } = scene;
  const node = tree.nodes[place.node];
  if (node === undefined) return;
  const from = layout.places[node.parent] ?? layout.root;
  const [x0, x1] = [from.x + from.width + 4, place.x - (node.forced || node.beam === true ? SQUARE + 6 : 4)];
  const bend = Math.min(24, (x1 - x0) / 2);
  context.strokeStyle = theme.color(chosen ? 'ar-link' : 'ar-quiet');
  context.lineWidth = thickness(Math.exp(node.logProb));
  context.beginPath();
  context.moveTo(x0, from.y);
  if (from.y === place.y) context.lineTo(x1, place.y);
  else context.bezierCurveTo(x0 + bend, from.y, x1 - bend, place.y, x1, place.y);
  context.stroke();
}

function drawRoot(context: Brush, { layout, theme, tree, rootLabel }: TreeScene): void {
  context.textBaseline = 'middle';
  context.fillStyle = theme.color('ar-quiet');
  context.font = theme.font(LABEL_SIZE, 1, tree.current === ROOT ? 700 : 400);
  context.fillText(rootLabel, layout.root.x, layout.root.y);
  if (tree.current === ROOT) outline(context, theme, layout.root);
}

function drawNode(context: Brush, scene: TreeScene, place: Place, chosen: boolean): void {
  const { theme, tree, readable } = scene;
  const node = tree.nodes[place.node];
  if (node === undefined) return;
  context.textBaseline = 'middle';
  context.fillStyle = theme.color('ar-fg');
  context.font = theme.font(LABEL_SIZE, 1, chosen ? 700 : 400);
  context.fillText(readable(node.text), place.x, place.y);
  if (node.forced) {
    context.strokeStyle = theme.color('ar-fg');
    context.lineWidth = 1.5;
    context.strokeRect(place.x - SQUARE - 4, place.y - SQUARE / 2, SQUARE, SQUARE);
  } else if (node.beam === true) {
    drawDiamond(context, theme, place.x - SQUARE / 2 - 4, place.y);
  }
  context.fillStyle = theme.color('ar-quiet');
  context.font = theme.font(NOTE_SIZE, 1);
  context.fillText(shortProbability(Math.exp(node.logProb)), place.x, place.y + 16);
  if (place.leaf) drawEnd(context, scene, place, chosen);
  if (tree.current === place.node) outline(context, theme, place);
}

function drawDiamond(context: Brush, theme: Theme, x: number, y: number): void {
  const half = SQUARE / 2 + 1;
  context.strokeStyle = theme.color('ar-fg');
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x - half, y);
  context.lineTo(x, y - half);
  context.lineTo(x + half, y);
  context.lineTo(x, y + half);
  context.closePath();
  context.stroke();
}

function drawEnd(context: Brush, scene: TreeScene, place: Place, chosen: boolean): void {
  const { theme, tree, costOf } = scene;
  const { value, unit, count, of, badge } = costOf(place.node);
  const name = tree.nodes[place.node]?.name;
  const x = place.x + Math.max(place.width, 24) + 12;
  context.fillStyle = theme.color('ar-fg');
  context.font = theme.font(12, 1, chosen ? 700 : 400);
  context.fillText(name === undefined ? '' : name.slice(0, 24), x, place.y - 7);
  const figure = `${formatValue(value, 2)} ${unit} over ${formatCount(count)} ${of}`;
  const y = name === undefined ? place.y : place.y + 8;
  context.font = theme.font(12, 1);
  context.fillText(figure, x, y);
  const start = x + context.measureText(figure).width + 6;
  context.font = theme.font(NOTE_SIZE, 1);
  const word = badge === 'none' ? 'no likelihood' : badge === 'bound' ? '≤ bound' : 'exact';
  const width = context.measureText(word).width;
  context.fillStyle = theme.color('ar-quiet');
  context.fillText(word, start + 4, y);
  context.strokeStyle = theme.color('ar-quiet');
  context.lineWidth = 1;
  context.setLineDash(badge === 'bound' ? [3, 2] : []);
  if (badge !== 'none') context.strokeRect(start, y - 7, width + 8, 14);
  context.setLineDash([]);
}

function outline(context: Brush, theme: Theme, place: { x: number; y: number; width: number }) {
  context.strokeStyle = theme.color('ar-accent');
  context.lineWidth = 1.5;
  context.strokeRect(place.x - 3, place.y - 10, Math.max(place.width, 12) + 6, 20);
}

/** Fits a narrow column: .388, .04, 1. */
export function shortProbability(probability: number): string {
  if (probability >= 0.9995) return '1.00';
  if (probability >= 0.0005) return probability.toFixed(3).replace(/^0/, '');
  return probability === 0 ? '0' : probability.toExponential(0);
}
