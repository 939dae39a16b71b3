// `ar-lens devices`: what can compute here, why the rest cannot, and which one "auto" takes and why. With --setup and
// --remove: the one device that has to be fetched first.
import { createInterface } from 'node:readline/promises';
import { ArLensError } from '../../protocol/errors';
import { given, type CommonOptions } from '../options';
import { callContext, type Session } from '../session';

export interface DevicesOptions extends CommonOptions {
  readonly setup?: 'tensorflow';
  readonly remove?: 'tensorflow';
  readonly python?: string;
  readonly yes?: boolean;
}

export async function devices(session: Session, options: DevicesOptions): Promise<void> {
  if (options.setup !== undefined) return setUp(session, options);
  const engine = session.engine(options);
  if (options.remove !== undefined) {
    const { sentence } = await engine.removeTensorflow(undefined, callContext(session));
    return options.json ? session.out.json({ sentence }) : session.out.line(sentence);
  }
  const report = await engine.devices(undefined, callContext(session));
  if (options.json) return session.out.json(report);
  for (const { id, label, available, reason, instructionSet } of report.devices) {
    const mark = available ? '✓' : '✗';
    const auto = id === report.auto ? ' (auto)' : '';
    const build = instructionSet === undefined ? '' : ` [${instructionSet}]`;
    await session.out.line(`${mark} ${id.padEnd(10)} ${label}${build}${auto}\n  ${reason}`);
  }
  await session.out.line(`auto: ${report.autoReason}`);
}

async function setUp(session: Session, options: DevicesOptions): Promise<void> {
  const engine = session.engine(options);
  const params = given({ python: options.python });
  const plan = await engine.tensorflowPlan(params, callContext(session));
  session.say(plan.sentence);
  if (options.yes !== true && !(await agreed(session))) {
    throw new ArLensError('cancelled', 'Nothing was set up, downloaded or changed.', 'Agree with --yes.');
  }
  let said = '';
  const { sentence } = await engine.setUpTensorflow(
    params,
    callContext(session, ({ sentence: now }) => {
      if (now !== said) session.say(now);
      said = now;
    }),
  );
  if (options.json) await session.out.json({ plan, sentence });
  else await session.out.line(sentence);
}

/** Only a person at a terminal can be asked. */
async function agreed(session: Session): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('Go on? [y/N] ', { signal: session.signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
