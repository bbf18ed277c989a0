import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { inPackage } from '../harness/paths.mjs';
import { median } from '../harness/statistics.mjs';
import { startServer } from '../servers/start-server.mjs';

/**
 * Attacks the built relay on loopback, with everything as it is by default, and prints what it cost: the table of
 * docs/relay-security.md. An argument names another build to compare with, for example that of an earlier version:
 * `node bench/attacks/run.mjs ../earlier/dist/node/relay.js`.
 */
const entry = resolve(process.argv[2] ?? inPackage('dist/node/relay.js'));
const HEAP_MIB = 1024;
const MIB = 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'servicemarket-attacks-'));
const upstream = await startServer('upstream');

/** @param work - is called with the relay and the sessions of a bad user and of another one */
async function withRelay(work) {
  const home = mkdtempSync(join(folder, 'relay-'));
  const config = join(home, 'relay.config.json');
  const services = { service: ['api'] };
  writeFileSync(
    config,
    JSON.stringify({
      port: 0,
      folder: 'data',
      users: { wx: true },
      services,
      upstream: upstream.url,
      logLevel: 'silent',
    }),
  );
  const options = {
    execArgv: [`--max-old-space-size=${HEAP_MIB}`],
    env: { ...process.env, WX_APPID: 'app', WX_SECRET: 'secret', NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  };
  const relay = await startServer('configured-relay', { entry, config }, options);
  try {
    return await work(relay, await signIn(relay, 'bad'), await signIn(relay, 'good'));
  } finally {
    await relay.close();
  }
}

async function post({ url }, path, body, token) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  return globalThis.fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function signIn(relay, value) {
  return (await (await post(relay, '/session', { credential: { type: 'wx', value } })).json()).token;
}

/** @returns what came of the attack, from a process of its own */
async function attack(name, { url }, token) {
  const attacker = fork(inPackage('bench/attacks/attacker.mjs'));
  attacker.send({ attack: name, url, token });
  const [result] = await once(attacker, 'message');
  return result;
}

/** Calls one after another while `isRunning`. @returns the longest time that one took, in ms */
async function callMeanwhile(relay, token, attacking) {
  let isRunning = true;
  const end = () => (isRunning = false);
  attacking.then(end, end);
  let longest = 0;
  // Within what one user may call in an hour.
  for (let n = 0; isRunning && n < 500; n++) {
    const start = performance.now();
    const answer = await post(
      relay,
      '/invoke',
      { service: 'service', api: 'api', data: '{"a":1}', client_msg_id: `good-${n}` },
      token,
    );
    longest = Math.max(longest, performance.now() - start);
    if (answer.status !== 200) throw new Error(`Another user's call was answered ${answer.status}`);
    await answer.text();
    await new Promise((done) => globalThis.setTimeout(done, 20));
  }
  await attacking;
  return Math.round(longest);
}

const FINDINGS = {
  '600 connections without a session, 4 MiB each to an unknown path: memory': () =>
    withRelay(async (relay) => {
      const { now } = await relay.ask({});
      await attack('crowd', relay);
      const { peak } = await relay.ask({});
      return `${Math.round((peak - now) / MIB)} MiB more`;
    }),
  ...Object.fromEntries(
    Object.entries({
      nothing: 'none of them sent, to compare with',
      paths: 'an unknown path',
      forbidden: 'a service that is not listed (403)',
      broken: 'data that is no JSON (400)',
      repeats: 'repeats of one call',
    }).map(([name, what]) => [
      `4 connections × 40 requests of 4 MiB, ${what}: another user's longest call`,
      () =>
        withRelay(async (relay, bad, good) => {
          await relay.ask({});
          const attacking = attack(name, relay, bad);
          const longest = await callMeanwhile(relay, good, attacking);
          return `${longest} ms, answers ${JSON.stringify(await attacking)}`;
        }),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries({ values: 'as a value', valuesInText: 'as a string' }).map(([name, how]) => [
      `15 bodies of {},{},… at once, ${how}, heap of 1 GiB`,
      () =>
        withRelay(async (relay, bad, good) => {
          const result = await attack(name, relay, bad).catch(() => 'lost');
          const call = { service: 'service', api: 'api', client_msg_id: 'good' };
          const answer = await post(relay, '/invoke', call, good).catch(() => undefined);
          const after = answer ? `alive, another user's call ${answer.status}` : 'the relay has ended';
          return `${after}, answers ${JSON.stringify(result)}`;
        }),
    ]),
  ),
  'one call of 4 MiB, a string: longest hold of the event loop': () =>
    withRelay(async (relay, bad) => {
      const held = [];
      for (let n = 0; n < 9; n++) {
        await relay.ask({});
        await attack('call', relay, bad);
        held.push((await relay.ask({})).heldMs);
      }
      return `${Math.round(median(held))} ms, median of 9`;
    }),
  'a sign-in that comes byte by byte: cut off after': () =>
    withRelay(async (relay) => {
      const { seconds } = await attack('slow', relay);
      return seconds < 60 ? `${seconds} s` : 'not in 60 s';
    }),
};

try {
  console.log('| attack | figure |\n| --- | --- |');
  for (const [name, measure] of Object.entries(FINDINGS)) {
    const figure = await measure().catch(({ message }) => `failed: ${message}`);
    console.log(`| ${name} | ${figure} |`);
  }
} finally {
  await upstream.close();
  rmSync(folder, { recursive: true });
}
