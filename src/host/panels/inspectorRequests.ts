// The Inspector's questions to the engine, about whatever token is selected. Knows no view.
import type { Client } from '../../protocol/calls';
import type { EngineCalls } from '../../protocol/engine';
import type { TokenInspection } from '../../protocol/inspect';
import { TokenRequests } from './tokenRequests';

const TOP = 20;
const ATTENDED = 5;

export class InspectorRequests extends TokenRequests<TokenInspection> {
  /** @param onChange called when waiting begins or ends. */
  constructor(call: Client<EngineCalls>, onChange: () => void) {
    super(
      (params, signal) => call('inspect', { ...params, top: TOP, attended: ATTENDED }, { signal }),
      onChange,
    );
  }
}
