import { RelayError, startRelay } from '../../src/relay';
import { cleanUpAfterTest } from '../support/cleanup';
import { openRelay, refusal } from './support/open-relay';

const credential = { type: 'name', value: 'ann' };

describe('POST /session', () => {
  test('gives a fresh unguessable token and its life for a good credential', async () => {
    const { post } = await openRelay({ sessionTtl: 60 });
    const first = await (await post('/session', { credential })).json();
    const second = await (await post('/session', { credential })).json();
    expect(first).toEqual({ token: expect.stringMatching(/^[\w-]{43}$/), expires_in: 60 });
    expect(second.token).not.toBe(first.token);
  });

  test('refuses a credential that authenticate() does not know', async () => {
    const { post } = await openRelay();
    await refusal(await post('/session', { credential: { type: 'wx', value: 'x' } }), 401, 40001);
  });

  test.each([
    ['a plain error', new Error('database at 10.0.0.5 down'), 502, -2],
    ['a RelayError', new RelayError(401, 'Failed to open a session: the code was used.'), 401, 40001],
  ])('tells %s of authenticate() as %#', async (_name, error, status, errcode) => {
    const { post } = await openRelay({
      authenticate: () => {
        throw error;
      },
    });
    const text = await refusal(await post('/session', { credential }), status, errcode);
    expect(text).not.toContain('10.0.0.5');
  });

  test('a user id that is too long is a fault of the relay, not a session', async () => {
    const { post } = await openRelay({ authenticate: () => 'u'.repeat(129) });
    await refusal(await post('/session', { credential }), 500, -2);
  });

  test.each([
    ['no credential', {}],
    ['an unknown field', { credential, admin: true }],
    ['an unknown field inside', { credential: { ...credential, admin: true } }],
    ['a number as value', { credential: { type: 'name', value: 5 } }],
    ['an empty value', { credential: { type: 'name', value: '' } }],
    ['a value that is too long', { credential: { type: 'name', value: 'x'.repeat(8193) } }],
    ['null', null],
    ['an array', []],
    ['a prototype', JSON.parse('{"credential":{"type":"a","value":"b"},"__proto__":{"a":1}}')],
  ])('refuses %s', async (_name, body) => {
    const { post } = await openRelay();
    await refusal(await post('/session', body), 400, -1);
  });

  test('holds one address to its limit and says when to come back', async () => {
    const { post, clock } = await openRelay({ limits: { sessionsPerHour: 2 } });
    await post('/session', { credential });
    clock.ms += 40_000;
    await post('/session', { credential });
    const reply = await post('/session', { credential });
    expect(reply.headers.get('retry-after')).toBe('3560');
    await refusal(reply, 429, -11);
    clock.ms += 3_560_000;
    expect((await post('/session', { credential })).status).toBe(200);
  });
});

test('endSessions() of a running relay ends those of one user', async () => {
  const relay = await startRelay({ authenticate: ({ value }) => value, port: 0, logger: false });
  cleanUpAfterTest(() => relay.close());
  const ask = async (path: string, body: unknown, token = ''): Promise<Response> =>
    fetch(relay.url + path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    });
  const signIn = async (value: string): Promise<string> =>
    ((await (await ask('/session', { credential: { type: 'a', value } })).json()) as { token: string }).token;
  const [ann, ann2, bob] = [await signIn('ann'), await signIn('ann'), await signIn('bob')];
  await relay.endSessions('ann');
  const statuses = [ann, ann2, bob].map(async (token) => (await ask('/files', { text: 'x' }, token)).status);
  expect(await Promise.all(statuses)).toEqual([401, 401, 200]);
  expect((await ask('/files', { text: 'x' }, await signIn('ann'))).status).toBe(200);
});

describe('a session', () => {
  test('opens /files until it expires', async () => {
    const { send, signIn, clock } = await openRelay({ sessionTtl: 10 });
    const token = await signIn();
    clock.ms += 9_999;
    expect((await send('x', token, 'text/plain')).status).toBe(200);
    clock.ms += 1;
    await refusal(await send('x', token, 'text/plain'), 401, 40001);
  });

  test.each([
    ['none', undefined],
    ['a forged one', 'A'.repeat(43)],
    ['a malformed one', 'abc'],
  ])('%s is refused with a challenge', async (_name, token) => {
    const { send } = await openRelay();
    const reply = await send('x', token, 'text/plain');
    expect(reply.headers.get('www-authenticate')).toBe('Bearer');
    await refusal(reply, 401, 40001);
  });

  test('an altered token is refused', async () => {
    const { send, signIn } = await openRelay();
    const token = await signIn();
    const altered = (token[0] === 'A' ? 'B' : 'A') + token.slice(1);
    await refusal(await send('x', altered, 'text/plain'), 401, 40001);
  });
});
