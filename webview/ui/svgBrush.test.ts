// The SVG recorder and its words: what a painter says is what stands in the file, and what it cannot say fails by name.
import { describe, expect, it } from 'vitest';
import type { Brush } from './brush';
import { SvgBrush, type Rulers } from './svgBrush';
import { fontAttributes, svgColour, svgNumber, xmlText } from './svgText';

const RULERS: Rulers = {
  width: (_font, text) => 6 * text.length,
  drop: (_font, baseline) => (baseline === 'middle' ? 4 : 0),
  pixels: () => 'data:image/png;base64,AAAA',
};
const image = { width: 8, height: 8 } as OffscreenCanvas;

function drawn(paint: (brush: SvgBrush) => void): string {
  const brush = new SvgBrush(RULERS);
  paint(brush);
  return brush.content();
}

describe('text in XML', () => {
  it.each([
    ['a & b < c > "d"', 'a &amp; b &lt; c &gt; &quot;d&quot;'],
    ['\u0000\u0007\u001f', '\ufffd\ufffd\ufffd'],
    ['\ud83d', '\ufffd'],
    ['x\udc00y', 'x\ufffdy'],
    ['\ufffe\uffff', '\ufffd\ufffd'],
    ['😀 é', '😀 é'],
    ['a\n\t\r', 'a&#10;&#9;&#13;'],
  ])('%j becomes %s', (text, written) => {
    expect(xmlText(text)).toBe(written);
  });
});

describe('colours, numbers, fonts', () => {
  it.each([
    ['rgb(1, 2, 255)', '#0102ff', 1],
    ['rgb(1 2 255)', '#0102ff', 1],
    ['rgba(0, 0, 0, 0.25)', '#000000', 0.25],
    ['color(srgb 1 0.5 0 / 0.14)', '#ff8000', 0.14],
    ['#ABC', '#aabbcc', 1],
    ['#0000ff80', '#0000ff', 128 / 255],
    ['white', 'white', 1],
    ['transparent', 'none', 0],
  ])('%s is %s', (css, paint, opacity) => {
    expect(svgColour(css)).toEqual({ paint, opacity });
  });
  it('refuse what they do not know', () => {
    expect(() => svgColour('oklch(0.7 0.1 200)')).toThrow('expected a colour as a browser computes it');
  });
  it('are short', () => {
    expect([1 / 3, 2, -0.001, NaN, Infinity].map(svgNumber)).toEqual(['0.33', '2', '0', '0', '0']);
    expect(fontAttributes('600 11px "Ubuntu", sans-serif')).toMatch(
      /^ font-family="&quot;Ubuntu&quot;, sans-serif, .*Arial.*" font-size="11" font-weight="600"$/,
    );
    expect(fontAttributes('13px "Some Mono"')).toContain('monospace');
  });
});

describe('the recorder', () => {
  it('writes rectangles where the transform puts them', () => {
    const svg = drawn((brush) => {
      brush.translate(10, 20);
      brush.scale(2, 2);
      brush.fillStyle = 'rgb(255, 0, 0)';
      brush.fillRect(1, 2, 3, 4);
      brush.strokeStyle = 'rgba(0, 0, 255, 0.5)';
      brush.lineWidth = 1.5;
      brush.setLineDash([2, 1]);
      brush.strokeRect(0, 0, 5, 5);
    });
    expect(svg).toBe(
      '<rect x="12" y="24" width="6" height="8" fill="#ff0000"/>' +
        '<rect x="10" y="20" width="10" height="10" fill="none" stroke="#0000ff" stroke-opacity="0.5" stroke-width="3" stroke-dasharray="4 2"/>',
    );
  });

  it('brings back what was saved, the clip too', () => {
    const svg = drawn((brush) => {
      brush.save();
      brush.beginPath();
      brush.rect(0, 0, 10, 10);
      brush.clip();
      brush.save();
      brush.beginPath();
      brush.rect(5, 5, 10, 10);
      brush.clip();
      brush.fillRect(0, 0, 20, 20);
      brush.restore();
      brush.fillRect(0, 0, 3, 3);
      brush.restore();
      brush.fillRect(30, 0, 3, 3);
    });
    expect(svg).toContain('<clipPath id="clip-2" clip-path="url(#clip-1)">');
    expect(svg.replace(/^<defs>.*<\/defs>/, '')).toBe(
      '<g clip-path="url(#clip-2)"><rect x="0" y="0" width="20" height="20" fill="#000000"/></g>' +
        '<g clip-path="url(#clip-1)"><rect x="0" y="0" width="3" height="3" fill="#000000"/></g>' +
        '<rect x="30" y="0" width="3" height="3" fill="#000000"/>',
    );
  });

  it('writes text on its alphabetic baseline, turned and squeezed where it was', () => {
    const svg = drawn((brush) => {
      brush.font = '600 11px Ubuntu';
      brush.textAlign = 'right';
      brush.textBaseline = 'middle';
      brush.rotate(Math.PI / 2);
      brush.fillText('a<b', 5, 6, 12);
    });
    expect(svg).toContain('x="5" y="10" transform="matrix(0 1 -1 0 0 0)"');
    expect(svg).toContain(
      'text-anchor="end" textLength="12" lengthAdjust="spacingAndGlyphs" fill="#000000">a&lt;b</text>',
    );
  });

  it('draws circles and curves as paths', () => {
    const circle = drawn((brush) => {
      brush.beginPath();
      brush.arc(10, 10, 5, 0, 2 * Math.PI);
      brush.closePath();
      brush.fill();
    });
    expect(circle).toMatch(/^<path d="M15 10C15 12\.76 12\.76 15 10 15C.*Z" fill="#000000"\/>$/);
    const back = drawn((brush) => {
      brush.beginPath();
      brush.arc(0, 0, 10, 0, -Math.PI / 2, true);
      brush.stroke();
    });
    expect(back).toContain('M10 0C10 -5.52 5.52 -10 0 -10');
  });

  it('keeps pixels as pixels, with their edges where asked', () => {
    const svg = drawn((brush) => {
      brush.imageSmoothingEnabled = false;
      brush.drawImage(image, 1, 2, 30, 40);
      brush.fillStyle = brush.createPattern(image, 'repeat') ?? '';
      brush.fillRect(0, 0, 5, 5);
    });
    expect(svg).toContain('image-rendering="pixelated" href="data:image/png;base64,AAAA"');
    expect(svg).toContain('<pattern id="pattern-1" width="8" height="8" patternUnits="userSpaceOnUse">');
    expect(svg).toContain('fill="url(#pattern-1)"');
  });

  it('fails by name where a painter asks for more', () => {
    const unlimited = new SvgBrush(RULERS) as Brush as CanvasRenderingContext2D;
    expect(() => unlimited.putImageData({} as ImageData, 0, 0)).toThrow('putImageData');
    expect(() => (unlimited.shadowBlur = 3)).toThrow('shadowBlur');
    expect(() => {
      unlimited.fillStyle = {} as CanvasGradient;
      unlimited.fillRect(0, 0, 1, 1);
    }).toThrow('a colour or a pattern of its own');
  });
});
