// Draws the laid-out lattice: what is inside the viewport and nothing else. A box tells a node's fate by its outline:
// solid is kept, with a bar at its end it ended, dashed was cut; the winner's path is thick.
import type { Brush } from '../../ui/brush';
import { visibleToken } from '../../ui/format';
import type { Theme } from '../../ui/theme';
import { BOX_HEIGHT, ROOT, type LatticeLayout, type LatticeNode, type LatticePlace } from './latticeLayout';
import { signed } from './race';

export interface LatticeScene {
  readonly layout: LatticeLayout;
  readonly rootLabel: string;
  /** Whether the score is another number than the total. */
  readonly normalised: boolean;
  /** The node that the keyboard is on, and the one under the pointer; undefined for none. */
  readonly current: number | undefined;
  readonly pointed: number | undefined;
  readonly theme: Theme;
  /** What is shown of the lattice, CSS pixels. */
  readonly view: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
}

export const LABEL_SIZE = 13;
export const NOTE_SIZE = 11;
const PADDING = 8;
export const WINNER_WIDTH = 3;
/** The filled bar at the end of what ended. */
export const END_BAR = 5;

const LONGEST_LABEL = 18;

/** A column is as wide as its widest box: a long token is cut short, and told in full by the readout. */
export function boxLabel({ text }: LatticeNode): string {
  const shown = visibleToken(text);
  return [...shown].length > LONGEST_LABEL ? `${[...shown].slice(0, LONGEST_LABEL - 1).join('')}…` : shown;
}

/** Under the token: the total, and the score it came to where that is another number. */
export function noteOf({ total, score }: LatticeNode, normalised: boolean): string {
  return normalised ? `${signed(total)} → ${signed(score)}` : signed(total);
}

export function boxWidth(
  node: LatticeNode,
  normalised: boolean,
  width: (text: string, size: number) => number,
): number {
  const label = width(boxLabel(node), LABEL_SIZE) + (node.ends > 0 ? 28 : 0);
  return Math.max(label, width(noteOf(node, normalised), NOTE_SIZE)) + 2 * PADDING + END_BAR;
}

export function drawLattice(context: Brush, scene: LatticeScene): void {
  const { layout, view } = scene;
  context.save();
  context.translate(-view.left, -view.top);
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const seen = layout.nodes.filter(({ node }) => isNear(scene, node));
  const inOrder = [...seen].sort((a, b) => weight(a) - weight(b));
  for (const node of inOrder) drawEdge(context, scene, node);
  drawHeads(context, scene);
  drawRoot(context, scene);
  for (const node of seen) drawNode(context, scene, node);
  context.restore();
}

/** What matters more is drawn later, over the rest. */
const weight = ({ hypotheses, fate }: LatticeNode): number =>
  hypotheses.includes(1) ? 3 : hypotheses.length > 0 ? 2 : fate === 'cut' ? 0 : 1;

/** Also true where only the edge towards the node is inside. */
function isNear({ layout, view }: LatticeScene, node: number): boolean {
  const place = layout.places[node];
  const parent = layout.places[layout.nodes[node]?.parent ?? ROOT] ?? layout.root;
  if (place === undefined) return false;
  return (
    place.x + place.width >= view.left &&
    parent.x <= view.left + view.width &&
    Math.max(place.y, parent.y) + BOX_HEIGHT >= view.top &&
    Math.min(place.y, parent.y) <= view.top + view.height
  );
}

function drawEdge(context: Brush, scene: LatticeScene, node: LatticeNode): void {
  const { layout, theme } = scene;
  const to = layout.places[node.node];
  if (to === undefined) return;
  const from = layout.places[node.parent] ?? layout.root;
  const [x0, x1] = [from.x + from.width, to.x];
  const [y0, y1] = [from.y + BOX_HEIGHT / 2, to.y + BOX_HEIGHT / 2];
  const winner = node.hypotheses.includes(1);
  context.strokeStyle = theme.color(winner ? 'ar-link' : 'ar-quiet');
  context.lineWidth = winner ? WINNER_WIDTH : node.hypotheses.length > 0 ? 1.5 : 1;
  context.setLineDash(node.fate === 'cut' ? [2, 3] : []);
  context.beginPath();
  context.moveTo(x0, y0);
  const bend = (x1 - x0) / 2;
  context.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1);
  context.stroke();
  context.setLineDash([]);
}

function drawHeads(context: Brush, { layout, theme, view }: LatticeScene): void {
  context.fillStyle = theme.color('ar-quiet');
  context.font = theme.font(NOTE_SIZE, 1);
  layout.columns.forEach((x, step) => {
    if (x <= view.left + view.width && x + 200 >= view.left) context.fillText(`step ${step}`, x, 10);
  });
}

function drawRoot(context: Brush, scene: LatticeScene): void {
  const { layout, theme, rootLabel } = scene;
  context.fillStyle = theme.color('ar-quiet');
  context.font = theme.font(LABEL_SIZE, 1);
  context.fillText(rootLabel, layout.root.x, layout.root.y + BOX_HEIGHT / 2);
  outline(context, scene, ROOT, layout.root);
}

function drawNode(context: Brush, scene: LatticeScene, node: LatticeNode): void {
  const { layout, theme, normalised } = scene;
  const place = layout.places[node.node];
  if (place === undefined) return;
  const { x, y, width } = place;
  const winner = node.hypotheses.includes(1);
  const cut = node.fate === 'cut';
  context.fillStyle = theme.color('ar-bg');
  context.fillRect(x, y, width, BOX_HEIGHT);
  context.strokeStyle = theme.color(winner ? 'ar-link' : cut ? 'ar-quiet' : 'ar-fg');
  context.lineWidth = winner ? WINNER_WIDTH : 1;
  context.setLineDash(cut ? [2, 3] : []);
  const inset = context.lineWidth / 2;
  context.strokeRect(x + inset, y + inset, width - 2 * inset, BOX_HEIGHT - 2 * inset);
  context.setLineDash([]);
  if (node.fate === 'ended') {
    context.fillStyle = theme.color(winner ? 'ar-link' : 'ar-fg');
    context.fillRect(x + width - END_BAR, y, END_BAR, BOX_HEIGHT);
  }
  context.fillStyle = theme.color(cut ? 'ar-quiet' : 'ar-fg');
  context.font = theme.font(LABEL_SIZE, 1, node.hypotheses.length > 0 ? 700 : 400);
  context.fillText(boxLabel(node), x + PADDING, y + 12);
  context.fillStyle = theme.color('ar-quiet');
  context.font = theme.font(NOTE_SIZE, 1);
  context.fillText(noteOf(node, normalised), x + PADDING, y + 26);
  if (node.ends > 0) {
    context.textAlign = 'right';
    context.fillStyle = theme.color('ar-fg');
    context.font = theme.font(NOTE_SIZE, 1, 700);
    context.fillText(`№ ${node.ends}`, x + width - PADDING - END_BAR, y + 12);
    context.textAlign = 'left';
  }
  outline(context, scene, node.node, place);
}

/** Pointer and keyboard draw the same outline. */
function outline(
  context: Brush,
  { current, pointed, theme }: LatticeScene,
  node: number,
  { x, y, width }: LatticePlace,
): void {
  if (node !== current && node !== pointed) return;
  context.strokeStyle = theme.color('ar-accent');
  context.lineWidth = 1.5;
  context.strokeRect(x - 3, y - 3, width + 6, BOX_HEIGHT + 6);
}
