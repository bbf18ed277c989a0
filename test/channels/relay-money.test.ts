/** Calls over the real relay and a simulated platform: one bill per id, whatever gets lost between phone and relay. */
import { expectOver } from '../support/hosts';
import { type Any, expectWellFormed } from '../support/outcomes';
import { BILLINGS, ended, openBackend, outcome, sent } from './support/backend';
import { until } from '../support/until';

/** Failures are followed by a repeat at once; answers have all the time they need. */
const QUICK = { limits: { pollInterval: 10 } };
/** So is silence; a slow machine only makes more repeats. */
const HASTY = { limits: { messageTimeout: 300, pollInterval: 10, repeats: 60 } };
const isInvoke = ({ params }: Any): boolean => /\/invoke$/.test(params.url);

describe.each(BILLINGS)('billing %s', (billing) => {
  test.each([
    ['the request is lost', { lose: 'request' }],
    ['the answer is lost', { lose: 'reply' }],
    ['the connection breaks before', { fail: { errMsg: 'network error' } }],
    ['the connection breaks after', { fail: { errMsg: 'network error' }, after: true }],
    ['a gateway answers in its place', { malformed: '<html>' }],
  ] as const)('%s: one bill, the answer of the first', async (name, effect) => {
    const backend = await openBackend({ billing });
    // What a gateway answers counts only in time, so it gets the time.
    const host = backend.page(name.startsWith('a gateway') ? QUICK : HASTY);
    host.fault({ api: 'request', when: isInvoke, nth: 1, effect });
    const { result, error } = await outcome(host, { data: { k: 1 } });
    if (name.startsWith('a gateway')) {
      // A good status with an unreadable body: nothing says that asking again would help, and the text is kept.
      expect(error).toMatchObject({ errCode: 101, billing: 'unknown' });
      expect((await outcome(host, { data: { k: 1 }, clientMsgId: error.clientMsgId })).result.data).toEqual({
        k: 1,
      });
    } else expect(result.data).toEqual({ k: 1 });
    const ids = sent(host, '/invoke').map(({ params }) => params.data.client_msg_id);
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(1);
    expect(backend.platform.market.bills).toHaveLength(1);
  });

  test('a service slower than two messages: asked again, carried out once', async () => {
    const { platform, page } = await openBackend({ billing });
    let finish = (): void => {};
    const done = new Promise<void>((resolve) => (finish = resolve));
    platform.market.provide('wxSVC/API', async () => {
      await done;
      return 'slow';
    });
    const host = page(HASTY);
    const seen = host.start();
    await until(() => sent(host, '/invoke').length >= 3);
    finish();
    await ended(seen);
    expectOver(host, seen);
    expect(seen.result.data).toBe('slow');
    expect(platform.market.bills).toHaveLength(1);
  });

  test('three losses end it with 104; the same id gets the stored outcome later', async () => {
    const { platform, page } = await openBackend({ billing });
    const host = page({ limits: { ...HASTY.limits, repeats: 2 } });
    host.fault({ api: 'request', when: isInvoke, times: 3, effect: { lose: 'reply' } });
    const { error } = await outcome(host, { data: { k: 1 } });
    expectWellFormed(host, error);
    expect(error).toMatchObject({ errCode: 104, billing: 'unknown' });
    const again = await outcome(page(), { data: { k: 1 }, clientMsgId: error.clientMsgId });
    expect(again.result.data).toEqual({ k: 1 });
    expect(platform.market.bills).toHaveLength(1);
  });

  test('a file uploaded again makes the same call: its outcome, not a second bill', async () => {
    const { platform, page } = await openBackend({ billing });
    const host = page();
    const first = await outcome(host, { data: { img: host.mark('bytes') }, clientMsgId: 'order-7' });
    const second = await outcome(host, { data: { img: host.mark('bytes') }, clientMsgId: 'order-7' });
    expect(second.result).toEqual(first.result);
    expect(platform.market.bills).toHaveLength(1);
  });

  test('the same id for other data is refused with 409 and -1', async () => {
    const { platform, page } = await openBackend({ billing });
    const host = page();
    await outcome(host, { data: 1, clientMsgId: 'order-7' });
    const { error } = await outcome(host, { data: 2, clientMsgId: 'order-7' });
    expectWellFormed(host, error);
    expect(error).toMatchObject({ errCode: -1, clientMsgId: 'order-7' });
    expect(error.message).toMatch(/client_msg_id was used for another service, api or data/);
    expect(platform.market.bills).toHaveLength(1);
  });

  test.each([
    ['an answer that never comes', { cut: true, after: true }],
    ['an answer that is no JSON', { status: 200, body: 'x', after: true }],
  ] as const)('%s from the platform: outcome unknown, and not sent again', async (_name, effect) => {
    const { platform, page } = await openBackend({ billing });
    platform.fault({ path: '/wxa/servicemarket', nth: 1, effect });
    const host = page();
    const { error } = await outcome(host, { data: { k: 1 } });
    expectWellFormed(host, error);
    expect(error).toMatchObject({ errCode: -2, billing: 'unknown' });
    expect(error.message).toMatch(/outcome unknown/);
    const again = await outcome(host, { data: { k: 1 }, clientMsgId: error.clientMsgId });
    expect(again.error.message).toMatch(/outcome unknown/);
    expect(platform.market.bills).toHaveLength(1);
  });
});

describe.each(BILLINGS)('two users with the same id, billing %s', (billing) => {
  test('each gets the outcome of its own call', async () => {
    const { platform, page } = await openBackend({ billing });
    const [ann, bob] = [page({}, {}, 'ann'), page({}, {}, 'bob')];
    await outcome(ann, { data: { of: 'ann' }, clientMsgId: 'order-7' });
    const { result } = await outcome(bob, { data: { of: 'bob' }, clientMsgId: 'order-7' });
    expect(result.data).toEqual({ of: 'bob' });
    expect(platform.market.bills).toHaveLength(2);
  });
});

test.each([502, 503, 504])(
  'a gateway answers %d without JSON: asked again under the same id',
  async (status) => {
    const { platform, url, page } = await openBackend();
    const seen: string[] = [];
    const host = page(
      { relay: { url: 'https://gateway.test' }, ...QUICK },
      {
        network: {
          'https://gateway.test': async ({ path, method, headers, body, json }) => {
            if (path === '/invoke') seen.push((json() as Any).client_msg_id);
            if (path === '/invoke' && seen.length < 3) return { status, body: '<html>bad gateway</html>' };
            const answer = await fetch(url + path, { method, headers, body: Buffer.from(body) });
            return { status: answer.status, body: await answer.text() };
          },
        },
      },
    );
    expect((await outcome(host, { data: { k: 1 } })).result.data).toEqual({ k: 1 });
    expect(seen).toHaveLength(3);
    expect(new Set(seen).size).toBe(1);
    expect(platform.market.bills).toHaveLength(1);
  },
);

test('a gateway that answers 502 for ever ends it, without a word that it was not billed', async () => {
  const { page } = await openBackend();
  const host = page(
    { relay: { url: 'https://gateway.test' }, ...QUICK },
    {
      network: {
        'https://gateway.test': ({ path }) =>
          path === '/session' ? { body: { token: 't', expires_in: 60000 } } : { status: 502, body: 'x' },
      },
    },
  );
  const { error } = await outcome(host);
  expectWellFormed(host, error);
  expect(error).toMatchObject({
    errCode: -2,
    billing: 'unknown',
    message: 'invokeService:fail request:fail relay answered 502',
  });
  expect(sent(host, '/invoke')).toHaveLength(3);
});
