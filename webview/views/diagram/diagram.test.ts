// Groups and mermaid's text from a model's nodes, and where a drawing lies in its frame.
import { describe, expect, it } from 'vitest';
import type { DiagramNode, DiagramReport } from '../../../src/protocol/diagram';
import { groupsOf, hasAlike } from './blocks';
import { mermaidSource } from './mermaidSource';
import { moved, placeByKey, readable, whole, zoomed } from './place';
import { lettersOf, readsText, shapeText } from './words';

const node = (id: string, title: string, from: string, parameters = 0): DiagramNode => ({
  id,
  title,
  inputs: from === '' ? [] : [{ from, reads: id.endsWith('attention') ? 'causal' : 'pointwise' }],
  shape: [
    { letter: 'B', size: null },
    { letter: 'T', size: 64 },
  ],
  inside: [],
  parameters,
  variables: [],
});

function reportOf(blocks: number, odd = -1): DiagramReport {
  const nodes = [node('input', 'Ids', ''), node('embedding', 'Table', 'input', 5)];
  for (let at = 0; at < blocks; at++) {
    const from = nodes.at(-1)?.id ?? '';
    nodes.push(node(`block${at}.attention`, `Block ${at + 1}: attention`, from, 10));
    nodes.push(node(`block${at}.mlp`, `Block ${at + 1}: MLP`, `block${at}.attention`, at === odd ? 21 : 20));
  }
  nodes.push(node('output', 'Head "tied" <again>', nodes.at(-1)?.id ?? '', 1));
  const parameters = nodes.reduce((sum, each) => sum + each.parameters, 0);
  return {
    domain: 'text',
    family: 'f',
    title: 'F',
    nodes,
    parameters,
    weights: 'own',
    vocabulary: 3,
    standIn: false,
  };
}

describe('groups', () => {
  it('are drawn each where they are few, once where they are many and alike', () => {
    expect(groupsOf(reportOf(3), 'auto').map(({ title }) => title)).toEqual([
      '',
      '',
      'Block 1',
      'Block 2',
      'Block 3',
      '',
    ]);
    const merged = groupsOf(reportOf(12), 'auto')[2];
    expect(merged).toMatchObject({ title: 'Block 1', lastTitle: 'Block 12', alike: 12, parameters: 360 });
    expect(groupsOf(reportOf(12), 'each')).toHaveLength(15);
    expect(groupsOf(reportOf(2), 'once')[2]?.alike).toBe(2);
  });

  it('that differ stay apart, and every parameter is in some group', () => {
    const report = reportOf(6, 2);
    const groups = groupsOf(report, 'once');
    expect(groups.map(({ alike }) => alike)).toEqual([1, 1, 2, 1, 3, 1]);
    expect(groups.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(report.parameters);
    expect(hasAlike(reportOf(1))).toBe(false);
    expect(hasAlike(report)).toBe(true);
  });
});

describe('mermaid’s text', () => {
  it('has each node in its group, and an edge for each input', () => {
    const { text, ids } = mermaidSource(groupsOf(reportOf(1), 'each'));
    expect(text).toBe(`flowchart TB
  n0["Ids<br/>[B, 64]"]
  n1["Table<br/>[B, 64]<br/>5 parameters"]
  subgraph g2["Block 1"]
    n2["attention<br/>[B, 64]<br/>10 parameters"]
    n3["MLP<br/>[B, 64]<br/>20 parameters"]
  end
  n4["Head ”tied” ‹again><br/>[B, 64]<br/>1 parameters"]
  n0 --> n1
  n1 -->|"positions ≤ its own"| n2
  n2 --> n3
  n3 --> n4
`);
    expect(ids.get('block0.mlp')).toBe('n3');
  });

  it('leads the edge out of blocks left out from the one that stands for them', () => {
    const { text } = mermaidSource(groupsOf(reportOf(12), 'auto'));
    expect(text.match(/-->/g)).toHaveLength(4);
    expect(text).toContain('  n3 --> n4\n');
    const apart = mermaidSource(groupsOf(reportOf(6, 2), 'once')).text;
    expect(apart.match(/-->/g)).toHaveLength(8);
    expect(apart).toContain('n3 -->|"positions ≤ its own"| n4');
  });
});

describe('words', () => {
  it('say shapes, letters and what is read', () => {
    expect(shapeText(node('a', 'a', '').shape)).toBe('[B, 64]');
    expect(lettersOf(reportOf(1))).toEqual([
      { letter: 'B', meaning: 'rows of a batch', sizes: [] },
      { letter: 'T', meaning: 'positions of a window', sizes: [64] },
    ]);
    expect(readsText({ from: 'a', reads: 'window', window: 3 })).toBe('its own and 2 before');
    expect(readsText({ from: 'a', reads: 'strict' })).toBe('positions before its own');
  });
});

describe('the place of a drawing', () => {
  const [drawing, frame] = [
    { width: 400, height: 2000 },
    { width: 500, height: 600 },
  ];
  it('is all of it, or its width from the top', () => {
    expect(whole(drawing, frame)).toEqual({ scale: 0.3, x: 190, y: 0 });
    expect(readable(drawing, frame)).toEqual({ scale: 1, x: 50, y: 0 });
  });
  it('keeps the point under the pointer when it is zoomed, within limits', () => {
    const before = { scale: 1, x: 50, y: 0 };
    const after = zoomed(before, 2, { x: 250, y: 300 });
    expect((250 - after.x) / after.scale).toBeCloseTo(250 - before.x, 9);
    expect((300 - after.y) / after.scale).toBeCloseTo(300, 9);
    expect(zoomed(before, 1e9, { x: 0, y: 0 }).scale).toBe(4);
  });
  it('never leaves the frame', () => {
    const gone = moved({ scale: 1, x: 0, y: 0 }, 1e6, -1e6, drawing, frame);
    expect(gone.x).toBeLessThan(frame.width);
    expect(gone.y + drawing.height).toBeGreaterThan(0);
  });
  it('follows keys, and leaves others alone', () => {
    const place = { scale: 1, x: 50, y: 0 };
    expect(placeByKey('ArrowDown', place, drawing, frame)?.y).toBe(-48);
    expect(placeByKey('0', place, drawing, frame)).toEqual(whole(drawing, frame));
    expect(placeByKey('Tab', place, drawing, frame)).toBeUndefined();
  });
});
