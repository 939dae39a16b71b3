// `node scripts/tools/tensorflow.mjs`: sets the tensorflow device up under .tools/data for the contract suite, by the
// product's own command. What cannot be had here is said and left out; the suite then counts those tests as skipped.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root, toolsFolder } from '../lib/paths.mjs';
import { run } from './npm.mjs';

const say = (line) => console.log(`tensorflow: ${line}`);
const data = path.join(toolsFolder, 'data');
const record = path.join(data, 'tensorflow/installation.json');

if (process.platform !== 'linux' || process.arch !== 'x64') {
  say(`left out: the suite sets it up on Linux x64 only, not on ${process.platform}-${process.arch}`);
} else if (existsSync(record)) {
  say(`is set up in ${path.dirname(record)}`);
} else {
  say('setting it up: a download of about 274 MB, 1.4 GB on disk, some minutes');
  const environment = { ...process.env, AR_LENS_DATA: data };
  const words = ['devices', '--setup', 'tensorflow', '--yes'];
  await run(process.execPath, [path.join(root, 'dist/cli.mjs'), ...words], { cwd: root, env: environment })
    .then(() => say('is set up'))
    .catch(() => say('left out, for the reason above: its tests are skipped'));
}
