// A canvas as large as it is shown, sharp on this screen. Knows nothing of what is painted.

/**
 * Empties the canvas and resets its state, whether or not its size is another one.
 * @param size CSS pixels
 * @returns what paints in CSS pixels; null where there is nothing to paint on
 */
export function fitCanvas(
  canvas: HTMLCanvasElement | null,
  { width, height }: { readonly width: number; readonly height: number },
): CanvasRenderingContext2D | null {
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return null;
  const ratio = window.devicePixelRatio;
  const [wide, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
  // Setting a size empties a canvas too, but makes its memory anew.
  if (canvas.width === wide && canvas.height === tall) context.reset();
  else [canvas.width, canvas.height] = [wide, tall];
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
