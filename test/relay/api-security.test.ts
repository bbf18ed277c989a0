/** Calls that are encrypted and signed (protocol 17): the platform's own example, and a fake of its server. */
import { constants, createSecretKey, createSign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOpenApi, type OpenApiOptions, type SecurityOptions } from '../../src/openapi';
import { createMarket } from '../../src/openapi/market';
import type { Answer, OutgoingRequest } from '../../src/openapi/http-client';
import { readJson } from '../../src/openapi/read-json';
import { encrypt } from '../../src/openapi/security/envelope';
import { readSecurityKeys } from '../../src/openapi/security/keys';
import { securedCalls } from '../../src/openapi/security/secured-calls';
import { createSecuredSend } from '../../src/openapi/security/secured-send';
import { loadRelayConfig } from '../../src/relay';
import { createPlatformServer, makeSecurityKeys, type PlatformOptions } from '../../src/simulator';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { openRelay } from './support/open-relay';
import { failureOf } from './support/failure-of';

const vector: {
  appid: string;
  urlpath: string;
  symmetric: { sn: string; key: string };
  request: Record<'iv' | 'plain' | 'data' | 'authtag', string> & { timestamp: number };
  response: Record<'serial' | 'certificate' | 'body' | 'signature', string> & {
    timestamp: number;
    plain: Record<string, unknown>;
  };
} = JSON.parse(readFileSync(join(__dirname, '../vectors/api-security.json'), 'utf8'));
const CALL = 'serviceMarket.invokeService';
const call = { service: 'wx-service', api: 'echo', client_msg_id: 'id', data: { text: '你好' } };

describe("the platform's example:", () => {
  const { appid, symmetric, urlpath, request, response } = vector;
  const owner = {
    symmetric,
    privateKey: makeSecurityKeys().owner.privateKey,
    platformCertificate: { sn: response.serial, certificate: response.certificate },
  };
  const headers = {
    'wechatmp-appid': appid,
    'wechatmp-timestamp': String(response.timestamp),
    'wechatmp-serial': response.serial,
    'wechatmp-signature': response.signature,
  };

  /** What the client makes of an answer, and the request that it sent for it. */
  async function exchange(answer: Partial<Answer>, options: Partial<SecurityOptions> = {}) {
    const sent: OutgoingRequest[] = [];
    const send = createSecuredSend(
      async (_call, outgoing) => {
        sent.push(outgoing);
        return { contentType: '', headers, bytes: Buffer.from(response.body), ...answer };
      },
      {
        keys: readSecurityKeys({ ...owner, ...options }),
        calls: securedCalls(['security.msgSecCheck']),
        appid,
        baseUrl: new URL(urlpath).origin,
        now: () => response.timestamp * 1000,
      },
    );
    const { pathname } = new URL(urlpath);
    const { bytes } = await send(CALL, { method: 'POST', path: pathname, query: {}, body: '{"a":1}' });
    return { answer: JSON.parse(bytes.toString()) as unknown, sent };
  }

  test('its request has this body', () => {
    const { timestamp, iv, plain, data, authtag } = request;
    const key = { sn: symmetric.sn, key: createSecretKey(symmetric.key, 'base64') };
    const binding = { url: urlpath, appid, timestamp };
    expect(encrypt(plain, key, Buffer.from(iv, 'base64'), binding)).toEqual({ iv, data, authtag });
  });

  test('a request without a body has nothing to encrypt', async () => {
    const sent: OutgoingRequest[] = [];
    const answer = { contentType: '', headers: {}, bytes: Buffer.from('{}') };
    const send = createSecuredSend(async (_call, outgoing) => (sent.push(outgoing), answer), {
      keys: readSecurityKeys(owner),
      calls: new Set([CALL]),
      appid,
      baseUrl: new URL(urlpath).origin,
      now: Date.now,
    });
    const question: OutgoingRequest = { method: 'GET', path: '/x', query: { a: 'b' } };
    expect(await send(CALL, question)).toBe(answer);
    expect(sent).toEqual([question]);
  });

  test('its answer is verified by the certificate, and says this', async () => {
    const { errcode, errmsg, risk_rank, unoin_id } = response.plain;
    expect((await exchange({})).answer).toEqual({ errcode, errmsg, risk_rank, unoin_id });
  });

  test('during a change of certificates the signature of the one that the owner has counts', async () => {
    const changing = {
      ...headers,
      'wechatmp-serial': 'new',
      'wechatmp-signature': 'AAAA',
      'wechatmp-serial-deprecated': response.serial,
      'wechatmp-signature-deprecated': response.signature,
    };
    expect((await exchange({ headers: changing })).answer).toMatchObject({ errcode: 0 });
  });

  test.each<[string, Partial<Answer>, RegExp]>([
    ['changed', { bytes: Buffer.from(response.body.replace('HExs', 'HExt')) }, /its signature is not that/],
    ['of a later time', { headers: { ...headers, 'wechatmp-timestamp': '1635928257' } }, /more than 300 s/],
    [
      'of an earlier time',
      { headers: { ...headers, 'wechatmp-timestamp': '1635927655' } },
      /more than 300 s/,
    ],
    ['of another time', { headers: { ...headers, 'wechatmp-timestamp': '1635927957' } }, /its signature/],
    ['without a time', { headers: { ...headers, 'wechatmp-timestamp': undefined } }, /more than 300 s/],
    ['for another app', { headers: { ...headers, 'wechatmp-appid': 'wx1' } }, /for another app/],
    [
      'by another certificate',
      { headers: { ...headers, 'wechatmp-serial': 'x1' } },
      /by certificate x1, not/,
    ],
    ['without a signature', { headers: {} }, /it has no signature/],
    ['in plain', { headers: {}, bytes: Buffer.from('{"errcode":0,"data":"1"}') }, /it has no signature/],
  ])('an answer %s is not believed, and may have been billed', async (_name, answer, words) => {
    const error = await failureOf(exchange(answer));
    expect(error.message).toMatch(words);
    expect(error).toMatchObject({ billing: 'unknown', body: undefined, errcode: undefined });
  });

  test('a shortened tag is refused, which a cipher would accept', async () => {
    // Signed by the platform's half, so that the tag alone is wrong.
    const { owner: ours, platform } = makeSecurityKeys();
    const { iv, data, authtag } = JSON.parse(response.body) as Record<string, string>;
    const short = Buffer.from(authtag, 'base64').subarray(0, 4).toString('base64');
    const body = JSON.stringify({ iv, data, authtag: short });
    const signature = createSign('RSA-SHA256')
      .update([urlpath, appid, response.timestamp, body].join('\n'))
      .sign(
        {
          key: platform.certificate.privateKey,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: 32,
        },
        'base64',
      );
    const { platformCertificate } = ours;
    const signed = {
      ...headers,
      'wechatmp-serial': platformCertificate.sn,
      'wechatmp-signature': signature,
    };
    const answer = { headers: signed, bytes: Buffer.from(body) };
    expect((await failureOf(exchange(answer, { platformCertificate }))).message).toMatch(
      /cannot be decrypted/,
    );
  });
});

/** One pair for all tests that need no other: RSA keys take long to make. */
const usual = makeSecurityKeys();

async function open(platform: Partial<PlatformOptions> = {}, options: Partial<OpenApiOptions> = {}) {
  const keys = usual;
  const server = await createPlatformServer({
    appid: 'wxapp',
    secret: 'app-secret',
    security: keys.platform,
    ...platform,
  });
  cleanUpAfterTest(() => server.close());
  const account = { appid: 'wxapp', secret: 'app-secret', baseUrl: server.origin };
  return { server, keys, account, openApi: createOpenApi({ ...account, security: keys.owner, ...options }) };
}

const other = makeSecurityKeys();

describe("against a server that knows nothing of the client's code:", () => {
  test('a call is encrypted, its answer is read, and other calls stay plain', async () => {
    const { server, openApi } = await open();
    const answer = await openApi.serviceMarket.invokeService(call);
    expect(JSON.parse(answer.data as string)).toEqual({ text: '你好' });
    expect(Object.keys(answer).filter((name) => name.startsWith('_'))).toEqual([]);
    await openApi.security.msgSecCheck({ content: 'plain' });
    const bodies = server.requests.map(({ path, body }) => [path, Object.keys(body as object)]);
    expect(bodies.slice(1)).toEqual([
      ['/wxa/servicemarket', ['iv', 'data', 'authtag']],
      ['/wxa/msg_sec_check', ['content']],
    ]);
    expect(JSON.stringify(server.requests[1].body)).not.toContain('echo');
  });

  test('calls that the owner lists are encrypted too, also without any parameter', async () => {
    const keys = usual;
    const paths = ['/wxa/msg_sec_check', '/wxa/generatescheme'];
    const { openApi } = await open(
      { security: { ...keys.platform, paths } },
      { security: { ...keys.owner, calls: ['security.msgSecCheck', 'urlscheme.generate'] } },
    );
    expect(await openApi.security.msgSecCheck({ content: 'x' })).toEqual({ errcode: 0, errmsg: 'ok' });
    expect((await failureOf(openApi.security.msgSecCheck({ content: 'RISKY' }))).errcode).toBe(87014);
    expect(await openApi.urlscheme.generate({})).toMatchObject({ openlink: expect.any(String) });
  });

  test('a token that is refused in plain is replaced, and the call sealed again', async () => {
    const { server, openApi } = await open();
    await openApi.serviceMarket.invokeService(call);
    server.revokeTokens();
    expect(await openApi.serviceMarket.invokeService({ ...call, client_msg_id: 'two' })).toMatchObject({
      errcode: 0,
    });
    const sent = server.requests.filter(({ path }) => path === '/wxa/servicemarket');
    expect(sent.map(({ errcode }) => errcode)).toEqual([0, 40001, 0]);
    expect(new Set(sent.map(({ body }) => (body as { iv: string }).iv)).size).toBe(3);
  });

  test("the certificate of the owner may be the platform's older one", async () => {
    const [old, fresh] = [usual, other];
    const security = {
      ...old.platform,
      certificate: fresh.platform.certificate,
      deprecated: old.platform.certificate,
    };
    const { openApi } = await open({ security }, { security: old.owner });
    expect(await openApi.serviceMarket.invokeService(call)).toMatchObject({ errcode: 0 });
    // Once the change is over, an answer is that of nobody known.
    const after = await open({ security: { ...security, deprecated: undefined } }, { security: old.owner });
    const error = await failureOf(after.openApi.serviceMarket.invokeService(call));
    expect(error.message).toMatch(/by certificate \w+, not by \w+\. Set "security.platformCertificate"/);
    // It was carried out, so it may have been billed.
    expect(error.billing).toBe('unknown');
  });

  const { platform, owner } = usual;
  test.each<[number, Partial<PlatformOptions['security'] & object>, Partial<OpenApiOptions>, RegExp]>([
    [40231, {}, { security: undefined }, /switched on for this call in the console/],
    [40234, { publicKey: other.platform.publicKey }, {}, /Compare "security.privateKey"/],
    [40235, { symmetric: other.platform.symmetric }, {}, /Compare "security.symmetric"/],
    [40238, { symmetric: undefined }, {}, /Make one in the console/],
    [40239, { publicKey: undefined }, {}, /Put one into the console/],
    [
      40240,
      {},
      { now: () => Date.now() - 400_000 },
      /clock is \d+ s behind the platform's\)\. .*Set the clock/,
    ],
  ])('%i is explained, and nothing was billed', async (errcode, theirs, ours, words) => {
    const { server, openApi } = await open(
      { security: { ...platform, ...theirs } },
      { security: owner, ...ours },
    );
    const error = await failureOf(openApi.serviceMarket.invokeService(call));
    expect(error).toMatchObject({ errcode, billing: 'none' });
    expect(error.message).toMatch(words);
    expect(server.market.bills).toEqual([]);
    // For an invoker it was not sent.
    expect(await createMarket(openApi.serviceMarket).invoke(call)).toMatchObject({ kind: 'unsent' });
  });

  test.each(Array.from({ length: 11 }, (_, index) => 40230 + index))('%i has an explanation', (errcode) => {
    const answer = {
      contentType: '',
      headers: {},
      bytes: Buffer.from(JSON.stringify({ errcode, errmsg: 'no.' })),
    };
    expect(() => readJson(CALL, answer)).toThrow(new RegExp(`${errcode} no\\. [A-Z].{30,}\\.$`));
  });

  test('through a relay a page notices nothing, and neither key nor text gets into the log', async () => {
    const { openApi, keys } = await open();
    const relay = await openRelay({ openApi, services: { 'wx-service': ['echo'] } });
    const token = await relay.signIn();
    const reply = await relay.post('/invoke', { ...call, data: JSON.stringify(call.data) }, token);
    expect(await reply.json()).toEqual({ errcode: 0, errmsg: expect.any(String), data: '{"text":"你好"}' });
    const secrets = [keys.owner.symmetric.key, keys.owner.privateKey.split('\n')[3]];
    for (const secret of secrets) expect(relay.log.join('')).not.toContain(secret);
  });
});

describe('keys', () => {
  const { owner } = usual;
  const account = { appid: 'wxapp', secret: 's' };

  test.each<[string, unknown, string]>([
    ['a short symmetric key', { symmetric: { sn: '1', key: 'QUFB' } }, 'security.symmetric.key'],
    ['no symmetric key', { symmetric: { sn: '1' } }, 'security.symmetric.key'],
    ['no number', { symmetric: { sn: '', key: owner.symmetric.key } }, 'security.symmetric.sn'],
    ['a damaged private key', { privateKey: owner.privateKey.replace(/\n./g, '\n') }, 'security.privateKey'],
    [
      'a public key as the private one',
      { privateKey: owner.platformCertificate.certificate },
      'security.privateKey',
    ],
    ['no certificate', { platformCertificate: { sn: '1' } }, 'security.platformCertificate.certificate'],
    ['an upload among the calls', { calls: ['security.imgSecCheck'] }, 'security.calls'],
  ])('%s: an error that names the option and quotes no key', (_name, wrong, option) => {
    const make = (): unknown => createOpenApi({ ...account, security: { ...owner, ...(wrong as object) } });
    expect(make).toThrow(new RegExp(`^Failed to make the platform client: "${option}" must be `));
    try {
      make();
    } catch (error) {
      expect(String(error)).not.toContain(owner.privateKey.split('\n')[2]);
    }
  });

  test('come from files, in the configuration of a relay relative to it, or by environment', async () => {
    const { keys, server } = await open();
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'symmetric.key'), `${keys.owner.symmetric.key}\n`);
    writeFileSync(join(folder, 'private.pem'), keys.owner.privateKey);
    writeFileSync(join(folder, 'platform.pem'), keys.owner.platformCertificate.certificate);
    const { sn } = keys.owner.symmetric;
    const platformCertificate = { sn: keys.owner.platformCertificate.sn, file: 'platform.pem' };
    const byFiles = {
      symmetric: { sn, keyFile: 'symmetric.key' },
      privateKeyFile: 'private.pem',
      platformCertificate,
    };
    const env = { WX_APPID: 'wxapp', WX_SECRET: 'app-secret' };
    const keysInEnv = {
      WX_SYMMETRIC_KEY: keys.owner.symmetric.key,
      WX_PRIVATE_KEY: keys.owner.privateKey.replace(/\n/g, '\\n'),
    };
    const load = (security: object, variables: object): ReturnType<typeof loadRelayConfig> => {
      const file = join(folder, 'relay.config.json');
      const config = { users: { wx: true }, services: { 'wx-service': ['echo'] }, security };
      writeFileSync(file, JSON.stringify(config));
      return loadRelayConfig(file, { upstream: server.origin, env: { ...env, ...variables } });
    };
    for (const options of [
      await load(byFiles, {}),
      await load({ symmetric: { sn }, platformCertificate }, keysInEnv),
    ]) {
      expect(await options.openApi?.serviceMarket.invokeService(call)).toMatchObject({ errcode: 0 });
    }
    await expect(load({ symmetric: { sn }, platformCertificate }, {})).rejects.toThrow(/WX_SYMMETRIC_KEY/);
    await expect(load({ ...byFiles, privateKeyFile: 'none.pem' }, {})).rejects.toThrow(
      /^Failed to read .*none/,
    );
  });
});
