// `ar-lens mask` of an image family: each layer's kernel, and whether the network reads just what is declared.
import type { InspectProgress } from '../../protocol/engine';
import type { ImageMaskReport } from '../../protocol/images';
import { Finding } from '../finding';
import { callContext, type Session } from '../session';
import { subjectOf, subjectWords, type InspectOptions } from './inspect';

export async function imageMask(session: Session, options: InspectOptions): Promise<void> {
  const report = await session.engine(options).imageMask(
    subjectOf(options),
    callContext<InspectProgress>(session, ({ done, of, doing }) => {
      if (!options.json) session.say(`measuring ${done + 1} of ${of}: ${doing}`);
    }),
  );
  if (options.json) await session.out.json(asJson(report));
  else await writeTable(session, report, subjectWords(options));
  if (!report.agrees) throw new Finding(report.verdict);
}

function asJson({ agrees, verdict, leaks, unseen, draws, shape, ...head }: ImageMaskReport): object {
  return { ...head, measured: { agrees, verdict, leaks, unseen, draws, shape, method: 'perturbation' } };
}

async function writeTable(session: Session, report: ImageMaskReport, subject: string): Promise<void> {
  const { out } = session;
  const { height, width, channels } = report.shape;
  await out.line(`${report.agrees ? '✓' : '✗'} ${report.verdict}`);
  await out.line(`${subject}: ${report.family}, strict causality (${report.rule}), ${report.device}`);
  await out.line(
    `measured on images of ${width} × ${height} × ${channels}; kernels: ■ read   · not, own pixel in the middle`,
  );
  // Layers that read the same are drawn once.
  let before = '';
  for (const { layer, title, type, rows } of report.masks) {
    const picture = rows.map((row) => `       ${row.map((open) => (open ? '■' : '·')).join(' ')}`).join('\n');
    await out.line(`  ${String(layer).padStart(3)}  ${type.padEnd(12)}  ${title}`);
    if (picture !== before && rows.length > 1) await out.line(picture);
    before = picture;
  }
}
