import { Redis } from 'ioredis';
import { readdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { createServer } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createOpenApi } from '../../src/openapi';
import { loadRelayConfig, openRedisStores, S3FileStore, startRelay } from '../../src/relay';
import { CLAIM_EXPIRY_MS } from '../../src/relay/stores/redis/outcomes';
import { openUpstream } from './support/fake-upstream';
import { cleanUpAfterTest, setEnvironment } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { openRelay, refusal } from './support/open-relay';
import { describeWithRedis, openRedis, openS3 } from './support/servers';
import { openServer } from '../support/servers';
import { until } from '../support/until';
import { ANN } from './support/claimant';

const reply = { errcode: 0, errmsg: 'ok', data: 'x' };

describeWithRedis('Redis', () => {
  async function open(url?: string) {
    const address = url ?? (await openRedis());
    const stores = await openRedisStores({ url: address });
    cleanUpAfterTest(() => stores.outcomes.close());
    const client = new Redis(address, { keyPrefix: 'servicemarket:' });
    cleanUpAfterTest(() => client.quit());
    return { ...stores, address, client };
  }

  test('signals reach every instance, and leave no connection behind', async () => {
    const { signals, address, client } = await open();
    const other = (await open(address)).signals;
    const heard: unknown[] = [];
    await signals.listen((id) => void heard.push(id));
    const connections = async (): Promise<number> =>
      String(await client.client('LIST'))
        .trim()
        .split('\n').length;
    const before = await connections();
    await other.send('task');
    await until(() => heard.includes('task'));
    await signals.close();
    await until(async () => (await connections()) === before - 1);
    await other.close();
  });

  test('sessions are known to all, under digests, until they end or are revoked', async () => {
    const { sessions, address, client } = await open();
    const other = (await open(address)).sessions;
    const token = await sessions.create('ann', 60);
    expect(await other.find(token)).toBe('ann');
    const [key] = await client.keys('*');
    expect(key).not.toContain(token);
    expect(await client.pttl(key.replace('servicemarket:', ''))).toBeGreaterThan(50_000);
    await other.revoke(token);
    expect(await sessions.find(token)).toBeUndefined();
  });

  test('all sessions of one user can be ended, by any instance', async () => {
    const { sessions, address } = await open();
    const other = (await open(address)).sessions;
    const tokens = await Promise.all(
      Array.from({ length: 3000 }, (_, i) => sessions.create(i % 3 ? `user-${i}` : 'ann', 60)),
    );
    await other.revokeUser('ann');
    const users = await Promise.all(tokens.map((token) => sessions.find(token)));
    expect(users.filter((user) => user !== undefined)).toHaveLength(2000);
    expect(users).not.toContain('ann');
  });

  test('counters take nothing beyond the limit, whoever asks', async () => {
    const { counters, address, client } = await open();
    const other = (await open(address)).counters;
    const waits = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? counters : other).take('k', 3, 30, 100)),
    );
    expect(waits.filter((wait) => wait === 0)).toHaveLength(10);
    expect(waits.filter((wait) => wait > 0).every((wait) => wait > 90 && wait <= 100)).toBe(true);
    await other.giveBack('k', 3);
    expect(await counters.take('k', 3, 30, 100)).toBe(0);
    const [key] = await client.keys('*limit*');
    await client.del(key.replace('servicemarket:', ''));
    await counters.giveBack('k', 3);
    expect(await counters.take('k', 31, 30, 100)).toBe(100);
    expect(await counters.take('k', 30, 30, 100)).toBe(0);
  });

  test('of many claims by two instances one wins, and the others see its outcome', async () => {
    const first = await open();
    const second = await open(first.address);
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? first : second).outcomes.claim('k', 'h', ANN)),
    );
    expect(claims.filter((claim) => claim === undefined)).toHaveLength(1);
    const waiting = second.outcomes.wait('k');
    await first.outcomes.settle('k', reply);
    expect(await waiting).toEqual({ hash: 'h', outcome: reply });
    expect(await first.client.pttl('call:k')).toBeGreaterThan(86_000_000);
  });

  test('a claim that is released while another waits is free', async () => {
    const { outcomes } = await open();
    await outcomes.claim('k', 'h', ANN);
    const waiting = outcomes.wait('k');
    await outcomes.release('k');
    expect(await waiting).toBeUndefined();
    await outcomes.settle('k', reply);
    expect(await outcomes.find('k')).toBeUndefined();
  });

  test('a claim whose instance sends no heartbeat is known to have no outcome', async () => {
    const { outcomes, client } = await open();
    await outcomes.claim('k', 'h', ANN);
    await client.hincrby('call:k', 's', -CLAIM_EXPIRY_MS - 1000);
    const found = await outcomes.wait('k');
    expect(found).toEqual({ hash: 'h' });
  });

  test('a claim that the client library sends twice stays its own', async () => {
    const { outcomes, client } = await open();
    const broken = Object.create(client) as Redis;
    broken.eval = (async (...args: Parameters<Redis['eval']>) => {
      await client.eval(...args);
      return client.eval(...args);
    }) as Redis['eval'];
    const own: unknown = Reflect.get(outcomes, 'redis');
    Reflect.set(outcomes, 'redis', broken);
    expect(await outcomes.claim('k', 'h', ANN)).toBeUndefined();
    expect(await outcomes.claim('k', 'h', ANN)).toEqual({ hash: 'h' });
    Reflect.set(outcomes, 'redis', own);
  });

  test('a claim whose answer is lost ends, and so does the claim of a call that never left; not that of another', async () => {
    const { outcomes, client } = await open();
    const own: unknown = Reflect.get(outcomes, 'redis');
    const broken = Object.create(client) as Redis;
    // Carried out, but the answer does not come.
    broken.eval = (async (...args: Parameters<Redis['eval']>) => {
      await client.eval(...args);
      throw new Error('Command timed out');
    }) as unknown as Redis['eval'];
    Reflect.set(outcomes, 'redis', broken);
    await expect(outcomes.claim('k', 'h', ANN)).rejects.toThrow('timed out');
    Reflect.set(outcomes, 'redis', own);
    await until(async () => !(await client.exists('call:k')));
    expect(await outcomes.claim('k', 'h', ANN)).toBeUndefined();
    await client.hset('call:k', 'c', "another's");
    await outcomes.release('k');
    expect(await outcomes.find('k')).toEqual({ hash: 'h' });
  });

  test('an outcome of more than 32 MiB is kept as "unknown", and the log says so', async () => {
    const { outcomes, client } = await open();
    const log: unknown[] = [];
    const ignore = (): void => {};
    outcomes.logTo?.({ error: (_text, details) => log.push(details), warn: ignore, info: ignore });
    await outcomes.claim('k', 'h', ANN);
    await outcomes.settle('k', { ...reply, request_id: 'R', data: 'x'.repeat(32 * 1024 * 1024) });
    expect((await outcomes.find('k'))?.outcome).toBe('unknown');
    expect(await client.memory('USAGE', 'call:k')).toBeLessThan(1000);
    expect(log).toEqual([{ call: 'k', request_id: 'R', bytes: expect.any(Number) }]);
  });

  test('one token is fetched for many instances, and replaced once', async () => {
    const upstream = await openUpstream();
    const address = await openRedis();
    const clients = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const { tokens } = await open(address);
        return createOpenApi({ appid: 'wxapp', secret: 'app-secret', baseUrl: upstream.url, tokens });
      }),
    );
    const all = (): Promise<unknown> =>
      Promise.all(clients.map((api) => api.security.msgSecCheck({ content: 'x' })));
    await all();
    expect(upstream.count('/cgi-bin/stable_token')).toBe(1);
    upstream.state.token++;
    await all();
    expect(upstream.count('/cgi-bin/stable_token')).toBe(2);
  });

  test('an address where nobody listens is an error without the password', async () => {
    const opening = openRedisStores({ url: 'redis://user:PASSWORD@127.0.0.1:1' });
    const error = await opening.then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).toMatch(/^Failed to reach Redis: /);
    expect(`${error?.message}${error?.stack}`).not.toContain('PASSWORD');
  });

  test.each([
    ['of the file', { upstream: 'ftp://x' }],
    ['of the relay', { fileTtl: 0 }],
  ])('a fault %s leaves no connection open, which would keep the process alive', async (_name, fault) => {
    const { client, address, outcomes } = await open();
    await outcomes.close();
    const path = join(temporaryFolder(), 'relay.config.json');
    writeFileSync(path, JSON.stringify({ users: { wx: true }, redis: {}, ...fault }));
    const env = { WX_APPID: 'wxapp', WX_SECRET: 'app-secret', REDIS_URL: address };
    const start = async () => startRelay(await loadRelayConfig(path, { env }));
    await expect(start()).rejects.toThrow(/^Failed to /);
    expect(
      String(await client.client('LIST'))
        .trim()
        .split('\n'),
    ).toHaveLength(1);
  });

  test.each(['redis://:PASSWORD@[bad', 'redis://:PASS%ZZWORD@127.0.0.1:1'])(
    'an address that is no URL is an error that names the variable, without the password: %s',
    async (url) => {
      const error: unknown = await openRedisStores({ url }).catch((reason: unknown) => reason);
      expect(String(error)).toBe('Error: Failed to reach Redis: its address is no URL. Check REDIS_URL.');
    },
  );

  test('while Redis is away nothing is sent, /readyz says so, and it all comes back', async () => {
    const upstream = await openUpstream();
    const { address, client, tokens, ...stores } = await open();
    const openApi = createOpenApi({ appid: 'wxapp', secret: 'app-secret', baseUrl: upstream.url, tokens });
    const relay = await openRelay({ stores, openApi, services: { s: ['a'] } });
    const token = await relay.signIn();
    const call = { service: 's', api: 'a', client_msg_id: 'id' };
    // A command is given up after 5 s.
    await client.client('PAUSE', 10_000, 'ALL');
    const replies = await Promise.all([relay.post('/invoke', call, token), fetch(`${relay.url}/readyz`)]);
    await refusal(replies[0], 503, -2);
    await refusal(replies[1], 503, -2);
    expect(upstream.seen).toEqual([]);
    await client.ping();
    expect((await relay.post('/invoke', call, token)).status).toBe(200);
    // That no token could be read is known for ten seconds.
    await until(async () => (await fetch(`${relay.url}/readyz`)).status === 200);
    expect(address).toContain('redis.sock');
  });

  test('two apps on one server share no session, call, task, limit or token', async () => {
    const upstream = await openUpstream();
    const address = await openRedis();
    const config = {
      users: { wx: true },
      services: { s: ['a'] },
      limits: { callsPerHour: 1 },
      port: 0,
      logLevel: 'silent',
      redis: {},
      upstream: upstream.url,
    };
    const start = async (appid: string) => {
      const file = join(temporaryFolder(), 'relay.config.json');
      writeFileSync(file, JSON.stringify(config));
      const env = { WX_APPID: appid, WX_SECRET: 'app-secret', REDIS_URL: address };
      const relay = await startRelay(await loadRelayConfig(file, { env }));
      cleanUpAfterTest(() => relay.close());
      const post = (path: string, body: object, token = '') =>
        fetch(relay.url + path, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        });
      // The platform knows the user by the same id in both: the worst case.
      const session = await post('/session', { credential: { type: 'wx', value: `good-${appid}` } });
      return { post, token: ((await session.json()) as { token: string }).token };
    };
    upstream.replies.set('/sns/jscode2session', () => ({ openid: 'ann', session_key: 'k' }));
    const [one, two] = [await start('wx-one'), await start('wx-two')];
    const call = { service: 's', api: 'a', client_msg_id: 'id', async: true };
    const paid = (await (await one.post('/invoke', call, one.token)).json()) as { request_id: string };
    await refusal(await two.post('/invoke', call, one.token), 401, 40001);
    await refusal(await two.post('/retrieve', { request_id: paid.request_id }, two.token), 404, -1);
    // The same user and id, within the limit of this app, is a call of its own, and a repeat is each app's own.
    for (const { post, token } of [two, one]) expect((await post('/invoke', call, token)).status).toBe(200);
    expect(upstream.bills).toEqual(['id', 'id']);
    expect(upstream.count('/cgi-bin/stable_token')).toBe(2);
    const client = new Redis(address);
    cleanUpAfterTest(() => client.quit());
    const keys = await client.keys('*');
    expect(keys.length).toBeGreaterThan(7);
    for (const key of keys) expect(key).toMatch(/^servicemarket:wx-(?:one|two):/);
  });
});

describe('S3', () => {
  async function open() {
    const server = await openS3();
    setEnvironment({ AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' });
    const spool = temporaryFolder();
    const store = await S3FileStore.open({ ...server, spool, prefix: 'files/', forcePathStyle: true });
    return { store, spool };
  }
  const key = (expiry: number, n = 0): string =>
    `${String(expiry).padStart(10, '0')}-${String(n).padStart(64, '0')}`;
  const bytesOf = async (stream: Readable): Promise<Buffer> => Buffer.concat(await stream.toArray());

  test.each([0, 1, 5000, 3_000_000])('stores %i bytes as they are', async (length) => {
    const { store, spool } = await open();
    const bytes = Buffer.from(Uint8Array.from({ length }, (_, i) => i % 251));
    await store.put(Readable.from(length ? [bytes] : []), 'image/png', async () => key(5));
    const file = await store.get(key(5));
    expect(file?.size).toBe(length);
    expect((await bytesOf(file!.stream)).equals(bytes)).toBe(true);
    expect(await store.size(key(5))).toBe(length);
    expect(readdirSync(spool)).toEqual([]);
    await store.remove(key(5));
    expect([await store.get(key(5)), await store.size(key(5))]).toEqual([undefined, undefined]);
  });

  test('uploads and health never wait for readers, however slow they are and however many', async () => {
    const { store } = await open();
    const relay = await openRelay({ stores: { files: store }, maxFileSize: 20_000_000 });
    const token = await relay.signIn();
    const sent = await relay.send(Buffer.alloc(8_000_000, 7), token, 'application/octet-stream');
    const { pathname, port } = new URL(((await sent.json()) as { url: string }).url);
    const readers = Array.from({ length: 60 }, () => {
      const socket = connect(Number(port), '127.0.0.1');
      cleanUpAfterTest(() => socket.destroy());
      socket.write(`GET ${pathname} HTTP/1.1\r\nHost: x\r\n\r\n`);
      // The head of the answer, and nothing more.
      return once(socket, 'data').then(() => socket.pause());
    });
    await Promise.all(readers);
    expect((await fetch(`${relay.url}/healthz`)).status).toBe(200);
    expect((await relay.send('x', token, 'text/plain')).status).toBe(200);
  });

  test('sweeps what has expired and nothing else', async () => {
    const { store } = await open();
    for (let n = 0; n < 12; n++)
      await store.put(Readable.from(['x']), 'text/plain', async () => key(n < 10 ? 5 : 50, n));
    const remove = store.remove.bind(store);
    let [running, most] = [0, 0];
    const removed = jest.spyOn(store, 'remove').mockImplementation(async (one) => {
      most = Math.max(most, ++running);
      await remove(one);
      running--;
    });
    expect(await store.sweep(49)).toBe(10);
    // Each once, and few at a time: uploads need connections too.
    expect([removed.mock.calls.length, most]).toEqual([10, 8]);
    expect([await store.size(key(5, 0)), await store.size(key(50, 11))]).toEqual([undefined, 1]);
    expect(await store.sweep(49)).toBe(0);
  });

  test('tries a PUT again, with all bytes, and leaves nothing behind when it fails for good', async () => {
    const { store, spool } = await open();
    const client = Reflect.get(store, 'client') as { send: (command: unknown) => Promise<unknown> };
    const send = client.send.bind(client);
    let failures = 2;
    client.send = async (command) => {
      if (failures-- > 0) throw new Error('connection lost');
      return send(command);
    };
    await store.put(Readable.from(['bytes']), 'text/plain', async () => key(5));
    expect(String(await bytesOf((await store.get(key(5)))!.stream))).toBe('bytes');
    failures = 3;
    await expect(store.put(Readable.from(['x']), 'text/plain', async () => key(6))).rejects.toThrow(
      'connection lost',
    );
    expect(readdirSync(spool)).toEqual([]);
  });

  /** A server whose answers are `answer`'s; without any, none comes. */
  async function openFake(answer?: Parameters<typeof createServer>[1]) {
    let requests = 0;
    const { url: endpoint } = await openServer((request, response) => {
      requests++;
      request.resume();
      answer?.(request, response);
    });
    setEnvironment({ AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' });
    const options = {
      bucket: 'relay',
      endpoint,
      forcePathStyle: true,
      spool: temporaryFolder(),
      timeout: 100,
    };
    return { store: await S3FileStore.open(options), requests: () => requests };
  }

  test('a server that does not answer is given up in time, once', async () => {
    const { store, requests } = await openFake();
    const late = { name: 'TimeoutError' };
    await expect(store.check()).rejects.toMatchObject(late);
    await expect(store.sweep(5)).rejects.toMatchObject(late);
    await expect(store.get(key(5))).rejects.toMatchObject(late);
    const before = requests();
    await expect(store.put(Readable.from(['x']), 'text/plain', async () => key(5))).rejects.toMatchObject(
      late,
    );
    expect(requests()).toBe(before + 1);
  });

  test('sweeps behind thousands of names of others, and reads no further than it has to', async () => {
    const others = Array.from({ length: 2500 }, (_, i) => `0-photo-${String(i).padStart(4, '0')}`);
    const live = Array.from({ length: 2500 }, (_, i) => key(50, i));
    let names = [...others, key(5), ...live];
    const listings: string[][] = [];
    const { store } = await openFake(({ url = '', method }, response) => {
      const { pathname, searchParams } = new URL(url, 'http://x');
      if (method === 'DELETE') {
        names = names.filter((name) => !pathname.endsWith(`/${name}`));
        return response.writeHead(204).end();
      }
      const after = names.filter((name) => name > (searchParams.get('start-after') ?? ''));
      listings.push(after.slice(0, 1000));
      const contents = after.slice(0, 1000).map((name) => `<Contents><Key>${name}</Key></Contents>`);
      const isTruncated = `<IsTruncated>${after.length > 1000}</IsTruncated>`;
      return response.end(
        `<?xml version="1.0"?><ListBucketResult>${isTruncated}${contents.join('')}</ListBucketResult>`,
      );
    });
    expect(await store.sweep(49)).toBe(1);
    expect(names).not.toContain(key(5));
    expect(names).toHaveLength(5000);
    expect(listings).toHaveLength(3);
  });

  test('without the right to list the bucket what is not there is told from what must not be read', async () => {
    const objects = new Set<string>();
    let mayRead = true;
    const { store } = await openFake(({ url = '', method }, response) => {
      const { pathname } = new URL(url, 'http://x');
      if (method === 'PUT') objects.add(pathname);
      if (method === 'PUT' || (mayRead && objects.has(pathname)))
        return response.setHeader('content-length', 1).end(method === 'HEAD' ? '' : 'x');
      // As S3 answers whoever may not list, whether the object is there or not.
      return response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
    });
    await store.check();
    await store.put(Readable.from(['x']), 'text/plain', async () => key(5));
    expect(await store.size(key(5))).toBe(1);
    expect([await store.get(key(6)), await store.size(key(6))]).toEqual([undefined, undefined]);
    mayRead = false;
    await expect(store.get(key(5))).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(store.check()).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });

  test('carries the relay: files in and out', async () => {
    const { store } = await open();
    const relay = await openRelay({ stores: { files: store } });
    const sent = await relay.send('héllo', await relay.signIn(), 'text/plain');
    const file = await fetch(((await sent.json()) as { url: string }).url);
    expect([file.headers.get('content-type'), await file.text()]).toEqual([
      'text/plain; charset=utf-8',
      'héllo',
    ]);
    expect((await fetch(`${relay.url}/readyz`)).status).toBe(200);
  });
});
