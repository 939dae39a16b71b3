// Preloaded into every Node process of the suite's editor: notes the process itself and each attempt to reach another
// machine as a line of JSON in the file that AR_LENS_E2E_NOTES names. Changes nothing.
'use strict';
const dgram = require('node:dgram');
const dns = require('node:dns');
const fs = require('node:fs');
const net = require('node:net');

const file = process.env.AR_LENS_E2E_NOTES;
const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+|0\.0\.0\.0|::)$/;

function note(entry) {
  if (file) fs.appendFileSync(file, `${JSON.stringify({ pid: process.pid, ...entry })}\n`);
}
function reach(how, host) {
  if (typeof host === 'string' && host !== '' && !LOCAL.test(host))
    note({ kind: 'reach', how, host, script: process.argv[1] });
}

note({ kind: 'process', script: process.argv[1] ?? '', role: process.env.AR_LENS_ROLE ?? '' });

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof first === 'object' && first !== null && !first.path) reach('tcp', first.host ?? 'localhost');
  if (typeof first === 'number') reach('tcp', typeof args[1] === 'string' ? args[1] : 'localhost');
  return connect.apply(this, args);
};
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) {
  const original = dns[name];
  dns[name] = function (host, ...rest) {
    reach(`dns.${name}`, host);
    return original.call(this, host, ...rest);
  };
}
const send = dgram.Socket.prototype.send;
dgram.Socket.prototype.send = function (...args) {
  reach(
    'udp',
    args.find((each, i) => i > 0 && typeof each === 'string'),
  );
  return send.apply(this, args);
};
