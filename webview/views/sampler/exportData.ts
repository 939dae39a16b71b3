// The sampler as data: the candidates at the cursor stage by stage, their draw, the tree, the lattice, and what was set.
import type { SamplerContent } from '../../../src/protocol/samplerView';
import { toCsv, toJson, type DataColumn } from '../../ui/copyAsData';
import { ruleName } from './beamWords';
import { stageName } from './cutWords';

export function treeColumns({ document }: SamplerContent): DataColumn[] {
  const { nodes } = document;
  const column = (name: string, values: DataColumn['values']): DataColumn => ({ name, values });
  return [
    column(
      'node',
      nodes.map((_, index) => index),
    ),
    column(
      'parent',
      nodes.map(({ parent }) => parent),
    ),
    column(
      'id',
      nodes.map(({ id }) => id),
    ),
    column(
      'token',
      nodes.map(({ text }) => text),
    ),
    column(
      'log p (nats, model)',
      nodes.map(({ logProb }) => logProb),
    ),
    column(
      'log p (nats, drawn from)',
      nodes.map(({ drawnLogProb }) => drawnLogProb),
    ),
    column(
      'forced',
      nodes.map(({ forced }) => (forced ? 1 : 0)),
    ),
    column(
      'beam',
      nodes.map(({ beam }) => (beam === true ? 1 : 0)),
    ),
    column(
      'name',
      nodes.map(({ name }) => name ?? ''),
    ),
  ];
}

export function candidateColumns({ next, document }: SamplerContent): DataColumn[] {
  if (next === null) return [];
  return [
    { name: 'id', values: next.id },
    { name: 'token', values: next.texts },
    ...next.stages.map((stage) => ({
      name: `p (${stageName(stage.by, document.settings)})`,
      values: stage.probability,
    })),
  ];
}

/** Largest sum first, then what was cut. */
export function drawColumns({ next }: SamplerContent): DataColumn[] {
  if (next === null) return [];
  const { id, texts, rank, logProb, noise, sum } = next.draw;
  return [
    { name: 'rank', values: rank },
    { name: 'id', values: id },
    { name: 'token', values: texts },
    { name: 'log p (nats, drawn from)', values: logProb },
    { name: 'Gumbel noise', values: noise },
    { name: 'sum', values: sum },
  ];
}

const FATES = ['cut', 'kept', 'ended'];

export function latticeColumns({ beam }: SamplerContent): DataColumn[] {
  if (beam.kind !== 'result') return [];
  const { step, parent, id, logProb, total, score, fate, texts } = beam.result.lattice;
  const text = new Map(texts);
  return [
    { name: 'step', values: step },
    { name: 'parent', values: parent },
    { name: 'id', values: id },
    { name: 'token', values: Array.from(id, (each) => text.get(each) ?? '') },
    { name: 'log p (nats, model)', values: logProb },
    { name: 'log p so far (nats, model)', values: total },
    { name: `score (log p so far / ${ruleName(beam.settings)})`, values: score },
    { name: 'fate', values: Array.from(fate, (each) => FATES[each] ?? '') },
  ];
}

export type SamplerTable = 'candidates' | 'draw' | 'tree' | 'lattice';

const COLUMNS = {
  candidates: candidateColumns,
  draw: drawColumns,
  tree: treeColumns,
  lattice: latticeColumns,
} as const;

export function samplerCsv(content: SamplerContent, table: SamplerTable): string {
  return toCsv(COLUMNS[table](content));
}

export function samplerJson(content: SamplerContent): string {
  const { document, model, next, beam } = content;
  const { prompt, settings, current, length, stop, stopAtEnd } = document;
  const stages = (next?.stages ?? []).map(({ by, kept, cutCount, cutMass, moved, seen, tail, entropy }) => ({
    by,
    kept,
    cutCount,
    cutMass,
    moved,
    ...(seen === undefined ? {} : { seen }),
    tail,
    entropyNats: entropy,
  }));
  const about = {
    model,
    prompt,
    settings,
    length,
    stop,
    stopAtEnd,
    current,
    likelihood: next?.likelihood,
    vocabulary: next?.vocabulary,
    stages,
    drawn: next?.drawn,
    drawNumber: next?.index,
    keptMass: next?.keptMass,
    ...(beam.kind === 'result'
      ? {
          beam: {
            ...beam.settings,
            from: beam.from,
            found: beam.result.hypotheses,
            greedy: beam.result.greedy,
          },
        }
      : {}),
  };
  return toJson(about, {
    candidates: candidateColumns(content),
    draw: drawColumns(content),
    tree: treeColumns(content),
    lattice: latticeColumns(content),
  });
}
