// `ar-lens devices`: what can compute here, why the rest cannot, and which one "auto" takes.
import type { CommonOptions } from '../options';
import { callContext, type Session } from '../session';

export async function devices(session: Session, options: CommonOptions): Promise<void> {
  const report = await session.engine(options).devices(undefined, callContext(session));
  if (options.json) return session.out.json(report);
  for (const { id, label, available, reason, instructionSet } of report.devices) {
    const mark = available ? '✓' : '✗';
    const auto = id === report.auto ? ' (auto)' : '';
    const build = instructionSet === undefined ? '' : ` [${instructionSet}]`;
    await session.out.line(`${mark} ${id.padEnd(10)} ${label}${build}${auto}\n  ${reason}`);
  }
}
