// `ar-lens mask`: what each layer may read, and whether the network reads just that.
import type { InspectProgress } from '../../protocol/engine';
import type { MaskLayer, MaskReport } from '../../protocol/mask';
import { Finding } from '../finding';
import { given } from '../options';
import { count } from '../output';
import { callContext, type Session } from '../session';
import { forTextsOnly } from './domain';
import { imageMask } from './imageMask';
import { subjectOf, subjectWords, type InspectOptions } from './inspect';

export interface MaskOptions extends InspectOptions {
  readonly length?: number;
}

/** Above it a picture no longer fits a terminal. */
const WIDEST_PICTURE = 64;

export async function mask(session: Session, options: MaskOptions): Promise<void> {
  if ((await session.engine(options).subjectDomain(subjectOf(options), callContext(session))) === 'image') {
    forTextsOnly({ length: options.length });
    return imageMask(session, options);
  }
  let told = -1;
  const report = await session.engine(options).mask(
    { ...subjectOf(options), ...given({ length: options.length }) },
    callContext<InspectProgress>(session, ({ done, of, doing }) => {
      if (!options.json && done > told) session.say(`measuring ${done + 1} of ${of}: ${doing}`);
      told = done;
    }),
  );
  if (options.json) await session.out.json(asJson(report));
  else await writeTable(session, report, subjectWords(options));
  if (!report.agrees) throw new Finding(report.verdict);
}

function asJson(report: MaskReport): object {
  const {
    length,
    masks,
    declared,
    measured,
    agrees,
    verdict,
    leaks,
    unseen,
    leaksByOffset,
    comparisons,
    lengths,
    draws,
    ...head
  } = report;
  return {
    ...head,
    length,
    masks: masks.map(({ cells, ...layer }) => ({ ...layer, rows: rowsOf(cells, length) })),
    declared: rowsOf(declared, length),
    measured: {
      agrees,
      verdict,
      leaks,
      unseen,
      leaksByOffset,
      comparisons,
      lengths,
      draws,
      method: 'perturbation',
      rows: rowsOf(measured, length),
    },
  };
}

async function writeTable(session: Session, report: MaskReport, subject: string): Promise<void> {
  const { out } = session;
  const { length } = report;
  await out.line(`${report.agrees ? '✓' : '✗'} ${report.verdict}`);
  await out.line(
    `${subject}: ${report.family}, ${report.causality} causality (${report.rule}), ${report.device}`,
  );
  await out.line('');
  for (const layer of report.masks) await out.line(layerLine(layer, length));
  for (const { words } of report.leaksByOffset) await out.line(`  leak: ${words}`);
  if (length > WIDEST_PICTURE) return;
  await out.line('');
  await out.line(`rows: output 0 to ${length - 1}; columns: input 0 to ${length - 1}`);
  await out.line('■ declared and measured   · neither   ! leak   ○ declared, never measured');
  for (let i = 0; i < length; i++) await out.line(pictureRow(report, i));
}

function layerLine({ layer, title, type, window, cells }: MaskLayer, length: number): string {
  const open = cells.reduce((sum, cell) => sum + cell, 0);
  const words = window === undefined ? type : `${type} of ${window}`;
  return `  ${String(layer).padStart(3)}  ${words.padEnd(12)}  ${count(open)} of ${count(length * length)} cells open  ${title}`;
}

function pictureRow({ declared, measured, length }: MaskReport, row: number): string {
  return Array.from({ length }, (_, column) => {
    const [may, does] = [declared[row * length + column] === 1, measured[row * length + column] === 1];
    if (may) return does ? '■' : '○';
    return does ? '!' : '·';
  }).join('');
}

function rowsOf(cells: Uint8Array, length: number): number[][] {
  return Array.from({ length }, (_, i) => Array.from(cells.subarray(i * length, (i + 1) * length)));
}
