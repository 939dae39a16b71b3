// Walks a view in the page and says what a person would miss: numbers without unit, text too small or too faint,
// controls without a name, things cut off. Every finding is one sentence; none is the goal.

interface Rgba {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly a: number;
}

/** Elements of the page and of the controls' shadow roots, in document order. */
function* walk(root: Document | ShadowRoot | Element): Generator<Element> {
  for (const element of root.children) {
    yield element;
    if (element.shadowRoot !== null) yield* walk(element.shadowRoot);
    yield* walk(element);
  }
}

function ownText(element: Element): string {
  return (
    Array.from(element.childNodes)
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent ?? '')
      .join('')
      // A space of no width holds a box open: nobody reads it.
      .replaceAll('\u200b', '')
      .trim()
  );
}

function closest(element: Element, selector: string): Element | null {
  const found = element.closest(selector);
  if (found !== null) return found;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? closest(root.host, selector) : null;
}

const name = (element: Element) => `<${element.tagName.toLowerCase()} class="${element.className}">`;
const isDrawn = (element: Element) => element.checkVisibility({ visibilityProperty: true });

/** Numbers that stand without unit, or likelihoods without denominator and badge. */
export function bareNumbers(): string[] {
  const findings: string[] = [];
  for (const element of walk(document.body)) {
    const text = ownText(element);
    if (!/\d/.test(text) || element.tagName === 'SCRIPT' || element.tagName === 'STYLE') continue;
    if (
      closest(element, '[data-quote]') !== null ||
      closest(element, 'vscode-option, vscode-dropdown') !== null
    )
      continue;
    if (closest(element, '[data-formula] .katex') !== null || isToldElsewhere(element)) continue;
    const figure = closest(element, '[data-figure]');
    const quantity = closest(element, '[data-quantity]');
    if (figure === null && quantity === null) findings.push(`bare number in ${name(element)}: "${text}"`);
    if (quantity !== null && !quantity.getAttribute('data-unit')) findings.push(`no unit: "${text}"`);
  }
  for (const figure of document.querySelectorAll('[data-figure]')) findings.push(...brokenFigure(figure));
  for (const formula of document.querySelectorAll('[data-formula]')) findings.push(...brokenFormula(formula));
  return findings;
}

/** In a drawing that screen readers pass over, because a table says the same: with units, which are looked at there. */
function isToldElsewhere(element: Element): boolean {
  const drawing = closest(element, '[data-told-by]');
  const table = document.getElementById(drawing?.getAttribute('data-told-by') ?? '');
  return drawing?.getAttribute('aria-hidden') === 'true' && table?.querySelector('[data-quantity]') != null;
}

function brokenFigure(figure: Element): string[] {
  const read = (key: string) => figure.getAttribute(`data-${key}`) ?? '';
  const text = figure.textContent ?? '';
  const shownUnit = read('unit') === 'perplexity' ? 'PPL' : read('unit');
  const missing: string[] = [];
  if (!Number.isFinite(Number(read('figure')))) missing.push('a finite value');
  if (shownUnit === '' || !text.includes(shownUnit)) missing.push('its unit');
  if (!(Number(read('count')) > 0) || !text.includes(read('of')) || read('of') === '')
    missing.push('its denominator');
  if (!['exact', 'bound', 'none'].includes(read('badge'))) missing.push('its badge');
  else if (read('badge') !== 'none' && !text.includes(read('badge'))) missing.push('its badge in words');
  return missing.map((what) => `figure without ${what}: "${text}"`);
}

/** Numbers in a formula are told by its letters: it must say what they mean, in which unit, and what it comes to. */
function brokenFormula(formula: Element): string[] {
  const name = formula.getAttribute('data-formula') ?? '';
  const missing: string[] = [];
  if (!formula.getAttribute('data-unit')) missing.push('its unit');
  if (!Number.isFinite(Number(formula.getAttribute('data-value')))) missing.push('a finite value');
  if (formula.querySelector('.ar-latex .katex-html') === null) missing.push('its drawing');
  if (formula.querySelector('.katex-error') !== null) missing.push('LaTeX that can be drawn');
  if (formula.querySelector('.ar-latex math') === null) missing.push('words for screen readers');
  const symbols = [...formula.querySelectorAll('.ar-symbols > div')];
  if (symbols.length === 0) missing.push('what its letters mean');
  if (symbols.some((each) => each.querySelector('.katex') === null || each.querySelector('dd') === null))
    missing.push('a letter or its meaning');
  return missing.map((what) => `formula ${name} without ${what}`);
}

/** Text under 11 px or under 4.5:1 against what lies behind it. */
export function faintText(): string[] {
  const findings: string[] = [];
  for (const element of walk(document.body)) {
    const text = ownText(element);
    if (text === '' || !isDrawn(element) || element.closest('.ar-hidden, svg, script, style') !== null)
      continue;
    const style = getComputedStyle(element);
    if (parseFloat(style.fontSize) < 11) findings.push(`${style.fontSize} text: "${text.slice(0, 40)}"`);
    const behind = backgroundOf(element);
    const ratio = contrast(over(colorOf(style.color), behind), behind);
    if (ratio < 4.5)
      findings.push(`contrast ${ratio.toFixed(2)} in ${name(element)}: "${text.slice(0, 40)}"`);
  }
  return findings;
}

function backgroundOf(element: Element): Rgba {
  const layers: Rgba[] = [];
  for (let at: Element | null = element; at !== null; at = parentOf(at)) {
    const color = colorOf(getComputedStyle(at).backgroundColor);
    if (color.a > 0) layers.push(color);
    if (color.a === 1) break;
  }
  return layers.reduceRight<Rgba>((below, layer) => over(layer, below), { r: 1, g: 1, b: 1, a: 1 });
}

function parentOf(element: Element): Element | null {
  if (element.assignedSlot !== null) return element.assignedSlot;
  if (element.parentElement !== null) return element.parentElement;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

const brush = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });

/** Any CSS colour, color-mix included: painted and read back. */
function colorOf(css: string): Rgba {
  if (brush === null) throw new Error('colorOf: expected a 2d context, got none');
  brush.clearRect(0, 0, 1, 1);
  brush.fillStyle = css;
  brush.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0, a = 0] = brush.getImageData(0, 0, 1, 1).data;
  return { r: r / 255, g: g / 255, b: b / 255, a: a / 255 };
}

function over(top: Rgba, below: Rgba): Rgba {
  const mix = (upper: number, lower: number) => upper * top.a + lower * (1 - top.a);
  return { r: mix(top.r, below.r), g: mix(top.g, below.g), b: mix(top.b, below.b), a: 1 };
}

/** WCAG 2. */
function contrast(one: Rgba, other: Rgba): number {
  const linear = (channel: number) =>
    channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  const luminance = ({ r, g, b }: Rgba) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Controls and pictures that a screen reader could not name; headings and landmarks that are not there. */
export function unnamed(): string[] {
  const findings: string[] = [];
  const focusable =
    'button, input, select, a[href], [tabindex="0"], vscode-button, vscode-dropdown, [role="progressbar"]';
  for (const element of document.querySelectorAll(focusable)) {
    const label = element.getAttribute('aria-label') ?? element.closest('label')?.textContent ?? '';
    if ((label + (element.textContent ?? '')).trim() === '') findings.push(`no name: ${name(element)}`);
  }
  if (document.querySelectorAll('h1').length !== 1) findings.push('not exactly one h1');
  if (document.querySelectorAll('main').length !== 1) findings.push('not exactly one main');
  for (const svg of document.querySelectorAll('svg')) {
    if (svg.closest('[aria-hidden="true"]') === null)
      findings.push('an icon is not hidden from screen readers');
  }
  for (const element of document.querySelectorAll<HTMLElement>('[tabindex]')) {
    if (element.tabIndex > 0) findings.push(`focus out of reading order: ${name(element)}`);
  }
  return findings;
}

/** Sideways scrolling, and elements that stick out of the page. */
export function cutOff(): string[] {
  const width = document.documentElement.clientWidth;
  const findings =
    document.documentElement.scrollWidth > width
      ? [`the page is ${document.documentElement.scrollWidth} px wide in ${width}`]
      : [];
  for (const element of walk(document.body)) {
    if (element.closest('.ar-hidden') !== null || !isDrawn(element)) continue;
    const box = element.getBoundingClientRect();
    if (box.width > 0 && box.right > width + 0.5 && !isClipped(element))
      findings.push(`${name(element)} ends at ${box.right} of ${width}`);
  }
  return findings;
}

/** Cut with an ellipsis, or scrolled inside its own box: meant so. */
function isClipped(element: Element): boolean {
  for (let at = parentOf(element); at !== null && at !== document.body; at = parentOf(at)) {
    if (getComputedStyle(at).overflowX !== 'visible') return true;
  }
  return false;
}

/** Vertical sizes of controls that are off the 24 px height. */
export function offGrid(): string[] {
  return Array.from(
    document.querySelectorAll('vscode-button, vscode-dropdown, .ar-icon, .ar-opener, .ar-seg, .ar-slider'),
  )
    .filter((element) => isDrawn(element))
    .map((element) => [element, element.getBoundingClientRect().height] as const)
    .filter(([, height]) => Math.abs(height - 24) > 0.5)
    .map(([element, height]) => `${name(element)} is ${height} px high`);
}

export const audit = { bareNumbers, faintText, unnamed, cutOff, offGrid };
Object.assign(window, { audit });
export type Audit = typeof audit;
