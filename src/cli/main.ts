#!/usr/bin/env node
// Entry of the command line: signals in, exit code out.
import { Output } from './output';
import { runCli } from './run';
import { createSession } from './session';

const controller = new AbortController();
let interrupts = 0;
const interrupt = (): void => {
  interrupts++;
  controller.abort();
  // Asked twice: the person wants out now; checkpoints are written so that this is safe at any moment.
  if (interrupts > 1) process.exit(1);
};
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);
// The reader of our output has gone (`| head`): nothing more can be said, and training stops like at Ctrl-C.
process.stdout.on('error', () => controller.abort());
// What nobody reads on stderr is lost; the work and the answer on stdout are not.
process.stderr.on('error', () => undefined);

const exitCode = await runCli(process.argv.slice(2), createSession(controller.signal, new Output()));
// Threads of a device would keep the process alive.
process.exit(exitCode);
