// Serves the handlers of a role over the channel to the host, on the device that the environment names.
import type { Channel } from '../protocol/channel';
import type { EngineCalls, JobCalls } from '../protocol/engine';
import type { ProcessRole } from '../protocol/process';
import { createEngineContext } from './devices';
import { createEngineHandlers, createJobHandlers } from './handlers';
import { deviceSettings } from './serverSettings';
import type { Watchdog } from './watchdog';

export function serveRole(role: ProcessRole, channel: Channel, watchdog: Watchdog): void {
  const context = createEngineContext({
    ...deviceSettings(process.env),
    watch: (cell) => watchdog.watch(cell),
  });
  switch (role) {
    case 'engine':
      return channel.serve<EngineCalls>(createEngineHandlers(context));
    case 'job':
      return channel.serve<JobCalls>(createJobHandlers(context));
    default:
      return role satisfies never;
  }
}
