// `ar-lens gates`: what one gated layer of a run lets through, over its held-out images or a file's.
import { resolve } from 'node:path';
import type { GateHistogram, GatesReport } from '../../protocol/gates';
import { given, type CommonOptions } from '../options';
import { count } from '../output';
import { callContext, type Session } from '../session';

export interface GatesOptions extends CommonOptions {
  readonly model: string;
  readonly file?: string;
  readonly image?: number;
  readonly images?: number;
  readonly layer: number;
}

const NAMES = { tanh: 'tanh(W_f ∗ x)', sigma: 'σ(W_g ∗ x)', product: 'product' } as const;
const BARS = ' ▁▂▃▄▅▆▇█';

export async function gates(session: Session, options: GatesOptions): Promise<void> {
  const { model, file, image, images, layer } = options;
  const report = await session.engine(options).gates(
    {
      model: resolve(model),
      layer,
      ...given({ image, images, file: file === undefined ? undefined : resolve(file) }),
    },
    callContext(session),
  );
  if (options.json) await session.out.json(asJson(report));
  else await writeTable(session, report);
}

function asJson({ stacks, ...report }: GatesReport): object {
  const parts = (each: readonly GateHistogram[]): object[] =>
    each.map((histogram) => ({ ...histogram, counts: [...histogram.counts] }));
  return { ...report, stacks: stacks.map((each) => ({ ...each, parts: parts(each.parts) })) };
}

async function writeTable({ out }: Session, report: GatesReport): Promise<void> {
  const { title, layer, layers, images, image, available, source, threshold, stacks } = report;
  const whose =
    image === undefined
      ? `${count(images)} of ${count(available)} images`
      : `image ${image} of 0 to ${available - 1}`;
  await out.line(`${title}, layer ${layer} of ${layers}, over ${whose}: ${source}`);
  await out.line(`saturated: within ${threshold} of an end of its range; shut: within ${threshold} of 0`);
  for (const { stack, parts } of stacks) {
    await out.line(`${stack} stack, ${count(parts[0]?.count ?? 0)} values`);
    for (const part of parts) await out.line(`  ${NAMES[part.part].padEnd(14)} ${lineOf(part)}`);
  }
}

function lineOf(histogram: GateHistogram): string {
  const { part, from, to, counts, low, high, shut } = histogram;
  const most = Math.max(1, ...counts);
  const bars = Array.from(
    counts,
    (each) => BARS[each === 0 ? 0 : Math.max(1, Math.round((8 * each) / most))],
  );
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const words =
    part === 'product'
      ? `${percent(shut)} shut`
      : `${percent(low + high)} saturated (${percent(low)} low, ${percent(high)} high)`;
  return `${String(from).padStart(2)} ${bars.join('')} ${to}  ${words}`;
}
