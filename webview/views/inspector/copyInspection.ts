// What the Inspector shows, as data: the distribution as CSV, everything as JSON.
import { NATS_PER_BIT } from '../../../src/protocol/figure';
import type { InspectorContent, InspectorHostCalls } from '../../../src/protocol/inspectorView';
import { toCsv, toJson, type DataColumn } from '../../ui/copyAsData';
import type { Ask } from '../../ui/host';
import { attendedBy } from './heads';
import { distribution } from './rows';

export function copyInspection(host: Ask<InspectorHostCalls>, content: InspectorContent, kind: string): void {
  const csv = kind === 'csv';
  const text = csv ? toCsv(expected(content)) : asJson(content);
  host('copy', { text, what: csv ? 'The distribution as CSV' : 'The token as JSON' });
}

function expected({ inspection }: InspectorContent): DataColumn[] {
  const { rows, rest } = distribution(inspection);
  const others = rest.count > 0 ? [rest] : [];
  return [
    { name: 'id', values: [...rows.map(({ id }) => id), ...others.map(() => null)] },
    {
      name: 'token',
      values: [...rows.map(({ text }) => text), ...others.map(({ count }) => `${count} others`)],
    },
    {
      name: `probability (of 1, ${inspection.likelihood})`,
      values: [...rows.map(({ probability }) => probability), ...others.map(({ mass }) => mass)],
    },
    {
      name: `log-prob (nats over 1 token, ${inspection.likelihood})`,
      values: [...rows.map(({ logProb }) => logProb), ...others.map(({ mass }) => Math.log(mass))],
    },
    {
      name: 'occurred',
      values: [...rows.map(({ occurred }) => String(occurred)), ...others.map(() => 'false')],
    },
  ];
}

function asJson(content: InspectorContent): string {
  const { inspection, file, line, column, model } = content;
  const { attention, scored, ...facts } = inspection;
  const numbers = scored && {
    surprisalBits: -scored.logProb / NATS_PER_BIT,
    entropyBits: scored.entropy / NATS_PER_BIT,
    rank: scored.rank,
    probability: Math.exp(scored.logProb),
  };
  const about = {
    file,
    line,
    column,
    name: model,
    ...facts,
    ...numbers,
    top: scored?.top,
    rest: scored?.rest,
  };
  if ('none' in attention) return toJson({ ...about, attention }, {});
  const { layers, heads, positions } = attention;
  const rows = Array.from({ length: layers * heads }, (_, row) => {
    const choice = { layer: Math.floor(row / heads), head: row % heads };
    return attendedBy(attention, choice).map(({ seen, weight }) => ({ ...choice, ...seen, weight }));
  }).flat();
  return toJson(
    { ...about, positions },
    {
      attended: [
        { name: 'layer', values: rows.map(({ layer }) => layer + 1) },
        { name: 'head', values: rows.map(({ head }) => head + 1) },
        { name: 'token', values: rows.map(({ token }) => token) },
        { name: 'text', values: rows.map(({ text }) => text) },
        { name: 'weight (of 1)', values: rows.map(({ weight }) => weight) },
      ],
    },
  );
}
