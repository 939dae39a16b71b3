// A brush that writes down what it is told, as SVG: rectangles, paths, text, clips, patterns; pixels only where a painter
// has pixels. What it does not know fails by name: its properties are sealed, its calls are Brush's. Knows no picture.
import type { Brush } from './brush';
import { fontAttributes, svgColour, svgNumber as n, xmlText } from './svgText';

/** What only a browser knows about text and pixels. */
export interface Rulers {
  /** Width of `text` in CSS pixels. */
  width(font: string, text: string): number;
  /** How far below its own line the alphabetic baseline of `font` lies, CSS pixels. */
  drop(font: string, baseline: CanvasTextBaseline): number;
  /** The picture as a PNG in a data URI. */
  pixels(image: HTMLCanvasElement | OffscreenCanvas): string;
}

/** x' = a x + c y + e, y' = b x + d y + f. */
type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

const START = {
  fillStyle: '#000000' as Brush['fillStyle'],
  strokeStyle: '#000000' as Brush['strokeStyle'],
  globalAlpha: 1,
  lineWidth: 1,
  lineCap: 'butt' as CanvasLineCap,
  lineJoin: 'miter' as CanvasLineJoin,
  font: '10px sans-serif',
  textAlign: 'start' as CanvasTextAlign,
  textBaseline: 'alphabetic' as CanvasTextBaseline,
  imageSmoothingEnabled: true,
  imageSmoothingQuality: 'low' as ImageSmoothingQuality,
};
type Look = typeof START;
interface Kept extends Look {
  readonly matrix: Matrix;
  readonly dash: readonly number[];
  readonly clipId: string;
}

class SvgPattern implements CanvasPattern {
  constructor(readonly id: string) {}
  setTransform(): void {
    throw new Error('SvgPattern.setTransform: expected a pattern that stays where it is');
  }
}

export class SvgBrush implements Brush {
  fillStyle = START.fillStyle;
  strokeStyle = START.strokeStyle;
  globalAlpha = START.globalAlpha;
  lineWidth = START.lineWidth;
  lineCap = START.lineCap;
  lineJoin = START.lineJoin;
  font = START.font;
  textAlign = START.textAlign;
  textBaseline = START.textBaseline;
  imageSmoothingEnabled = START.imageSmoothingEnabled;
  imageSmoothingQuality = START.imageSmoothingQuality;

  private matrix: Matrix = [1, 0, 0, 1, 0, 0];
  private dash: readonly number[] = [];
  private clipId = '';
  private readonly kept: Kept[] = [];
  private path = '';
  /** Where the path is, for arcs that have to be joined to it. */
  private penDown = false;
  private readonly definitions: string[] = [];
  private readonly parts: string[] = [];
  private grouped = '';

  constructor(private readonly rulers: Rulers) {
    Object.seal(this);
  }

  /** Everything drawn so far: definitions, then shapes in drawing order. */
  content(): string {
    const definitions = this.definitions.length === 0 ? '' : `<defs>${this.definitions.join('')}</defs>`;
    return `${definitions}${this.parts.join('')}${this.grouped === '' ? '' : '</g>'}`;
  }

  save(): void {
    const { matrix, dash, clipId } = this;
    this.kept.push({ ...this.look(), matrix, dash, clipId });
  }
  restore(): void {
    const kept = this.kept.pop();
    if (kept !== undefined) Object.assign(this, kept);
  }
  private look(): Look {
    const { fillStyle, strokeStyle, globalAlpha, lineWidth, lineCap, lineJoin, font } = this;
    const { textAlign, textBaseline, imageSmoothingEnabled, imageSmoothingQuality } = this;
    const text = { font, textAlign, textBaseline };
    const lines = { lineWidth, lineCap, lineJoin };
    return {
      fillStyle,
      strokeStyle,
      globalAlpha,
      imageSmoothingEnabled,
      imageSmoothingQuality,
      ...lines,
      ...text,
    };
  }

  translate(x: number, y: number): void {
    this.multiply([1, 0, 0, 1, x, y]);
  }
  scale(x: number, y: number): void {
    this.multiply([x, 0, 0, y, 0, 0]);
  }
  rotate(angle: number): void {
    const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
    this.multiply([cosine, sine, -sine, cosine, 0, 0]);
  }
  private multiply([a, b, c, d, e, f]: Matrix): void {
    const [A, B, C, D, E, F] = this.matrix;
    const [x, y] = [A * e + C * f + E, B * e + D * f + F];
    this.matrix = [A * a + C * b, B * a + D * b, A * c + C * d, B * c + D * d, x, y];
  }

  beginPath(): void {
    this.path = '';
    this.penDown = false;
  }
  closePath(): void {
    if (this.penDown) this.path += 'Z';
  }
  moveTo(x: number, y: number): void {
    this.path += `M${this.at(x, y)}`;
    this.penDown = true;
  }
  lineTo(x: number, y: number): void {
    this.path += `${this.penDown ? 'L' : 'M'}${this.at(x, y)}`;
    this.penDown = true;
  }
  quadraticCurveTo(controlX: number, controlY: number, x: number, y: number): void {
    this.path += `Q${this.at(controlX, controlY)} ${this.at(x, y)}`;
  }
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    this.path += `C${this.at(x1, y1)} ${this.at(x2, y2)} ${this.at(x, y)}`;
  }
  /** In quarter turns as Bézier curves, which any transform leaves Bézier curves. */
  arc(x: number, y: number, radius: number, start: number, end: number, backwards = false): void {
    const turn = 2 * Math.PI;
    const turned = backwards ? start - end : end - start;
    const size = turned >= turn ? turn : ((turned % turn) + turn) % turn;
    const steps = Math.max(1, Math.ceil(size / (Math.PI / 2)));
    const step = (backwards ? -size : size) / steps;
    const handle = (4 / 3) * Math.tan(step / 4) * radius;
    const on = (angle: number) => [x + radius * Math.cos(angle), y + radius * Math.sin(angle)] as const;
    this.lineTo(...on(start));
    for (let i = 0; i < steps; i++) {
      const [from, to] = [start + i * step, start + (i + 1) * step];
      const [[x0, y0], [x1, y1]] = [on(from), on(to)];
      const leave = [x0 - handle * Math.sin(from), y0 + handle * Math.cos(from)] as const;
      const arrive = [x1 + handle * Math.sin(to), y1 - handle * Math.cos(to)] as const;
      this.bezierCurveTo(...leave, ...arrive, x1, y1);
    }
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.path += this.rectPath(x, y, width, height);
    this.penDown = true;
  }
  fill(): void {
    this.draw(`<path d="${this.path}"${this.filled()}/>`);
  }
  stroke(): void {
    this.draw(`<path d="${this.path}" fill="none"${this.stroked()}/>`);
  }
  clip(): void {
    const id = this.define('clip');
    const within = this.clipId === '' ? '' : ` clip-path="url(#${this.clipId})"`;
    this.definitions.push(`<clipPath id="${id}"${within}><path d="${this.path}"/></clipPath>`);
    this.clipId = id;
  }
  setLineDash(lengths: number[]): void {
    this.dash = [...lengths];
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.draw(this.rectangle(x, y, width, height, this.filled()));
  }
  strokeRect(x: number, y: number, width: number, height: number): void {
    this.draw(this.rectangle(x, y, width, height, ` fill="none"${this.stroked()}`));
  }
  fillText(text: string, x: number, y: number, widest?: number): void {
    this.draw(this.written(text, x, y, widest, this.filled()));
  }
  strokeText(text: string, x: number, y: number, widest?: number): void {
    // The text's own transform scales its rim too.
    this.draw(this.written(text, x, y, widest, ` fill="none"${this.stroked(1)}`));
  }
  measureText(text: string): { readonly width: number } {
    return { width: this.rulers.width(this.font, text) };
  }

  drawImage(
    image: HTMLCanvasElement | OffscreenCanvas,
    x: number,
    y: number,
    width: number,
    height: number,
  ): void {
    const smooth = this.imageSmoothingEnabled ? '' : ' image-rendering="pixelated"';
    const opacity = this.globalAlpha === 1 ? '' : ` opacity="${n(this.globalAlpha)}"`;
    const place = ` x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" preserveAspectRatio="none"`;
    this.draw(`<image${place}${this.transform()}${smooth}${opacity} href="${this.rulers.pixels(image)}"/>`);
  }
  /** One image pixel is one CSS pixel of the sheet, whatever the transform: textures keep their grain. */
  createPattern(image: HTMLCanvasElement | OffscreenCanvas, repetition: string | null): CanvasPattern {
    if (repetition !== 'repeat' && repetition !== null && repetition !== '')
      throw new Error(`SvgBrush.createPattern: expected the repetition "repeat", got ${repetition}`);
    const id = this.define('pattern');
    const size = ` width="${image.width}" height="${image.height}"`;
    const tile = `<image${size} href="${this.rulers.pixels(image)}"/>`;
    this.definitions.push(`<pattern id="${id}"${size} patternUnits="userSpaceOnUse">${tile}</pattern>`);
    return new SvgPattern(id);
  }

  private define(kind: string): string {
    return `${kind}-${this.definitions.length + 1}`;
  }

  /** Neighbours under one clip share its group. */
  private draw(element: string): void {
    if (this.grouped !== this.clipId) {
      if (this.grouped !== '') this.parts.push('</g>');
      if (this.clipId !== '') this.parts.push(`<g clip-path="url(#${this.clipId})">`);
      this.grouped = this.clipId;
    }
    this.parts.push(element);
  }

  private at(x: number, y: number): string {
    const [a, b, c, d, e, f] = this.matrix;
    return `${n(a * x + c * y + e)} ${n(b * x + d * y + f)}`;
  }

  private upright(): boolean {
    const [a, b, c, d] = this.matrix;
    return b === 0 && c === 0 && a > 0 && d > 0;
  }

  private rectangle(x: number, y: number, width: number, height: number, look: string): string {
    if (!this.upright() || width < 0 || height < 0)
      return `<path d="${this.rectPath(x, y, width, height)}"${look}/>`;
    const [a, , , d, e, f] = this.matrix;
    const [left, top] = [n(a * x + e), n(d * y + f)];
    return `<rect x="${left}" y="${top}" width="${n(a * width)}" height="${n(d * height)}"${look}/>`;
  }
  private rectPath(x: number, y: number, width: number, height: number): string {
    const corners = [this.at(x + width, y), this.at(x + width, y + height), this.at(x, y + height)];
    return `M${this.at(x, y)}L${corners.join('L')}Z`;
  }

  private written(text: string, x: number, y: number, widest: number | undefined, look: string): string {
    const anchor = { left: '', start: '', center: 'middle', right: 'end', end: 'end' }[this.textAlign];
    const squeezed = widest !== undefined && this.rulers.width(this.font, text) > widest;
    const attributes = [
      ` x="${n(x)}" y="${n(y + this.rulers.drop(this.font, this.textBaseline))}"`,
      this.transform(),
      fontAttributes(this.font),
      anchor === '' ? '' : ` text-anchor="${anchor}"`,
      squeezed ? ` textLength="${n(widest)}" lengthAdjust="spacingAndGlyphs"` : '',
    ];
    return `<text${attributes.join('')}${look}>${xmlText(text)}</text>`;
  }
  private transform(): string {
    const [a, b, c, d, e, f] = this.matrix;
    if (a === 1 && b === 0 && c === 0 && d === 1)
      return e === 0 && f === 0 ? '' : ` transform="translate(${n(e)} ${n(f)})"`;
    const fine = (value: number) => String(Math.round(value * 1e6) / 1e6);
    return ` transform="matrix(${[a, b, c, d].map(fine).join(' ')} ${n(e)} ${n(f)})"`;
  }

  private filled(): string {
    return this.painted('fill', this.fillStyle);
  }
  private stroked(factor = this.scaling()): string {
    const dash =
      this.dash.length === 0
        ? ''
        : ` stroke-dasharray="${this.dash.map((each) => n(each * factor)).join(' ')}"`;
    const cap = this.lineCap === 'butt' ? '' : ` stroke-linecap="${this.lineCap}"`;
    const join = this.lineJoin === 'miter' ? '' : ` stroke-linejoin="${this.lineJoin}"`;
    return `${this.painted('stroke', this.strokeStyle)} stroke-width="${n(this.lineWidth * factor)}"${dash}${cap}${join}`;
  }
  private scaling(): number {
    const [a, b, c, d] = this.matrix;
    return Math.sqrt(Math.abs(a * d - b * c));
  }
  private painted(what: 'fill' | 'stroke', style: Brush['fillStyle']): string {
    const { paint, opacity } = this.paintOf(style);
    const shown = opacity * this.globalAlpha;
    return ` ${what}="${paint}"${shown === 1 ? '' : ` ${what}-opacity="${Math.round(shown * 1000) / 1000}"`}`;
  }
  private paintOf(style: Brush['fillStyle']) {
    if (typeof style === 'string') return svgColour(style);
    if (style instanceof SvgPattern) return { paint: `url(#${style.id})`, opacity: 1 };
    throw new Error('SvgBrush: expected a colour or a pattern of its own, got another brush’s');
  }
}
