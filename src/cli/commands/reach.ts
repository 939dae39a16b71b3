// `ar-lens reach`: what one output sees, what lies in its blind spot, what more layers would reach, and what leaks.
import type { ReachReport } from '../../protocol/images';
import { Finding } from '../finding';
import { given } from '../options';
import { count } from '../output';
import { callContext, type Session } from '../session';
import { effectiveField, effectiveJson, writeEffective, type EffectiveOptions } from './effective';
import { subjectOf, subjectWords } from './inspect';

export interface ReachOptions extends EffectiveOptions {
  readonly position: readonly number[];
  readonly channel?: number;
  readonly measure?: boolean;
  readonly effective?: boolean;
}

export async function reach(session: Session, options: ReachOptions): Promise<void> {
  const { position, channel, measure } = options;
  const report = await session
    .engine(options)
    .reach({ ...subjectOf(options), position, ...given({ channel, measure }) }, callContext(session));
  if (report.image?.from === 'assumed') {
    const { height, width } = report.image;
    session.say(`The spec's images are not there: taken to be ${width} × ${height}.`);
  }
  const effective = options.effective ? await effectiveField(session, options, report) : undefined;
  if (options.json)
    await session.out.json({ ...report, ...(effective && { effective: effectiveJson(effective) }) });
  else {
    await writeTable(session, report, subjectWords(options));
    if (effective) await writeEffective(session, effective);
  }
  if (report.leaks > 0) throw new Finding(`${report.leaks} leaks`);
  if (report.measured && !report.measured.agrees) throw new Finding('declared and measured differ');
}

async function writeTable(session: Session, report: ReachReport, subject: string): Promise<void> {
  const { out } = session;
  const { unit, allowed, receptiveField: field, measured, image } = report;
  const of = `of ${count(allowed)} allowed ${unit}s`;
  const where = report.channel === undefined ? '' : `, channel ${report.channel}`;
  const box = 'tokens' in field ? `${count(field.tokens)} tokens` : `${field.height} × ${field.width} pixels`;
  await out.line(
    `${subject}: ${report.family}, output (${report.position.join(', ')})${where}, ${report.causality} causality`,
  );
  await out.line(`  seen         ${count(report.seen).padStart(7)}  ${of}, in a box of ${box}`);
  await out.line(
    `  blind        ${count(report.blind).padStart(7)}  ${of}: no number of layers reaches them`,
  );
  await out.line(
    `  too shallow  ${count(report.tooShallow).padStart(7)}  ${of}: more layers would reach them`,
  );
  if (report.condition) {
    await out.line(
      `  given        ${report.condition.words}: outside the order, no part of it lies in the future`,
    );
  }
  await out.line(`  leaks        ${count(report.leaks).padStart(7)}  ${unit}s that it may not read`);
  if (measured) {
    const words = measured.agrees
      ? 'the same were measured'
      : `${measured.undeclared.length} measured and not declared, ${measured.unmeasured.length} declared and not measured`;
    await out.line(`${measured.agrees ? '✓' : '✗'} ${words}, with ${measured.draws} sets of weights`);
  }
  if (image && image.width <= 64) await writePicture(session, report, image);
}

async function writePicture(
  { out }: Session,
  { offsets, position }: ReachReport,
  { height, width }: { readonly height: number; readonly width: number },
): Promise<void> {
  const [row = 0, column = 0] = position;
  const cells = Array.from({ length: height }, () => new Array<string>(width).fill('·'));
  const draw = (list: ReadonlyArray<readonly number[]>, mark: string): void => {
    for (const [down = 0, right = 0] of list) (cells[row + down] as string[])[column + right] = mark;
  };
  draw(offsets.tooShallow, '○');
  draw(offsets.blind, '×');
  draw(offsets.seen, '■');
  draw(offsets.leaks, '!');
  if ((cells[row] as string[])[column] === '·') (cells[row] as string[])[column] = '?';
  await out.line('■ seen   × blind   ○ too shallow   ! leak   ? the output   · the future');
  for (const line of cells) await out.line(line.join(' '));
}
