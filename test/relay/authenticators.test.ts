import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createOpenApi } from '../../src/openapi';
import { authenticateByType, jwtAuthenticator, wxCodeAuthenticator } from '../../src/relay';
import { openUpstream } from './support/fake-upstream';
import { openRelay, refusal } from './support/open-relay';

const NOW = 1_700_000_000;
const secret = 's'.repeat(32);
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const good = { sub: 'ann', exp: NOW + 60 };

function hs256(claims: object, header: object = { alg: 'HS256' }, key = secret): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

function signed(alg: string, key: KeyObject): string {
  const text = `${part({ alg })}.${part(good)}`;
  const options = { key, dsaEncoding: 'ieee-p1363' as const };
  const signature = sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(text), options);
  return `${text}.${signature.toString('base64url')}`;
}

const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
  EdDSA: generateKeyPairSync('ed25519'),
};
const now = (): number => NOW * 1000;
const ask = (options: object, value: string) => jwtAuthenticator({ now, ...options })({ type: 'jwt', value });

describe('jwtAuthenticator', () => {
  test('takes what the owner signed', async () => {
    expect(await ask({ secret }, hs256(good))).toMatchObject({ userId: 'ann' });
    expect(
      await ask(
        { secret, issuer: 'me', audience: 'relay' },
        hs256({ ...good, iss: 'me', aud: ['x', 'relay'] }),
      ),
    ).toMatchObject({ userId: 'ann' });
  });

  test.each(Object.entries(pairs))(
    'takes %s with the public key alone',
    async (alg, { publicKey, privateKey }) => {
      const options = { publicKey: pem(publicKey) };
      expect(await ask(options, signed(alg, privateKey))).toMatchObject({ userId: 'ann' });
      const other = Object.entries(pairs).find(([name]) => name !== alg)!;
      expect(await ask(options, signed(other[0], other[1].privateKey))).toBeUndefined();
      // The classic confusion: the public key, which anybody knows, as a shared secret.
      expect(await ask(options, hs256(good, { alg: 'HS256' }, options.publicKey))).toBeUndefined();
      const [head, body] = signed(alg, privateKey).split('.');
      expect(await ask(options, `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`)).toBeUndefined();
    },
  );

  test.each([
    ['another secret', hs256(good, { alg: 'HS256' }, 'x'.repeat(32))],
    ['no signature', `${part({ alg: 'none' })}.${part(good)}.`],
    ['alg none with a signature', hs256(good, { alg: 'none' })],
    ['another algorithm name', hs256(good, { alg: 'HS512' })],
    ['a critical extension', hs256(good, { alg: 'HS256', crit: ['x'] })],
    ['altered claims', hs256(good).replace(/\.[^.]+\./, `.${part({ ...good, sub: 'bob' })}.`)],
    ['a cut signature', hs256(good).slice(0, -2)],
    ['no exp', hs256({ sub: 'ann' })],
    ['an exp that is no number', hs256({ ...good, exp: '9999999999' })],
    ['an end that has passed', hs256({ ...good, exp: NOW - 30 })],
    ['a life longer than allowed', hs256({ ...good, exp: NOW + 86_400 + 31 })],
    ['a start that is to come', hs256({ ...good, nbf: NOW + 31 })],
    ['an issue that is to come', hs256({ ...good, iat: NOW + 31 })],
    ['no sub', hs256({ exp: NOW + 60 })],
    ['an empty sub', hs256({ ...good, sub: '' })],
    ['a sub that is too long', hs256({ ...good, sub: 's'.repeat(101) })],
    ['a sub that is no text', hs256({ ...good, sub: 5 })],
    ['text', 'hello'],
    ['two parts', 'a.b'],
    ['parts that are no JSON', 'YQ.YQ.YQ'],
  ])('refuses %s', async (_name, value) => {
    expect(await ask({ secret }, value)).toBeUndefined();
  });

  test.each([
    [{ iss: 'other', aud: 'relay' }],
    [{ aud: 'relay' }],
    [{ iss: 'me', aud: 'other' }],
    [{ iss: 'me' }],
  ])('refuses the issuer or audience %j', async (claims) => {
    expect(
      await ask({ secret, issuer: 'me', audience: 'relay' }, hs256({ ...good, ...claims })),
    ).toBeUndefined();
  });

  test('allows clocks to differ a little', async () => {
    expect(await ask({ secret }, hs256({ ...good, exp: NOW - 29, iat: NOW + 30 }))).toMatchObject({
      userId: 'ann',
    });
  });

  test.each([
    ['no key', 'give one of "secret" and "publicKey"', {}],
    ['both keys', 'give one of "secret" and "publicKey"', { secret, publicKey: pem(pairs.EdDSA.publicKey) }],
    ['a short secret', '"secret" must have at least 32 bytes', { secret: 'short' }],
    ['what is no key', '"publicKey" must be the PEM of a public key', { publicKey: 'host' }],
    [
      'an RSA key that is too short',
      '"publicKey" must be an RSA key of at least 2048 bits, a P-256 or an Ed25519 key',
      { publicKey: pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey) },
    ],
    ['a life that no token can have', '"maxTtl" must be an integer of at least 1', { secret, maxTtl: 0 }],
    [
      'a curve that is not taken',
      '"publicKey" must be an RSA key of at least 2048 bits, a P-256 or an Ed25519 key',
      { publicKey: pem(generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey) },
    ],
  ])('%s is an error at once: %s', (_name, rule, options) => {
    expect(() => jwtAuthenticator(options)).toThrow(
      `Failed to make the JWT check: ${rule}. Correct the option.`,
    );
  });
});

describe('wxCodeAuthenticator', () => {
  async function open() {
    const upstream = await openUpstream();
    const openApi = createOpenApi({ appid: 'wxapp', secret: 'app-secret', baseUrl: upstream.url });
    const authenticate = authenticateByType({
      wx: wxCodeAuthenticator({ openApi }),
      jwt: jwtAuthenticator({ secret, now }),
    });
    const relay = await openRelay({ authenticate, openApi });
    return {
      upstream,
      signIn: (type: string, value: string) => relay.post('/session', { credential: { type, value } }),
    };
  }

  test('takes a login code once: a replay is refused', async () => {
    const { signIn } = await open();
    expect((await signIn('wx', 'good-1')).status).toBe(200);
    await refusal(await signIn('wx', 'good-1'), 401, 40001);
    await refusal(await signIn('wx', 'forged'), 401, 40001);
  });

  test('says that the platform could not be asked', async () => {
    const { signIn, upstream } = await open();
    upstream.replies.set('/sns/jscode2session', () => ({ errcode: -1, errmsg: 'system busy' }));
    await refusal(await signIn('wx', 'good-1'), 502, -2);
  });

  test('a session ends with the token that opened it', async () => {
    const authenticate = jwtAuthenticator({ secret, now, clockTolerance: 0 });
    const relay = await openRelay({ authenticate });
    const reply = await relay.post('/session', { credential: { type: 'jwt', value: hs256(good) } });
    const { token, expires_in: ttl } = (await reply.json()) as { token: string; expires_in: number };
    expect(ttl).toBe(60);
    relay.clock.ms += 59_999;
    expect((await relay.send('x', token, 'text/plain')).status).toBe(200);
    relay.clock.ms += 1;
    await refusal(await relay.send('x', token, 'text/plain'), 401, 40001);
  });

  test('types that are not listed are refused, also those of Object.prototype', async () => {
    const { signIn } = await open();
    for (const type of ['qq', 'constructor', '__proto__']) await refusal(await signIn(type, 'x'), 401, 40001);
  });

  test('users of two kinds never meet', async () => {
    const authenticate = authenticateByType({ a: () => 'same', b: () => 'same', c: () => undefined });
    const ids = await Promise.all(['a', 'b', 'c'].map((type) => authenticate({ type, value: 'x' })));
    expect(ids).toEqual([{ userId: 'a:same' }, { userId: 'b:same' }, undefined]);
  });
});
