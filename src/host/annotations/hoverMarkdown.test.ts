import { describe, expect, it } from 'vitest';
import { barImage } from './alternativeBars';
import { commandUri, escapeMarkdown, hoverMarkdown, type HoverInput, type HoverToken } from './hoverMarkdown';
import { grouped, perplexity, probability } from './numbers';

const token = (over: Partial<HoverToken> = {}): HoverToken => ({
  text: ' sings',
  token: 40,
  tokens: 150,
  logProb: Math.log(0.0056),
  entropy: 2.4 * Math.LN2,
  rank: 11,
  id: 7,
  alternatives: [
    { id: 1, text: ' boils', logProb: Math.log(0.681) },
    { id: 2, text: ' |x](', logProb: Math.log(0.094) },
  ],
  ...over,
});
const input = (over: Partial<HoverInput> = {}): HoverInput => ({
  parts: [token()],
  vocabulary: 50257,
  model: 'gpt2',
  badge: 'exact',
  theme: 'dark',
  stale: false,
  continueFrom: (part, alternative) => commandUri('arLens.continueFrom', part, alternative),
  ...over,
});

/** As Markdown reads it: entities decoded. */
const shown = (text: string): string =>
  text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&emsp;', ' ');

describe('hoverMarkdown', () => {
  it('gives every number its unit, denominator or badge', () => {
    const text = shown(hoverMarkdown(input()));
    expect(text).toContain('**·sings** token 41 of 150, exact, gpt2');
    expect(text).toMatch(
      /\*\*7\.48\*\* bits.*\*\*0\.0056\*\*.*\*\*11\*\* of 50\u2009257.*\*\*2\.40\*\* bits/,
    );
  });

  it('lists the alternatives as links, the token itself last where it is not among them', () => {
    const rows = hoverMarkdown(input())
      .split('\n')
      .filter((line) => line.includes('data:image/svg'));
    expect(rows).toHaveLength(3);
    expect(rows[0]).toContain('[·boils](command:arLens.continueFrom?');
    expect(shown(rows[2] ?? '')).toContain('·sings (here) | 0.0056');
    const among = token({ id: 1, logProb: Math.log(0.681), rank: 1 });
    const fewer = hoverMarkdown(input({ parts: [among] }));
    expect(fewer.match(/data:image/g)).toHaveLength(2);
    expect(fewer).toContain('(here)');
  });

  it('lets no token break out of its cell or its link', () => {
    const row =
      hoverMarkdown(input())
        .split('\n')
        .find((line) => line.includes('0.094')) ?? '';
    expect(row.match(/\|/g)).toHaveLength(4);
    expect(row.match(/\]\(/g)).toHaveLength(2); // the link's and the image's own
    expect(shown(row)).toContain('·|x](');
  });

  it('sums the bytes of a character and shows the most surprising', () => {
    const parts = [1, 6, 3].map((bits, i) =>
      token({ logProb: -bits * Math.LN2, text: `\\xE${i}`, token: i }),
    );
    const text = shown(hoverMarkdown(input({ parts, continueFrom: () => undefined })));
    expect(text).toContain('**10.00 bits** for this character, the sum over its 3 tokens');
    expect(text).toContain('Its second, **\\xE1**');
    expect(text).not.toContain('command:');
  });

  it('says why a token has no numbers', () => {
    const text = hoverMarkdown(input({ parts: [token({ logProb: NaN })] }));
    expect(text).toContain('Not scored');
    expect(text).not.toContain('NaN');
  });

  it('says when the numbers are of an earlier text', () => {
    expect(hoverMarkdown(input({ stale: true }))).toContain('before the last edit');
  });
});

describe('escapeMarkdown', () => {
  it('leaves nothing that Markdown reads as its own', () => {
    const nasty = '*_`[]()<>!#|~\\&"\'{}+-.:/';
    expect(escapeMarkdown(nasty)).toMatch(/^(&#\d+;)+$/);
    expect(shown(escapeMarkdown(nasty))).toBe(nasty);
  });
});

describe('commandUri', () => {
  it('comes back as it went in, whatever the arguments hold', () => {
    const args = ['file:///a b(1).md', 12, ")|'\n é😀"];
    const uri = commandUri('arLens.x', ...args);
    expect(uri).not.toMatch(/[()|'\s]/);
    expect(JSON.parse(decodeURIComponent(uri.slice(uri.indexOf('?') + 1)))).toEqual(args);
  });
});

describe('numbers', () => {
  it('are grouped by thin spaces from five digits on', () => {
    expect([999, 1000, 50257, 1234567].map(grouped)).toEqual([
      '999',
      '1000',
      '50\u2009257',
      '1\u2009234\u2009567',
    ]);
  });
  it('are probabilities a person can read', () => {
    expect([1, 0.681, 0.0056, 0.000123, 2.5e-6, 0].map(probability)).toEqual([
      '1.000', '0.681', '0.0056', '0.00012', '2.5 × 10⁻⁶', '0',
    ]); // prettier-ignore
    expect([1.414, 9.6, 45.23, 12345.6].map(perplexity)).toEqual(['1.41', '9.60', '45.2', '12\u2009346']);
  });
});

describe('barImage', () => {
  it('is an SVG whose width is the share, never nothing, never too wide', () => {
    const svg = (share: number): string =>
      Buffer.from(barImage(share, false, 'light').split(',')[1] ?? '', 'base64').toString('utf8');
    expect(svg(0.5)).toContain('width="100" height="10"');
    expect(svg(0)).toContain('width="2" height="10"');
    expect(svg(7)).toContain('width="200" height="10"');
  });
});
