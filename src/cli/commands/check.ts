// `ar-lens check`: whether a model does what is said of it, check by check.
import type { CheckOutcome } from '../../protocol/mask';
import { Finding } from '../finding';
import { callContext, type Session } from '../session';
import { subjectOf, subjectWords, type InspectOptions } from './inspect';

export async function check(session: Session, options: InspectOptions): Promise<void> {
  const report = await session.engine(options).check(
    subjectOf(options),
    callContext<CheckOutcome>(session, async (outcome) => {
      if (!options.json) await session.out.line(outcomeLine(outcome));
    }),
  );
  if (options.json) await session.out.json(report);
  else {
    const weights = report.weights === 'own' ? 'its own weights' : 'random weights';
    await session.out.line(
      `${report.verdict}: ${subjectWords(options)} (${report.family}, ${weights}, ${report.device})`,
    );
  }
  if (report.verdict === 'fail') {
    throw new Finding(report.checks.find(({ pass }) => !pass)?.detail);
  }
}

function outcomeLine({ id, pass, value, tolerance, unit, detail }: CheckOutcome): string {
  const measured = value === null ? '–' : Number.isInteger(value) ? String(value) : value.toExponential(1);
  const limit = `${measured.padStart(8)} of at most ${tolerance} ${unit}`;
  return `${value === null ? '–' : pass ? '✓' : '✗'} ${id.padEnd(10)} ${limit}\n  ${detail}`;
}
