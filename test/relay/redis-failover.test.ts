/** Redis servers that lose, evict or hand over: nothing is billed twice while the instance of a call lives. */
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOpenApi } from '../../src/openapi';
import { openRedisStores, type RedisStoreOptions } from '../../src/relay';
import { openUpstream } from './support/fake-upstream';
import { cleanUpAfterTest } from '../support/cleanup';
import { openRelay, refusal } from './support/open-relay';
import { describeWithRedis, openName, openRedisOnPort, openReplica, openSentinel } from './support/servers';
import { until } from '../support/until';
import { ANN } from './support/claimant';

const PATH = '/wxa/servicemarket';
const reply = (data: string) => ({ errcode: 0, errmsg: 'ok', data });
const call = (id: string) => ({ service: 's', api: 'a', client_msg_id: id });

async function openStores(port: number, options: Partial<RedisStoreOptions> = {}) {
  const stores = await openRedisStores({ url: `redis://127.0.0.1:${port}`, ...options });
  cleanUpAfterTest(() => stores.outcomes.close());
  const log: { level: string; message: string; details?: object }[] = [];
  const write =
    (level: string) =>
    (message: string, details?: object): void =>
      void log.push({ level, message, details });
  stores.outcomes.logTo?.({ error: write('error'), warn: write('warn'), info: write('info') });
  return { ...stores, log };
}

/** Relays over one Redis name, and the platform behind them. */
async function openRelays(port: number, count: number) {
  const upstream = await openUpstream();
  const relays = await Promise.all(
    Array.from({ length: count }, async () => {
      const { tokens, ...stores } = await openRedisStores({ url: `redis://127.0.0.1:${port}` });
      const openApi = createOpenApi({ appid: 'wxapp', secret: 'app-secret', baseUrl: upstream.url, tokens });
      return openRelay({ stores, openApi, services: { s: ['a'] } });
    }),
  );
  return { upstream, relays };
}

/** Makes the platform hold the answer to one id back until it is released. */
function holdBack(upstream: Awaited<ReturnType<typeof openUpstream>>, id: string) {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const arrived = new Promise<void>((resolve) => {
    upstream.replies.set(PATH, async ({ json }) => {
      if (json.client_msg_id !== id) return undefined;
      upstream.bills.push(id);
      resolve();
      await held;
      return { errcode: 0, errmsg: 'ok', data: '"late"' };
    });
  });
  return { arrived, release };
}

/** Seconds on an idle machine. */
const MAX_RECOVERY_MS = 30_000;

/** Tries until a session can be opened. */
async function signInAgain(relay: Awaited<ReturnType<typeof openRelay>>): Promise<string> {
  return until(() => relay.signIn(), 'a session could be opened again', MAX_RECOVERY_MS);
}

describeWithRedis('a replica that is behind becomes the master, behind one name', () => {
  const ways = [
    [1, 'killed'],
    [2, 'killed'],
    [2, 'demoted'],
  ] as const;
  test.each(ways)(
    '%i instance(s), the old master %s: sessions work again, no call is billed twice',
    async (count, end) => {
      const master = await openRedisOnPort();
      const replica = await openReplica(master);
      const name = await openName(master.port);
      const { upstream, relays } = await openRelays(name.port, count);
      const [first, other] = [relays[0], relays[count - 1]];
      const token = await first.signIn();

      // Redis confirms the outcome of one call and the intent of another, and the replica gets neither.
      replica.fallBehind();
      const settled: unknown = await (await first.post('/invoke', call('settled'), token)).json();
      const { arrived, release } = holdBack(upstream, 'running');
      const running = first.post('/invoke', call('running'), token);
      await arrived;

      await replica.command('REPLICAOF NO ONE');
      name.lead(replica.port);
      if (end === 'killed') master.kill();
      else await master.command(`REPLICAOF 127.0.0.1 ${replica.port}`);
      const again = await signInAgain(other);
      const repeats = ['settled', 'running'].map((id) => other.post('/invoke', call(id), again));
      await sleep(6000);
      release();

      expect(await (await repeats[0]).json()).toEqual(settled);
      expect(await (await running).json()).toMatchObject({ data: '"late"' });
      expect(await (await repeats[1]).json()).toMatchObject({ data: '"late"' });
      expect(upstream.bills).toEqual(['settled', 'running']);
      expect(first.log.join('')).toContain('Redis lost a claim of this relay; it was written again');
      // New calls are sent again too.
      expect((await other.post('/invoke', call('new'), again)).status).toBe(200);
    },
  );
});

describeWithRedis('claims that Redis loses', () => {
  async function open() {
    const server = await openRedisOnPort();
    const client = new Redis(server.port, { keyPrefix: 'servicemarket:' });
    cleanUpAfterTest(() => client.quit());
    return { server, client, one: await openStores(server.port), two: await openStores(server.port) };
  }

  test('come back with the next heartbeat, or with the outcome, and that is an error in the log', async () => {
    const { client, one, two } = await open();
    await one.outcomes.claim('running', 'h', ANN);
    await one.outcomes.claim('ended', 'h', ANN);
    await client.del('call:running', 'call:ended');
    await one.outcomes.settle('ended', reply('x'));
    expect(await two.outcomes.find('ended')).toEqual({ hash: 'h', outcome: reply('x') });
    await until(() => client.exists('call:running'));
    expect(await client.pttl('call:running')).toBeGreaterThan(86_000_000);
    expect(await two.outcomes.claim('running', 'h', ANN)).toEqual({ hash: 'h' });
    expect(one.log.map(({ level, details }) => ({ level, ...details }))).toEqual([
      { level: 'error', call: 'ended', outcome: { errcode: 0 } },
      { level: 'error', call: 'running', outcome: 'none yet' },
    ]);
  });

  test('stay away once they are released', async () => {
    const { client, one } = await open();
    await one.outcomes.claim('k', 'h', ANN);
    await one.outcomes.release('k');
    await sleep(3000);
    expect(await client.exists('call:k')).toBe(0);
    expect(one.log).toEqual([]);
  });

  test('and that another instance claims meanwhile: both outcomes are logged, the first is kept', async () => {
    const { client, one, two } = await open();
    await one.outcomes.claim('k', 'h', ANN);
    await client.del('call:k');
    expect(await two.outcomes.claim('k', 'h', ANN)).toBeUndefined();
    await two.outcomes.settle('k', { ...reply('second'), request_id: 'R2' });
    await one.outcomes.settle('k', { ...reply('first'), request_id: 'R1' });
    expect(await one.outcomes.find('k')).toEqual({
      hash: 'h',
      outcome: { ...reply('second'), request_id: 'R2' },
    });
    expect(one.log).toContainEqual({
      level: 'error',
      message: expect.stringContaining('it may be billed twice'),
      details: {
        call: 'k',
        outcome: { errcode: 0, request_id: 'R1' },
        kept: { errcode: 0, request_id: 'R2' },
      },
    });
  });
});

describeWithRedis('a server that may lose or evict intents', () => {
  const remedy =
    /"appendonly yes".*"appendfsync everysec".*"maxmemory-policy noeviction".*"acceptLoss": true/;
  const aof = ['--save', '', '--appendonly', 'yes'];

  test.each([
    ['without a file', ['--appendonly', 'no'], 'appendonly no'],
    ['that evicts', [...aof, '--maxmemory-policy', 'volatile-ttl'], 'maxmemory-policy volatile-ttl'],
    ['that never flushes', [...aof, '--appendfsync', 'no'], 'appendfsync no'],
  ])('%s is refused with its remedy, unless the owner accepts that', async (_name, options, fault) => {
    const { port } = await openRedisOnPort(options);
    const refused = openStores(port);
    await expect(refused).rejects.toThrow(fault);
    await expect(refused).rejects.toThrow(remedy);
    const accepted = await openStores(port, { acceptLoss: true });
    expect(await accepted.outcomes.claim('k', 'h', ANN)).toBeUndefined();
    await accepted.outcomes.check();
  });

  test.each([
    ['a replica', ['--replicaof', '127.0.0.1 1'], 'it is a replica. Name the master.'],
    ['a cluster', ['--cluster-enabled', 'yes'], 'it is a Redis Cluster, which is not supported'],
  ])('%s is refused in words, also then', async (_name, options, fault) => {
    const { port } = await openRedisOnPort([...aof, ...options]);
    await expect(openStores(port, { acceptLoss: true })).rejects.toThrow(`Failed to use Redis: ${fault}`);
  });

  test('a Sentinel is refused in words, also then', async () => {
    const { port: master } = await openRedisOnPort();
    const port = await openSentinel(master);
    await expect(openStores(port, { acceptLoss: true })).rejects.toThrow(
      'Failed to use Redis: it is a Sentinel, which is not supported. Name the server, or a name that leads to the present master.',
    );
  });

  test('where CONFIG is forbidden INFO is used, and what nobody can know is a warning', async () => {
    const server = await openRedisOnPort();
    await server.command('ACL SETUSER relay on >password ~* &* +@all -config');
    const stores = await openRedisStores({ url: `redis://relay:password@127.0.0.1:${server.port}` });
    cleanUpAfterTest(() => stores.outcomes.close());
    const warnings: string[] = [];
    const ignore = (): void => {};
    stores.outcomes.logTo?.({ error: ignore, info: ignore, warn: (text) => warnings.push(text) });
    expect(warnings).toEqual([
      'Redis does not tell its appendfsync; make sure that it loses and evicts nothing.',
    ]);
    await server.command('CONFIG SET maxmemory-policy allkeys-lru');
    await expect(openRedisStores({ url: `redis://relay:password@127.0.0.1:${server.port}` })).rejects.toThrow(
      'maxmemory-policy allkeys-lru',
    );
  });

  test('found while running: new calls are refused and the relay is not ready; repeats and outcomes go on', async () => {
    const server = await openRedisOnPort();
    const { upstream, relays } = await openRelays(server.port, 1);
    const [relay] = relays;
    const token = await relay.signIn();
    const done: unknown = await (await relay.post('/invoke', call('done'), token)).json();
    const { arrived, release } = holdBack(upstream, 'running');
    const running = relay.post('/invoke', call('running'), token);
    await arrived;
    await server.command('CONFIG SET maxmemory-policy allkeys-lru');
    await until(() => relay.log.join('').includes('Redis is not safe'));
    await refusal(await relay.post('/invoke', call('new'), token), 503, -2);
    expect(await (await relay.post('/invoke', call('done'), token)).json()).toEqual(done);
    release();
    expect(await (await running).json()).toMatchObject({ data: '"late"' });
    expect(await (await relay.post('/invoke', call('running'), token)).json()).toMatchObject({
      data: '"late"',
    });
    expect(upstream.bills).toEqual(['done', 'running']);
    await server.command('CONFIG SET maxmemory-policy noeviction');
    await until(() => relay.log.join('').includes('Redis is safe again'));
    expect((await relay.post('/invoke', call('new'), token)).status).toBe(200);
  });

  test('that is full, or forbids scripts, fails the check', async () => {
    const server = await openRedisOnPort();
    const { outcomes } = await openStores(server.port);
    await outcomes.check();
    await server.command('CONFIG SET maxmemory 1');
    await expect(outcomes.check()).rejects.toThrow('OOM');
    await server.command('CONFIG SET maxmemory 0');
    await server.command('ACL SETUSER default -eval');
    await expect(outcomes.check()).rejects.toThrow('NOPERM');
  });
});

describeWithRedis('a start that fails says why', () => {
  test.each([
    ['a wrong password', ':wrong@', '', 'WRONGPASS'],
    ['a database that does not exist', ':right@', '/99', 'ERR DB index is out of range'],
  ])('%s', async (_name, account, database, cause) => {
    const { port, command } = await openRedisOnPort();
    await command('CONFIG SET requirepass right');
    const opening = openRedisStores({ url: `redis://${account}127.0.0.1:${port}${database}` });
    await expect(opening).rejects.toThrow(`Failed to reach Redis: ${cause}`);
  });

  test('nobody listens', async () => {
    const opening = openRedisStores({ url: 'redis://127.0.0.1:1' });
    await expect(opening).rejects.toThrow('Failed to reach Redis: ECONNREFUSED. Check REDIS_URL.');
  });
});
