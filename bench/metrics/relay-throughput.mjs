import { performance } from 'node:perf_hooks';
import autocannon from 'autocannon';
import { compare } from '../harness/compare.mjs';
import { target } from '../harness/row.mjs';
import { median, round } from '../harness/statistics.mjs';
import { openSession } from '../servers/open-session.mjs';
import { startServer } from '../servers/start-server.mjs';

export const keys = ['relay.rps', 'relay.p99'];
export const together = true;
export const title =
  'the relay at 50 connections, with audit and metrics: every request a new call, its intent and outcome on disk';

const UNOBSERVED = 'itself without audit and metrics';
const CONNECTIONS = 50;
const REQUESTS = 500;
/** Loads before the rounds: a server runs for days, and its first requests meet code that is not compiled yet. */
const WARM_UP = 6;
const ROUNDS = 61;

let serial = 0;

/** The body of a call that was never made before. */
function newCall() {
  const call = {
    service: 'service',
    api: 'api',
    data: '{"img_url":"https://cdn.example.com/1","data_type":3,"ocr_type":8}',
    client_msg_id: `bench-${serial++}`,
  };
  return JSON.stringify(call);
}

/**
 * @returns sends 500 requests, tells how long they took, and notes the p99 of their latencies, in ms. The load
 *   generator itself ends at its next whole second only.
 */
function load(url, headers, p99s) {
  return async () => {
    const running = autocannon({
      url,
      connections: CONNECTIONS,
      amount: REQUESTS,
      sampleInt: 100,
      requests: [
        {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          setupRequest: (request) => ({ ...request, body: newCall() }),
        },
      ],
    });
    let first;
    let last;
    running.on('start', () => (first = performance.now()));
    running.on('response', () => (last = performance.now()));
    const result = await running;
    if (result['2xx'] !== REQUESTS) throw new Error(`${url}: ${REQUESTS - result['2xx']} requests failed`);
    p99s.push(result.latency.p99);
    return { ms: last - first };
  };
}

/** Relays, proxy, upstream and load each in their own process. */
export async function measure() {
  const upstream = await startServer('upstream');
  const relay = await startServer('relay', { upstream: upstream.url, observed: true });
  const unobserved = await startServer('relay', { upstream: upstream.url });
  const proxy = await startServer('proxy', { upstream: upstream.url });
  try {
    const p99s = { relay: [], unobserved: [], proxy: [] };
    const sessionOf = async ({ url }) => ({ authorization: `Bearer ${await openSession(url)}` });
    const session = await sessionOf(relay);
    const ways = {
      ours: load(`${relay.url}/invoke`, session, p99s.relay),
      [UNOBSERVED]: load(`${unobserved.url}/invoke`, await sessionOf(unobserved), p99s.unobserved),
      '@fastify/http-proxy': load(`${proxy.url}/wxa/servicemarket?access_token=token`, session, p99s.proxy),
    };
    for (const way of Object.values(ways)) for (let i = 0; i < WARM_UP; i++) await way();
    for (const latencies of Object.values(p99s)) latencies.length = 0;
    const { ms, ratio, noise, counts, rounds } = await compare(ways, '@fastify/http-proxy', {
      rounds: ROUNDS,
    });
    const perSecond = (name) => round((REQUESTS * 1000) / ms[name]);
    const ours = median(p99s.relay);
    const theirs = median(p99s.proxy);
    return {
      'relay.rps': {
        unit: 'requests/s',
        ours: perSecond('ours'),
        peers: {
          [UNOBSERVED]: perSecond(UNOBSERVED),
          '@fastify/http-proxy': perSecond('@fastify/http-proxy'),
        },
        ratio: round(1 / ratio.ours),
        targets: [target('ours / http-proxy', 1 / ratio.ours, 0.7, true)],
        noise,
        counts,
        rounds,
      },
      'relay.p99': {
        unit: 'ms',
        ours,
        peers: { '@fastify/http-proxy': theirs },
        ratio: round(ours / theirs),
        targets: [target('ours / http-proxy', ours / theirs, 1.5)],
        noise,
        counts,
        rounds,
      },
    };
  } finally {
    for (const server of [relay, unobserved, proxy, upstream]) await server.close();
  }
}
