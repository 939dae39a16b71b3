// Preloaded into a process (NODE_OPTIONS=--import): makes its file system fail the way AR_LENS_TEST_FAULT says.
// {"code": "ENOSPC", "afterBytes": 40000} — writing fails once so many bytes are written; reads go on.
// {"code": "EACCES", "reading": "secret.txt"} — a file of that name cannot be opened or read.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const fault = JSON.parse(process.env.AR_LENS_TEST_FAULT ?? '{}');
let written = 0;

function failure(path) {
  return Object.assign(new Error(`${fault.code}: injected, '${path}'`), { code: fault.code, path });
}

function full() {
  return fault.afterBytes !== undefined && written >= fault.afterBytes;
}

const handle = await fs.promises.open(process.execPath, 'r');
const prototype = Object.getPrototypeOf(handle);
await handle.close();
for (const name of ['writeFile', 'appendFile']) {
  const real = prototype[name];
  prototype[name] = function (data, ...rest) {
    const size = data?.byteLength ?? data?.length ?? 0;
    if (fault.afterBytes !== undefined && written + size > fault.afterBytes) {
      // As a full disk does: the beginning still goes through.
      const fits = Math.max(0, fault.afterBytes - written);
      written = fault.afterBytes;
      return real.call(this, data.subarray ? data.subarray(0, fits) : '', ...rest).then(() => {
        throw failure('write');
      });
    }
    written += size;
    return real.call(this, data, ...rest);
  };
}

const { open, readFile, mkdir, rename } = fs.promises;
fs.promises.open = (path, flags, ...rest) => {
  const writing = typeof flags === 'string' && /[wa+]/.test(flags);
  if (writing && full()) return Promise.reject(failure(path));
  if (fault.reading && String(path).endsWith(fault.reading)) return Promise.reject(failure(path));
  return open(path, flags, ...rest);
};
fs.promises.readFile = (path, ...rest) =>
  fault.reading && String(path).endsWith(fault.reading)
    ? Promise.reject(failure(path))
    : readFile(path, ...rest);
fs.promises.mkdir = (path, ...rest) => (full() ? Promise.reject(failure(path)) : mkdir(path, ...rest));
fs.promises.rename = (path, ...rest) => (full() ? Promise.reject(failure(path)) : rename(path, ...rest));
syncBuiltinESMExports();
