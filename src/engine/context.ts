// What an engine process gives its handlers: the devices, and nothing else.
// Knows no channel and no process, so that the CLI runs the very same handlers in its own process.
import type { DeviceChoice, DeviceReport, DevicesReport } from '../protocol/engine';

export interface EngineContext {
  /**
   * The device this process computes on, chosen at the first call. A choice made when the process was started
   * (a setting, `--device`) beats `wish`, which is what a spec asks for.
   */
  device(wish?: DeviceChoice): Promise<DeviceReport>;
  devices(): Promise<DevicesReport>;
}
