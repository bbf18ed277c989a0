import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadRelayConfig, startRelay } from '../../src/relay';
import * as sharedStores from '../../src/relay/config/open-shared-stores';
import { checkBySchema } from '../../src/relay/option-checks';
import { appidOf, redisPrefixOf } from '../../src/relay/config/shared-names';
import { openUpstream } from './support/fake-upstream';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';

jest.mock('../../src/relay/config/open-shared-stores', () => ({
  __esModule: true,
  ...jest.requireActual<typeof sharedStores>('../../src/relay/config/open-shared-stores'),
}));

const env = { WX_APPID: 'wxapp', WX_SECRET: 'app-secret', RELAY_JWT_SECRET: 's'.repeat(32) };

function file(config: unknown): string {
  const path = join(temporaryFolder(), 'relay.config.json');
  writeFileSync(path, typeof config === 'string' ? config : JSON.stringify(config));
  return path;
}

test('options are checked and filled in by their names alone', () => {
  expect(checkBySchema({ port: 80, usageDays: 5, mine: 1 }, ['port'])).toEqual({ port: 80 });
  expect(checkBySchema({ port: undefined }, ['port', 'usageDays'])).toMatchObject({ usageDays: 92 });
  expect(() => checkBySchema({ port: 'x' }, ['port'], ['apps', 'a'])).toThrow('apps.a.port');
});

test('keys in Redis have the appid, or say that there is none, behind the prefix', () => {
  expect(appidOf({ WX_APPID: 'wxapp' })).toBe('wxapp');
  expect(appidOf({})).toBe('no-app');
  expect(redisPrefixOf({}, 'wxapp')).toBe('wxapp:');
  expect(redisPrefixOf({ prefix: 'p:' }, 'wxapp')).toBe('p:wxapp:');
  expect(redisPrefixOf({ prefix: 'p:' }, undefined)).toBe('p:');
  expect(redisPrefixOf({}, undefined)).toBe('');
});

test('a file is enough to run a relay that calls the platform', async () => {
  const upstream = await openUpstream();
  const path = file({
    users: { wx: true },
    services: { wxocr: ['Ocr'] },
    limits: { callsPerHour: 1 },
    consume: { type: 2, appid: 'wxpay' },
    logLevel: 'silent',
  });
  const relay = await startRelay(await loadRelayConfig(path, { env, upstream: upstream.url, port: 0 }));
  cleanUpAfterTest(() => relay.close());
  const post = async (path: string, body: object, token = '') => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const reply = await fetch(relay.url + path, { method: 'POST', body: JSON.stringify(body), headers });
    return (await reply.json()) as { token: string; errcode: number };
  };
  const { token } = await post('/session', { credential: { type: 'wx', value: 'good-1' } });
  const call = { service: 'wxocr', api: 'Ocr', client_msg_id: 'id' };
  expect(await post('/invoke', call, token)).toMatchObject({ errcode: 0 });
  expect(await post('/invoke', { ...call, client_msg_id: 'id2' }, token)).toMatchObject({ errcode: -11 });
  expect(upstream.seen.at(-1)?.json).toMatchObject({ consume_type: 2, consume_appid: 'wxpay' });
});

test('paths are relative to the file, and only what is needed is asked of the environment', async () => {
  const path = file({ users: { jwt: { publicKeyFile: 'keys/jwt.pem', issuer: 'me' } } });
  mkdirSync(join(path, '../keys'));
  const { publicKey } = generateKeyPairSync('ed25519');
  writeFileSync(join(path, '../keys/jwt.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  const options = await loadRelayConfig(path, { env: {} });
  expect(options).toMatchObject({ folder: join(path, '../relay-data'), logger: { level: 'info' } });
  expect(options.openApi).toBeUndefined();
});

test('what the file and the environment say reaches the relay', async () => {
  const pem = { 'key.pem': 'the key', 'cert.pem': 'the certificate' };
  const config = {
    users: { wx: true },
    tls: { keyFile: 'key.pem', certFile: 'cert.pem' },
    metrics: { host: '127.0.0.2' },
    usageDays: 7,
    audit: false,
    trustProxy: '10.0.0.1',
    fileTtl: 60,
  };
  const folder = temporaryFolder({ ...pem, 'relay.config.json': JSON.stringify(config) });
  const load = (more: object) =>
    loadRelayConfig(join(folder, 'relay.config.json'), {
      env: { ...env, RELAY_METRICS_TOKEN: 'a-token-of-the-owner', ...more },
    });
  const options = await load({});
  expect(options).toMatchObject({
    tls: { key: 'the key', cert: 'the certificate' },
    metrics: { host: '127.0.0.2', token: 'a-token-of-the-owner' },
    usageDays: 7,
    audit: false,
    trustProxy: '10.0.0.1',
    fileTtl: 60,
    appid: 'wxapp',
  });
  // A digest of users that all instances make alike, and that tells nothing of what it is made of.
  expect(options.userSecret).toBe((await load({})).userSecret);
  expect(options.userSecret).toMatch(/^[\w-]{20,}$/);
  expect((await load({ WX_SECRET: 'another-secret' })).userSecret).not.toBe(options.userSecret);
  expect((await load({ RELAY_USER_SECRET: 'own' })).userSecret).toBe('own');
});

test('usageDays reaches Redis too, and the prefix has the app in it', async () => {
  const opened = jest
    .spyOn(sharedStores, 'openSharedStores')
    .mockResolvedValue({ stores: {}, close: async () => {} });
  const redis = { users: { wx: true }, redis: { acceptLoss: true }, usageDays: 7 };
  await loadRelayConfig(file(redis), { env: { ...env, REDIS_URL: 'redis://127.0.0.1' } });
  expect(opened.mock.calls[0][0]).toMatchObject({
    redis: { prefix: 'servicemarket:wxapp:', acceptLoss: true, usageDays: 7 },
    redisUrl: 'redis://127.0.0.1',
  });
});

test.each<[string, unknown, string]>([
  ['text that is no JSON', '{', ':1:2: close brace expected in JSON. Correct it.'],
  ['an array', [], ':1:1: an object is expected, found array. Correct it.'],
  ['no users', {}, ': "users" lets nobody in. Set "wx": true, or "jwt", or both.'],
  [
    'nobody as user',
    { users: { wx: false } },
    ':1:10: "users" lets nobody in. Set "wx": true, or "jwt", or both.',
  ],
  [
    'an unknown key',
    { users: { wx: true }, secret: 'x' },
    ':1:22: unknown key secret; allowed: $schema, publicUrl, host, port,',
  ],
  [
    'an unknown limit',
    { users: { wx: true }, limits: { call: 1 } },
    'unknown key limits.call; allowed: sessionsPerHour, filesPerHour,',
  ],
  [
    'a string for a number',
    { users: { wx: true }, port: '80' },
    ':1:29: port is "80"; allowed: an integer from 0 to 65535. Correct it.',
  ],
  [
    'a number out of range',
    { users: { wx: true }, fileTtl: 0 },
    'fileTtl is 0; allowed: an integer from 1 to',
  ],
  [
    'a service without a list',
    { users: { wx: true }, services: { a: 'b' } },
    'services.a is "b"; allowed: an array of strings.',
  ],
  ['half an account', { users: { wx: true }, consume: { type: 2 } }, 'consume.appid is missing.'],
  [
    'an unknown mode',
    { users: { wx: true }, tokenMode: 'x' },
    'tokenMode is "x"; allowed: one of "stable", "plain".',
  ],
  [
    'a list of numbers',
    { users: { wx: true }, trustProxy: [1] },
    'trustProxy[0] is 1; allowed: a string that is not empty.',
  ],
  [
    'a number for any of several types',
    { users: { wx: true }, trustProxy: 1 },
    'trustProxy is 1; allowed: a boolean or a string that is not empty or an array of strings.',
  ],
])('%s is an error that names the file and the key', async (_name, config, expected) => {
  const path = file(config);
  const error = await loadRelayConfig(path, { env }).then(
    () => undefined,
    (reason: Error) => reason,
  );
  expect(error?.message.startsWith(`Failed to read ${path}:`)).toBe(true);
  expect(error?.message).toContain(expected);
});

test('the file may have a byte order mark, comments, trailing commas and a schema for editors', async () => {
  const path = file('\uFEFF{\n  // who\n  "$schema": "x",\n  "users": { "wx": true, },\n}\n');
  const { $schema, fileTtl } = (await loadRelayConfig(path, { env })) as {
    $schema?: string;
    fileTtl?: number;
  };
  expect([$schema, fileTtl]).toEqual([undefined, 3600]);
});

test.each(['app secret', 'app-secret\n', ' app-secret'])(
  'a secret with a blank or a line end is refused without being quoted: %j',
  async (secret) => {
    const loading = loadRelayConfig(file({ users: { wx: true } }), { env: { ...env, WX_SECRET: secret } });
    const { message } = await loading.then(
      () => new Error('no error'),
      (error: Error) => error,
    );
    expect(message).toContain('variable WX_SECRET has a blank or a line end in it. Set it without.');
    expect(message).not.toContain('app');
  },
);

test('a stop waits a little longer than an answer of the platform may take', async () => {
  const graces = [{}, { upstreamTimeout: 1000 }].map(async (more) => {
    const options = await loadRelayConfig(file({ users: { wx: true }, ...more }), { env });
    return options.grace;
  });
  expect(await Promise.all(graces)).toEqual([65_000, 6000]);
});

test('instances that share files share the secret of their ids', async () => {
  const s3 = { bucket: 'b', endpoint: 'http://127.0.0.1:1' };
  const secretWith = async (users: object, more: Record<string, string | undefined>): Promise<unknown> => {
    const options = await loadRelayConfig(file({ users, s3 }), { env: { ...env, ...more } });
    cleanUpAfterTest(() => options.stores?.files?.close());
    return options.fileSecret;
  };
  const [first, second] = [await secretWith({ wx: true }, {}), await secretWith({ wx: true }, {})];
  expect(first).toBe(second);
  expect(first).not.toContain(env.WX_SECRET);
  expect(await secretWith({ wx: true }, { WX_SECRET: 'other' })).not.toBe(first);
  expect(await secretWith({ wx: true }, { RELAY_FILE_SECRET: 'own' })).toBe('own');
  const keyFile = join(temporaryFolder(), 'jwt.pem');
  const { publicKey } = generateKeyPairSync('ed25519');
  writeFileSync(keyFile, publicKey.export({ type: 'spki', format: 'pem' }));
  const none = { WX_SECRET: undefined, RELAY_JWT_SECRET: undefined };
  await expect(secretWith({ jwt: { publicKeyFile: keyFile } }, none)).rejects.toThrow('RELAY_FILE_SECRET');
});

test.each(['0.0.0.0', '::'])(
  'a relay that listens on %s has to be told where it is reached',
  async (host) => {
    const options = await loadRelayConfig(file({ users: { wx: true }, host, port: 0 }), { env });
    await expect(startRelay(options)).rejects.toThrow('Set "publicUrl", or name one address as "host".');
  },
);

test.each([
  ['WX_APPID', { users: { wx: true } }],
  ['WX_SECRET', { users: { jwt: {} }, services: { a: ['b'] } }],
  ['RELAY_JWT_SECRET', { users: { jwt: {} } }],
  ['REDIS_URL', { users: { wx: true }, redis: {} }],
])('without %s the error names it', async (name, config) => {
  const loading = loadRelayConfig(file(config), { env: { ...env, [name]: undefined } });
  await expect(loading).rejects.toThrow(name);
});

test('a secret of fewer than 32 bytes is refused, without being quoted', async () => {
  const config = file({ users: { jwt: {} } });
  const load = (bytes: number) =>
    loadRelayConfig(config, { env: { ...env, RELAY_JWT_SECRET: 'q'.repeat(bytes) } });
  await expect(load(31)).rejects.toThrow(
    `Failed to read ${config}: the environment variable RELAY_JWT_SECRET has fewer than 32 bytes. Set a longer one.`,
  );
  await load(32);
});

test('a file that is not there is an error', async () => {
  const path = join(temporaryFolder(), 'none.json');
  await expect(loadRelayConfig(path, { env })).rejects.toThrow(
    `Failed to read ${path}: there is no such file.`,
  );
  await expect(
    loadRelayConfig(file({ users: { jwt: { publicKeyFile: 'no.pem' } } }), { env }),
  ).rejects.toThrow('no.pem: there is no such file.');
});
