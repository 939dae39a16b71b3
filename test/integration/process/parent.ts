// A host that starts an engine, says its process id, and does nothing more: the test kills it.
import type { Client } from '../../../src/protocol/calls';
import { EngineClient } from '../../../src/host/engineClient';
import type { MisbehavingCalls } from './entry';

const [bundle, doing] = process.argv.slice(2);
if (bundle === undefined) throw new Error('parent: expected the path of an engine');
const client = new EngineClient(() => ({ bundle, folder: process.cwd() }));
await client.start();
console.log(client.status.pid);
if (doing === 'loop') {
  const call = client.call as unknown as Client<MisbehavingCalls>;
  await call('hold', { milliseconds: 60_000 });
}
