/** What an owner's Prometheus reads of a running relay, and that nobody else does. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOpenApi } from '../../src/openapi';
import { loadRelayConfig, type RelayOptions, startRelay } from '../../src/relay';
import { RelayMetrics } from '../../src/relay/owners/metrics';
import { JournalOutcomes } from '../../src/relay/stores/folder/outcomes';
import { temporaryFolder, ROOT } from '../support/files';
import { until } from '../support/until';
import { openUpstream } from './support/fake-upstream';
import { bearer, openRelay, serveRelay } from './support/open-relay';

const TOKEN = 'a-token-of-the-owner';
const services = { wxocr: ['Ocr'] };
const call = (id: string) => ({
  service: 'wxocr',
  api: 'Ocr',
  data: '{"secret":"DATA"}',
  client_msg_id: id,
});
const PAIR = 'service="wxocr",api="Ocr"';

async function open(options: Partial<RelayOptions> = {}) {
  const upstream = await openUpstream();
  const openApi = createOpenApi({ appid: 'wxapp', secret: 'app-secret', baseUrl: upstream.url });
  const relay = await openRelay({ openApi, services, metrics: { token: TOKEN }, ...options });
  const scrape = async (url = relay.url, token?: string): Promise<string> =>
    (await fetch(`${url}/metrics`, { headers: bearer(token ?? TOKEN) })).text();
  return { ...relay, upstream, scrape };
}

/** The value of one series, or undefined where there is none. */
function valueOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

function outcomesIn(text: string): Record<string, number | undefined> {
  const outcomes = ['answered', 'failed', 'unknown', 'unsent'];
  return Object.fromEntries(
    outcomes.map((name) => [name, valueOf(text, `servicemarket_calls_total{${PAIR},outcome="${name}"}`)]),
  );
}

test('calls are counted by what became of them, and repeats apart', async () => {
  const { upstream, post, signIn, scrape } = await open();
  expect(outcomesIn(await scrape())).toEqual({ answered: 0, failed: 0, unknown: 0, unsent: 0 });
  const token = await signIn();
  upstream.replies.set('/cgi-bin/stable_token', () => ({ errcode: 40125, errmsg: 'invalid appsecret' }));
  await post('/invoke', call('unsent'), token);
  expect(valueOf(await scrape(), 'servicemarket_tokens_fetched_total')).toBe(0);
  upstream.replies.clear();
  for (const id of ['one', 'two', 'three', 'three']) await post('/invoke', call(id), token);
  upstream.replies.set('/wxa/servicemarket', () => ({ errcode: 9_301_010, errmsg: 'no balance' }));
  for (const id of ['refused', 'refused-too']) await post('/invoke', call(id), token);
  upstream.replies.set('/wxa/servicemarket', () => 'reset');
  await post('/invoke', call('lost'), token);

  const text = await scrape();
  expect(outcomesIn(text)).toEqual({ answered: 3, failed: 2, unknown: 1, unsent: 1 });
  expect(valueOf(text, `servicemarket_bills_total{${PAIR}}`)).toBe(3);
  expect(upstream.bills).toHaveLength(3);
  expect(valueOf(text, `servicemarket_repeats_total{${PAIR}}`)).toBe(1);
  expect(valueOf(text, 'servicemarket_tokens_fetched_total')).toBe(1);
  // Those that left.
  expect(valueOf(text, `servicemarket_upstream_seconds_count{${PAIR}}`)).toBe(6);
  expect(valueOf(text, `servicemarket_upstream_seconds_bucket{le="+Inf",${PAIR}}`)).toBe(6);
});

test('refusals have their status, and the reason where it does not tell; uploads are those that were stored', async () => {
  const { post, send, signIn, scrape } = await open({ budgets: { 'wxocr/Ocr': { perDay: 1 } } });
  const token = await signIn();
  await post('/invoke', call('first'), token);
  await post('/invoke', call('over'), token);
  await post('/invoke', { ...call('x'), api: 'Other' }, token);
  await post('/invoke', call('nobody'));
  await send('a file', token, 'text/plain');
  await send('a file', undefined, 'text/plain');
  const text = await scrape();
  expect(valueOf(text, 'servicemarket_refusals_total{status="429",reason="budget"}')).toBe(1);
  expect(valueOf(text, 'servicemarket_refusals_total{status="403"}')).toBe(1);
  expect(valueOf(text, 'servicemarket_refusals_total{status="401"}')).toBe(2);
  expect(valueOf(text, 'servicemarket_uploads_total')).toBe(1);
});

test('the process and its disk are in it', async () => {
  const { post, signIn, scrape } = await open();
  await post('/invoke', call('first'), await signIn());
  await scrape();
  const late = `servicemarket_event_loop_delay_seconds{quantile="1"}`;
  // Held up between two looks of the monitor.
  await sleep(50);
  // Longer than a busy machine holds a process up by itself.
  const end = performance.now() + 2000;
  while (performance.now() < end);
  await sleep(50);
  const text = await scrape();
  expect(valueOf(text, late)).toBeGreaterThan(1.8);
  expect(valueOf(text, late)).toBeLessThan(30);
  expect(valueOf(await scrape(), late)).toBeLessThan(1.8);
  expect(valueOf(text, 'servicemarket_journal_bytes')).toBeGreaterThan(100);
  expect(valueOf(text, 'servicemarket_disk_free_bytes')).toBeGreaterThan(1_000_000);
});

test('the event loop is watched no longer than the relay runs', async () => {
  const metrics = await RelayMetrics.open(temporaryFolder());
  metrics.close();
  await metrics.read();
  await sleep(100);
  expect(valueOf(await metrics.read(), 'servicemarket_event_loop_delay_seconds{quantile="1"}')).toBe(0);
});

test('a paid outcome that the store does not take waits in it until the store is back', async () => {
  const outcomes = await JournalOutcomes.open(join(temporaryFolder(), 'o'));
  const settle = jest.spyOn(outcomes, 'settle').mockRejectedValue(new Error('the store is away'));
  const { post, signIn, scrape } = await open({ stores: { outcomes } });
  const waiting = async () => valueOf(await scrape(), 'servicemarket_outcomes_waiting');
  const token = await signIn();
  expect(await waiting()).toBe(0);
  expect((await post('/invoke', call('paid'), token)).status).toBe(200);
  expect(await waiting()).toBe(1);
  settle.mockRestore();
  await until(async () => (await waiting()) === 0);
  // Its journal is none of the relay's folder.
  expect(valueOf(await scrape(), 'servicemarket_journal_bytes')).toBe(0);
});

test('nothing of users is in it', async () => {
  const { post, send, signIn, scrape } = await open();
  const token = await signIn('ann-the-user');
  await post('/invoke', call('an-id-of-a-page'), token);
  await post('/invoke', { ...call('other'), service: 'service-of-a-user', api: 'api-of-a-user' }, token);
  await send('a file', token, 'text/plain');
  await post('/path-of-a-user', {}, token);
  const text = await scrape();
  expect(text).toContain('status="404"');
  expect(text).not.toMatch(/ann-the-user|an-id-of-a-page|of-a-user|DATA|127\.0\.0\.1|wxapp/);
  expect(text).not.toContain(token);
  expect(text).not.toContain(TOKEN);
});

test("on the relay's port it is there for the token alone", async () => {
  const { url } = await open();
  const get = (headers: Record<string, string>) => fetch(`${url}/metrics`, { headers });
  const stranger = await fetch(`${url}/no-such-path`);
  const expected = { ...((await stranger.json()) as object), request_id: expect.any(String) };
  for (const headers of [
    {},
    bearer('another-token-of-20'),
    bearer(TOKEN.slice(1)),
    { authorization: TOKEN },
  ]) {
    const reply = await get(headers);
    expect(reply.status).toBe(404);
    expect(await reply.json()).toEqual(expected);
  }
  const reply = await get(bearer(TOKEN));
  expect(reply.status).toBe(200);
  expect(reply.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
});

test('without "metrics" there is no such path', async () => {
  const { url } = await open({ metrics: undefined });
  expect((await fetch(`${url}/metrics`, { headers: bearer(TOKEN) })).status).toBe(404);
});

test.each([undefined, TOKEN])(
  'on a port of its own, with the token %s, it is there and nothing else is',
  async (token) => {
    const { app, url, log } = await open({ metrics: { port: 0, token } });
    const line = log.map((one) => JSON.parse(one) as { msg: string; port: number });
    const { port } = line.find(({ msg }) => msg === 'metrics are served')!;
    const own = `http://127.0.0.1:${port}`;
    const reply = await fetch(`${own}/metrics`, { headers: bearer(token) });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await reply.text()).toContain('servicemarket_calls_total');
    expect((await fetch(`${own}/metrics`)).status).toBe(token ? 404 : 200);
    expect((await fetch(`${own}/healthz`)).status).toBe(404);
    expect((await fetch(`${own}/metrics`, { method: 'POST', headers: bearer(token) })).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { headers: bearer(token) })).status).toBe(404);
    await app.close();
    await expect(fetch(`${own}/metrics`)).rejects.toThrow('fetch failed');
  },
);

test('metrics that cannot be read are a 500, and the log says why', async () => {
  const { log } = await open({ metrics: { port: 0 } });
  const { port } = log
    .map((one) => JSON.parse(one) as { msg: string; port: number })
    .find(({ msg }) => msg === 'metrics are served')!;
  jest.spyOn(RelayMetrics.prototype, 'read').mockRejectedValue(new Error('the disk is away'));
  const reply = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect([reply.status, await reply.text()]).toEqual([500, '']);
  expect(log.join('')).toMatch(/the disk is away.*failed to read the metrics/);
});

test('a port that is taken stops the start', async () => {
  const { url } = await open();
  const options = { authenticate: () => 'ann', port: 0, logger: false } as const;
  const metrics = { port: Number(new URL(url).port) };
  await expect(startRelay({ ...options, metrics })).rejects.toThrow('EADDRINUSE');
});

test('relays of one process count apart', async () => {
  const [one, other] = [await open(), await open()];
  await one.post('/invoke', call('id'), await one.signIn());
  expect(outcomesIn(await one.scrape()).answered).toBe(1);
  expect(outcomesIn(await other.scrape()).answered).toBe(0);
});

test.each([{}, { token: 'short' }, { token: 'with a blank in its midst' }, { port: 65_536 }, { port: 1.5 }])(
  'the option %j is refused',
  async (metrics) => {
    await expect(startRelay({ authenticate: () => 'ann', port: 0, metrics })).rejects.toThrow(
      'Failed to start the relay: option "metrics" has a wrong value. It must be an object with a "port"',
    );
  },
);

test('the configuration has the port, and the environment the token', async () => {
  const file = join(temporaryFolder(), 'relay.config.json');
  const load = (metrics: object, env: Record<string, string> = {}) => {
    writeFileSync(file, JSON.stringify({ users: { jwt: {} }, metrics }));
    return loadRelayConfig(file, { env: { RELAY_JWT_SECRET: 's'.repeat(32), ...env } });
  };
  const env = { RELAY_METRICS_TOKEN: TOKEN };
  expect((await load({ port: 9464 })).metrics).toEqual({ port: 9464, host: '127.0.0.1' });
  expect((await load({ port: 9464, host: '10.0.0.1' }, env)).metrics).toEqual({
    port: 9464,
    host: '10.0.0.1',
    token: TOKEN,
  });
  expect((await load({}, env)).metrics).toMatchObject({ token: TOKEN });
  await expect(load({})).rejects.toThrow('RELAY_METRICS_TOKEN');
  await expect(load({ token: TOKEN })).rejects.toThrow('unknown key metrics.token');
});

test('the dashboard asks for metrics that a relay exports, and for each of them', async () => {
  const dashboard = JSON.parse(readFileSync(join(ROOT, 'docs/grafana-dashboard.json'), 'utf8')) as {
    panels: { targets: { expr: string }[] }[];
  };
  const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  const asked = new Set(expressions.flatMap((expr) => expr.match(/servicemarket_\w+/g) ?? []));
  const { scrape, post } = await open();
  // A refusal has no series before there was one.
  await post('/invoke', call('nobody'));
  const text = await scrape();
  const exported = new Set([...text.matchAll(/^(servicemarket_\w+)[ {]/gm)].map(([, name]) => name));
  for (const name of asked) expect(exported).toContain(name);
  const families = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
  for (const family of families) expect([...asked].join(' ')).toContain(family);
  const owners = readFileSync(join(ROOT, 'docs/en/owners.md'), 'utf8');
  for (const family of families) expect(owners).toContain(`\`${family}\``);
});

test('the dashboard chooses an app in whatever a relay tells by app, and all of them where a relay has one', async () => {
  const dashboard = JSON.parse(readFileSync(join(ROOT, 'docs/grafana-dashboard.json'), 'utf8')) as {
    panels: { targets: { expr: string }[] }[];
    templating: { list: { name: string; query: string; allValue?: string }[] };
  };
  const openApi = createOpenApi({
    appid: 'wxapp',
    secret: 'app-secret',
    baseUrl: (await openUpstream()).url,
  });
  const app = { authenticate: ({ value }: { value: string }) => value, openApi, services };
  const { url, post } = await serveRelay({ apps: { wxa: app, wxb: app }, metrics: { token: TOKEN } });
  const credential = { type: 'name', value: 'ann', appid: 'wxa' };
  const { token } = (await (await post('/session', { credential })).json()) as { token: string };
  // A refusal has no series before there was one.
  await post('/invoke', { ...call('id'), service: 'other' }, token);
  const body = await (await fetch(`${url}/metrics`, { headers: bearer(TOKEN) })).text();
  const byApp = new Set(
    [...body.matchAll(/^(servicemarket_\w+)\{[^}]*\bapp="wx[ab]"/gm)].map(([, name]) => name),
  );
  expect(byApp.size).toBeGreaterThan(5);

  const selectors = dashboard.panels.flatMap(({ targets }) =>
    targets.flatMap(({ expr }) => [...expr.matchAll(/(servicemarket_\w+)\{([^}]*)\}/g)]),
  );
  for (const [, name, labels] of selectors) {
    expect([name, labels.includes('app=~"$app"')]).toEqual([name, byApp.has(name)]);
    expect(labels).toContain('instance=~"$instance"');
  }
  const { query, allValue } = dashboard.templating.list.find(({ name }) => name === 'app') ?? {};
  const [, ofApps = ''] = /^label_values\((\w+), app\)$/.exec(query ?? '') ?? [];
  // There from the start, for each app.
  for (const appid of ['wxa', 'wxb']) expect(body).toContain(`${ofApps}{app="${appid}"} 0`);
  // Matches series that have no such label.
  expect(allValue).toBe('.*');
});
