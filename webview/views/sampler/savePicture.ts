// The whole Sampler as one picture: the two columns, the draw, the tree, and the lattice where there is one.
import type { SamplerContent, SamplerHostCalls } from '../../../src/protocol/samplerView';
import type { SamplerStep } from '../../../src/protocol/sampler';
import type { Ask } from '../../ui/host';
import { canvasesToPng } from '../../ui/savePng';
import { readTheme, type Theme } from '../../ui/theme';
import { textOf } from './branches';
import { comparisonOf } from './comparison';
import { distributionCanvas } from './distributionPicture';
import { wholeLattice } from './latticeView';
import { drawRace, raceSize } from './racePicture';
import { rootLabel, wholeTree } from './treeView';

export async function savePicture(
  host: Ask<SamplerHostCalls>,
  title: string,
  content: SamplerContent,
): Promise<void> {
  const { next, document: tree, model, beam } = content;
  const ratio = window.devicePixelRatio;
  const theme = readTheme();
  const canvases = [
    ...(next === null
      ? []
      : [
          distributionCanvas(next, comparisonOf(next, tree.compared), tree.settings, theme, ratio),
          raceCanvas(next, theme, ratio),
        ]),
    wholeTree(tree, next?.likelihood ?? 'none', ratio),
    beam.kind === 'result'
      ? wholeLattice(beam, rootLabel(tree.prompt + textOf(tree.nodes, beam.from)), ratio)
      : undefined,
  ].filter((canvas) => canvas !== undefined);
  const subtitle = `${model} · seed ${tree.settings.seed}`;
  const data = await canvasesToPng(theme, title, subtitle, canvases, ratio);
  host('save', { suggestedName: 'sampler.png', data });
}

function raceCanvas(step: SamplerStep, theme: Theme, ratio: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const { width, height } = raceSize(step);
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext('2d');
  if (context === null) return canvas;
  context.scale(ratio, ratio);
  drawRace(context, step, theme);
  return canvas;
}
