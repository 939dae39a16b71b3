// What the Inspector shows, as data: the distribution as CSV, everything as JSON. Of a pixel, all levels of all channels.
import { NATS_PER_BIT } from '../../../src/protocol/figure';
import type { InspectedPixel, InspectedToken, InspectorHostCalls } from '../../../src/protocol/inspectorView';
import { toCsv, toJson, type DataColumn } from '../../ui/copyAsData';
import type { Ask } from '../../ui/host';
import { attendedBy } from './heads';
import { distribution } from './rows';
import { channelName, shownValue } from '../../ui/pixelWords';

export function copyInspection(host: Ask<InspectorHostCalls>, content: InspectedToken, kind: string): void {
  const csv = kind === 'csv';
  const text = csv ? toCsv(expected(content)) : asJson(content);
  host('copy', { text, what: csv ? 'The distribution as CSV' : 'The token as JSON' });
}

function expected({ inspection }: InspectedToken): DataColumn[] {
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

function asJson(content: InspectedToken): string {
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

export function copyPixel(host: Ask<InspectorHostCalls>, content: InspectedPixel, kind: string): void {
  const csv = kind === 'csv';
  const text = csv ? toCsv(levelTable(content)) : pixelJson(content);
  host('copy', { text, what: csv ? 'The distribution as CSV' : 'The pixel as JSON' });
}

function levelTable({ distribution: found, about }: InspectedPixel): DataColumn[] {
  const { levels, channels, logProb, level } = found;
  const all = Array.from(logProb, (_, at) => ({ channel: Math.floor(at / levels), value: at % levels }));
  return [
    { name: 'channel', values: all.map(({ channel }) => channelName({ channels }, channel)) },
    { name: `level (of ${levels})`, values: all.map(({ value }) => value) },
    { name: 'shows as (of 255)', values: all.map(({ value }) => shownValue(value, levels)) },
    { name: `probability (of 1, ${about.likelihood})`, values: Array.from(logProb, Math.exp) },
    { name: `log-prob (nats over 1 sub-pixel, ${about.likelihood})`, values: logProb },
    { name: 'is there', values: all.map(({ channel, value }) => String(value === level[channel])) },
  ];
}

function pixelJson(content: InspectedPixel): string {
  const { distribution: found, file, image, row, column, model, about } = content;
  const { channels, levels, label, level, entropy, rank } = found;
  const subpixels = Array.from(level, (value, channel) => {
    const logProb = found.logProb[channel * levels + value] ?? NaN;
    return {
      channel: channelName({ channels }, channel),
      level: value,
      surprisalBits: -logProb / NATS_PER_BIT,
      entropyBits: (entropy[channel] ?? NaN) / NATS_PER_BIT,
      rank: rank[channel],
      probability: Math.exp(logProb),
    };
  });
  const place = { file, image, row, column, name: model, family: about.family, device: about.device };
  const badge = { likelihood: about.likelihood, class: label, levels };
  return toJson({ ...place, ...badge, subpixels }, { levels: levelTable(content) });
}
