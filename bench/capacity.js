'use strict';

/**
 * Measures one relay process with the embedded default against a platform on the same machine. It makes the
 * table in docs/en/deploy.md: npm run build && node bench/capacity.js
 */
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { Agent, createServer, request } = require('node:http');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { performance } = require('node:perf_hooks');

const RELAY = join(__dirname, '../dist/node/relay.js');
const USERS = 50;
const SECONDS = 8;
const SCRIPT = `
const { loadRelayConfig, startRelay } = require(process.argv[1]);
loadRelayConfig(process.argv[2]).then(startRelay).then((relay) => {
  process.send(relay.address);
  process.on('message', () => process.send(process.memoryUsage.rss()));
});`;

const agent = new Agent({ keepAlive: true, maxSockets: USERS });

function post(base, path, body, headers) {
  return new Promise((resolve, reject) => {
    const sent = request(
      base + path,
      { method: body === undefined ? 'GET' : 'POST', agent, headers },
      (reply) => {
        const chunks = [];
        reply.on('data', (chunk) => chunks.push(chunk));
        reply.on('end', () =>
          resolve({ status: reply.statusCode, text: () => Buffer.concat(chunks).toString() }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function openPlatform() {
  const server = createServer(async (incoming, reply) => {
    for await (const chunk of incoming) void chunk;
    const { pathname, searchParams } = new URL(incoming.url, 'http://x');
    const answers = {
      '/cgi-bin/stable_token': { access_token: 't', expires_in: 7200 },
      '/sns/jscode2session': { openid: searchParams.get('js_code'), session_key: 'k' },
    };
    reply.setHeader('content-type', 'application/json');
    reply.end(JSON.stringify(answers[pathname] ?? { errcode: 0, errmsg: 'ok', data: '{"text":"hello"}' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** @returns rates and times of `work`, done by all users for some seconds */
async function measure(name, work, tokens) {
  const times = [];
  const end = performance.now() + SECONDS * 1000;
  await Promise.all(
    tokens.map(async (token) => {
      while (performance.now() < end) {
        const start = performance.now();
        const { status, text } = await work(token);
        if (status !== 200) throw new Error(`${name} was answered ${status}: ${text()}`);
        times.push(performance.now() - start);
      }
    }),
  );
  times.sort((a, b) => a - b);
  const at = (share) => Math.round(times[Math.floor(times.length * share)]);
  return { name, 'per second': Math.round(times.length / SECONDS), 'median ms': at(0.5), 'p99 ms': at(0.99) };
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'relay-capacity-'));
  const platform = await openPlatform();
  const most = 1e12;
  const config = {
    port: 0,
    users: { wx: true },
    logLevel: 'silent',
    services: { wx: ['a'] },
    limits: { sessionsPerHour: most, filesPerHour: most, bytesPerHour: most, callsPerHour: most },
    upstream: `http://127.0.0.1:${platform.address().port}`,
  };
  writeFileSync(join(folder, 'c.json'), JSON.stringify(config));
  const env = { ...process.env, WX_APPID: 'a', WX_SECRET: 's', NODE_NO_WARNINGS: '1' };
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'];
  const child = spawn(process.execPath, ['-e', SCRIPT, RELAY, join(folder, 'c.json')], { env, stdio });
  const [base] = await once(child, 'message');
  const json = { 'content-type': 'application/json' };
  const tokens = await Promise.all(
    Array.from({ length: USERS }, async (_, n) => {
      const credential = { type: 'wx', value: `user${n}` };
      return JSON.parse((await post(base, '/session', JSON.stringify({ credential }), json)).text()).token;
    }),
  );
  const signed = (token, type) => ({ authorization: `Bearer ${token}`, 'content-type': type });
  let id = 0;
  const call = () =>
    JSON.stringify({ service: 'wx', api: 'a', data: '{"a":1}', client_msg_id: String(id++) });
  const photo = Buffer.alloc(300_000, 7);
  const sent = await post(base, '/files', photo, signed(tokens[0], 'application/octet-stream'));
  const { pathname } = new URL(JSON.parse(sent.text()).url);
  console.table([
    await measure(
      'POST /invoke',
      (token) => post(base, '/invoke', call(), signed(token, 'application/json')),
      tokens,
    ),
    await measure(
      'POST /files, 300 KB',
      (token) => post(base, '/files', photo, signed(token, 'application/octet-stream')),
      tokens,
    ),
    await measure('GET /files/:id, 300 KB', () => post(base, pathname), tokens),
  ]);
  child.send('memory');
  const [rss] = await once(child, 'message');
  console.log(`resident memory: ${Math.round(rss / 2 ** 20)} MiB`);
  child.kill();
  agent.destroy();
  platform.close();
  rmSync(folder, { recursive: true, force: true });
}

void main();
