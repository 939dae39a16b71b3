import { describe, expect, it } from 'vitest';
import { webviewHtml } from './webviewHtml';

const page = (): string =>
  webviewHtml({
    view: 'training',
    title: 'Training a',
    cspSource: 'https://local',
    script: 'https://local/training.js',
    style: 'https://local/training.css',
  });

describe('webviewHtml', () => {
  it('lets in nothing by default, and nothing unsafe', () => {
    const policy = /content="(default-src[^"]+)"/.exec(page())?.[1] ?? '';
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).not.toMatch(/unsafe|\*|https?:\/\/(?!local)/);
    const nonce = /script-src 'nonce-([\w-]{16,})'/.exec(policy)?.[1];
    expect(page()).not.toContain(nonce ?? 'missing'); // a new one each time
  });

  it('runs one script, by the nonce of its policy', () => {
    const html = page();
    const scripts = [...html.matchAll(/<script[^>]*>/g)].map((match) => match[0]);
    expect(scripts).toHaveLength(1);
    expect(scripts[0]).toContain(/script-src 'nonce-([\w-]+)'/.exec(html)?.[1] ?? 'missing');
    expect(html).not.toMatch(/ on\w+=| style=/);
  });
});
