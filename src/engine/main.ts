// Entry of the engine's bundle. The heartbeat starts before the heavy modules load, hence the dynamic import.
import { runEngineProcess } from './mainProcess';

await runEngineProcess(async (role, channel, watchdog) => {
  const { serveRole } = await import('./server');
  serveRole(role, channel, watchdog);
});
