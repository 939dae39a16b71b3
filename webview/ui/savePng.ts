// Several canvases under one title, as one PNG on the theme's background. Bytes only: where they go is the host's.
import type { Theme } from './theme';

export async function canvasesToPng(
  theme: Theme,
  title: string,
  subtitle: string,
  canvases: readonly HTMLCanvasElement[],
  ratio: number,
): Promise<Uint8Array> {
  const head = 56 * ratio;
  const margin = 16 * ratio;
  const width = Math.max(...canvases.map((canvas) => canvas.width)) + 2 * margin;
  const height = canvases.reduce((sum, canvas) => sum + canvas.height, head + margin);
  const sheet = new OffscreenCanvas(width, height);
  const context = sheet.getContext('2d');
  if (context === null) throw new Error('canvasesToPng: expected a 2d context, got none');
  context.fillStyle = theme.color('ar-bg');
  context.fillRect(0, 0, width, height);
  context.fillStyle = theme.color('ar-fg');
  context.font = theme.font(15, ratio, 600);
  context.fillText(title, margin, 24 * ratio);
  context.fillStyle = theme.color('ar-quiet');
  context.font = theme.font(12, ratio);
  context.fillText(subtitle, margin, 44 * ratio, width - 2 * margin);
  let top = head;
  for (const canvas of canvases) {
    context.drawImage(canvas, margin, top);
    top += canvas.height;
  }
  const blob = await sheet.convertToBlob({ type: 'image/png' });
  return new Uint8Array(await blob.arrayBuffer());
}
