// `node scripts/tools/install.mjs`: everything the real-VS-Code suite needs, into .tools/. Plain Node.
import { chromium } from './chromium.mjs';
import { codeServer } from './codeServer.mjs';

const say = (line) => console.log(`tools: ${line}`);
try {
  const browser = await chromium(say);
  const { entry, node, lost } = await codeServer(say);
  say(`browser ${browser}`);
  say(`workbench ${entry}`);
  say(`on ${node}`);
  if (lost) say(`note: ${lost}`);
} catch (error) {
  console.error(`tools: ${error.message}`);
  process.exitCode = 1;
}
