// One invocation from its words to its exit code: 0 done, 1 a finding or a failure, 2 bad usage.
// Whatever goes wrong ends in one sentence on stderr; never in a stack trace.
import { toErrorRecord } from '../protocol/errors';
import { Finding } from './finding';
import { createProgram, usageExit } from './program';
import type { Session } from './session';

export async function runCli(words: readonly string[], session: Session): Promise<number> {
  try {
    await createProgram(session).parseAsync([...words], { from: 'user' });
    await session.out.end();
    return 0;
  } catch (error) {
    const usage = usageExit(error);
    if (usage !== undefined) return usage;
    if (error instanceof Finding) {
      await session.out.end();
      return 1;
    }
    // Nobody reads any more (`| head`): that is no failure, and there is nobody to tell.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 0;
    const { message, action } = toErrorRecord(error);
    session.say(`ar-lens: ${message.trim()}${action === undefined ? '' : ` ${action}`}`);
    if (process.env['AR_LENS_DEBUG'] && error instanceof Error) session.say(error.stack ?? '');
    return 1;
  }
}
