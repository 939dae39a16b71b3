// What a painter may ask of its canvas: the calls that a canvas and the SVG recorder both know. A painter typed by it
// can be saved as vectors; a call that is not here does not compile. It sets no absolute transform: a sheet places it.

export interface Brush {
  /** CSS colours as the theme computes them, or a pattern this brush has made. */
  fillStyle: string | CanvasGradient | CanvasPattern;
  strokeStyle: string | CanvasGradient | CanvasPattern;
  globalAlpha: number;
  lineWidth: number;
  lineCap: CanvasLineCap;
  lineJoin: CanvasLineJoin;
  /** As `Theme.font` gives it. */
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  imageSmoothingEnabled: boolean;
  imageSmoothingQuality: ImageSmoothingQuality;

  save(): void;
  restore(): void;
  translate(x: number, y: number): void;
  scale(x: number, y: number): void;
  /** Radians. */
  rotate(angle: number): void;

  beginPath(): void;
  closePath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  quadraticCurveTo(controlX: number, controlY: number, x: number, y: number): void;
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
  arc(x: number, y: number, radius: number, start: number, end: number, backwards?: boolean): void;
  rect(x: number, y: number, width: number, height: number): void;
  fill(): void;
  stroke(): void;
  /** To the path and to what was clipped to before, until `restore`. */
  clip(): void;
  setLineDash(lengths: number[]): void;

  fillRect(x: number, y: number, width: number, height: number): void;
  strokeRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number, widest?: number): void;
  strokeText(text: string, x: number, y: number, widest?: number): void;
  measureText(text: string): { readonly width: number };
  /** Only where a painter truly has pixels: they stay pixels in an SVG. */
  drawImage(
    image: HTMLCanvasElement | OffscreenCanvas,
    x: number,
    y: number,
    width: number,
    height: number,
  ): void;
  createPattern(image: HTMLCanvasElement | OffscreenCanvas, repetition: string | null): CanvasPattern | null;
}
