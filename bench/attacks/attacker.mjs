import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What strangers and bad users send, from a process of its own. The first message is `{attack, url, token}`; the answer
 * is what came of it, as statuses with their numbers.
 */

const MAX_JSON = 4 * 1024 * 1024;
const CONNECTIONS = 4;
const REQUESTS = 40;
/** Whole bodies of the largest size but for what goes round the data. */
const TEXT = 'x'.repeat(MAX_JSON - 1024);
const VALUES = `[${'{},'.repeat((MAX_JSON - 1024) / 3 - 1)}{}]`;
/** As many values as a relay accepts, and the rest in strings. */
const WITHIN = JSON.stringify(Array.from({ length: 24_000 }, () => ({ a: 'x'.repeat(160) })));
const CALL = { service: 'service', api: 'api', client_msg_id: 'hostile' };
/** Ms for the answers to all that a crash attack sends at once. */
const CRASH_MS = 20_000;

const json = (body, token) => ({
  headers: {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(token && { authorization: `Bearer ${token}` }),
  },
  body,
});
const callWith = (change, token) =>
  json(JSON.stringify({ ...CALL, data: JSON.stringify(TEXT), ...change }), token);

/** Calls with the data that costs most, with `end` behind it. */
const hostile = ({ token }, change, end) =>
  [VALUES, WITHIN].map((data) => callWith({ ...change, data: data + end }, token));

const ATTACKS = {
  /** 600 connections of three addresses, each of which keeps back the last byte of 4 MiB to a path that is not there. */
  async crowd({ url }) {
    const body = Buffer.alloc(MAX_JSON - 1, 'x');
    const sockets = Array.from({ length: 600 }, (_, n) => {
      const socket = connect({
        port: new globalThis.URL(url).port,
        host: '127.0.0.1',
        localAddress: `127.0.0.${2 + (n % 3)}`,
      });
      socket.on('error', () => {});
      socket.write(
        `POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${MAX_JSON}\r\n\r\n`,
      );
      socket.write(body);
      return socket;
    });
    await sleep(15_000);
    for (const socket of sockets) socket.destroy();
    return {};
  },
  async nothing() {
    await sleep(5000);
    return {};
  },
  paths: (target) =>
    flood(
      target,
      '/nothing',
      [VALUES, WITHIN].map((body) => json(body)),
    ),
  forbidden: (target) => flood(target, '/invoke', hostile(target, { service: 'other' }, '')),
  broken: (target) => flood(target, '/invoke', hostile(target, {}, ']')),
  repeats: (target) => flood(target, '/invoke', [callWith({ data: WITHIN }, target.token)]),
  /** What one user may send at once, all of it small values. */
  values: (target) =>
    crash(target, json(JSON.stringify(CALL).replace('}', `,"data":${VALUES}}`), target.token)),
  valuesInText: (target) => crash(target, callWith({ data: VALUES }, target.token)),
  async call(target) {
    return tally([await send(target.url, '/invoke', callWith({}, target.token))]);
  },
  /** A sign-in whose body comes byte by byte. @returns the seconds until its connection is cut off */
  async slow({ url }) {
    const socket = connect(new globalThis.URL(url).port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      'POST /session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n',
    );
    const start = performance.now();
    const timer = globalThis.setInterval(() => socket.write('x'), 1000);
    await Promise.race([once(socket.resume(), 'close'), sleep(60_000)]);
    globalThis.clearInterval(timer);
    socket.destroy();
    return { seconds: Math.round((performance.now() - start) / 1000) };
  },
};

async function flood({ url }, path, requests) {
  const statuses = [];
  const one = async () => {
    for (let n = 0; n < REQUESTS; n++) statuses.push(await send(url, path, requests[n % requests.length]));
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
  return tally(statuses);
}

async function crash({ url }, options) {
  const sent = Array.from({ length: 15 }, () => send(url, '/invoke', options));
  return tally(await Promise.all(sent.map((one) => Promise.race([one, sleep(CRASH_MS, 'no answer')]))));
}

/** @returns the status, or why there is none */
function send(url, path, { headers, body }) {
  return new Promise((resolve) => {
    const sending = request(url + path, { method: 'POST', headers, agent: false }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode));
    });
    sending.on('error', ({ code }) => resolve(code));
    sending.end(body);
  });
}

function tally(results) {
  const counts = {};
  for (const result of results) counts[result] = (counts[result] ?? 0) + 1;
  return counts;
}

process.once('message', async ({ attack, ...target }) => {
  process.send(await ATTACKS[attack](target));
  process.disconnect();
});
