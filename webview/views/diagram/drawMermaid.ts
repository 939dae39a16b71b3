// The one file that knows mermaid: its text becomes an SVG element inside the page. Colours and fonts are the view's own
// style sheet's (diagram.css): mermaid's style element, which the policy refuses, is never made.
import mermaid from 'mermaid';
import { withStylesByApi } from './styleByApi';

const SVG = 'http://www.w3.org/2000/svg';

mermaid.initialize({
  startOnLoad: false,
  securityLevel: 'strict',
  htmlLabels: false,
  flowchart: {
    htmlLabels: false,
    curve: 'linear',
    wrappingWidth: 480,
    nodeSpacing: 32,
    rankSpacing: 36,
    subGraphTitleMargin: { top: 6, bottom: 10 },
  },
  maxTextSize: 1_000_000,
  maxEdges: 4096,
  logLevel: 'fatal',
});

let drawn = 0;
/** mermaid keeps what it draws in one place: one after another. */
let drawing: Promise<unknown> = Promise.resolve();

/** @returns the drawing, as the only child of `holder`, which must be in the page: text is measured there. */
export function drawMermaid(text: string, holder: HTMLElement): Promise<SVGSVGElement> {
  const next = drawing.then(() => draw(text, holder));
  drawing = next.catch(() => undefined);
  return next;
}

async function draw(text: string, holder: HTMLElement): Promise<SVGSVGElement> {
  const svg = document.createElementNS(SVG, 'svg');
  svg.id = `diagram${++drawn}`;
  svg.append(document.createElementNS(SVG, 'g'));
  holder.append(svg);
  try {
    await withStylesByApi(async () => {
      const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
      await diagram.renderer.draw(text, svg.id, '', diagram);
    });
  } catch (error) {
    svg.remove();
    throw error;
  }
  titlesLeft(svg);
  for (const other of [...holder.children]) if (other !== svg) other.remove();
  const { width, height } = svg.viewBox.baseVal;
  svg.removeAttribute('style');
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', String(height));
  return svg;
}

/** mermaid centres a subgraph's title, where the arrow into it passes. */
function titlesLeft(svg: SVGSVGElement): void {
  for (const cluster of svg.querySelectorAll('g.cluster')) {
    const box = cluster.querySelector('rect');
    const [x, y] = ['x', 'y'].map((name) => Number(box?.getAttribute(name)));
    cluster
      .querySelector('.cluster-label')
      ?.setAttribute('transform', `translate(${(x ?? 0) + 10}, ${(y ?? 0) + 6})`);
  }
}

/** The element of a drawn node, by the id it has in the text. */
export const drawnNode = (svg: SVGSVGElement, id: string): Element | null =>
  svg.querySelector(`g.node[id^="${svg.id}-flowchart-${id}-"]`);
