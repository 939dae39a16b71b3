// The sampler as data: every node of the tree, the candidates at the cursor stage by stage, and what was set.
import type { SamplerContent } from '../../../src/protocol/samplerView';
import { toCsv, toJson, type DataColumn } from '../../ui/copyAsData';
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

export function samplerCsv(content: SamplerContent, what: 'tree' | 'candidates'): string {
  return toCsv(what === 'tree' ? treeColumns(content) : candidateColumns(content));
}

export function samplerJson(content: SamplerContent): string {
  const { document, model, next } = content;
  const { prompt, settings, current, length, stop } = document;
  const cuts = (next?.stages ?? []).map(({ by, kept, cutCount, cutMass, tail, entropy }) => ({
    by,
    kept,
    cutCount,
    cutMass,
    tail,
    entropyNats: entropy,
  }));
  const about = {
    model,
    prompt,
    settings,
    length,
    stop,
    current,
    likelihood: next?.likelihood,
    vocabulary: next?.vocabulary,
    stages: cuts,
    drawn: next?.drawn,
    keptMass: next?.keptMass,
  };
  return toJson(about, { candidates: candidateColumns(content), tree: treeColumns(content) });
}
