/** The session with the relay: when the app's own one is touched, and whose session it is. */
import type { HostOptions } from '../../src/simulator';
import { callsOf, expectOver, openPage, type PageHost } from '../support/hosts';
import { RELAY, FakeRelay } from '../support/fakes/relay';

const page: typeof openPage = (options, config) =>
  openPage({ bridge: 'absent', upload: 'absent', ...options }, config);

function relayed(options: HostOptions = {}, changes: Partial<FakeRelay> = {}) {
  const relay = Object.assign(new FakeRelay(), changes);
  const host = page({ network: relay.network, ...options }, { channels: ['relay'], relay: { url: RELAY } });
  return { relay, host };
}

/** What was asked of the app's own login, in order. */
const loginsOf = (host: PageHost): string[] =>
  host.nativeCalls.map(({ api }) => api).filter((api) => api === 'checkSession' || api === 'login');

describe("the app's own session", () => {
  test('is not touched before a call needs the relay', async () => {
    const { host } = relayed();
    await host.clock.advance(60000);
    await host.outcome({ service: '' });
    expect(loginsOf(host)).toEqual([]);
  });

  test('is checked before a login, once for all calls of two hours', async () => {
    const { relay, host } = relayed();
    const calls = [1, 2, 3].map((data) => host.start({ data: [data, host.mark('x')] }));
    await host.clock.run();
    calls.forEach((seen) => expectOver(host, seen));
    await host.clock.advance(7000 * 1000);
    await host.outcome();
    expect(loginsOf(host)).toEqual(['checkSession', 'login']);
    await host.clock.advance(200 * 1000);
    await host.outcome();
    expect(loginsOf(host)).toEqual(['checkSession', 'login', 'checkSession', 'login']);
    expect(relay.credentials).toHaveLength(2);
  });

  test('may be alive: the login that follows is the only one', async () => {
    const { host } = relayed();
    host.run('wx.login({})');
    await host.clock.run();
    await host.outcome();
    expect(loginsOf(host)).toEqual(['login', 'checkSession', 'login']);
    expect(callsOf(host, 'checkSession')[0].reply.errMsg).toBe('checkSession:ok');
  });

  test('a host without checkSession (other apps, plugins) logs in all the same', async () => {
    const { host } = relayed();
    host.run('delete wx.checkSession');
    expect((await host.outcome({ data: 1 })).result.data).toBe(1);
    expect(loginsOf(host)).toEqual(['login']);
  });

  test("is not touched at all where the owner's credential is set, or no login is there", async () => {
    const { relay, host } = relayed();
    host.run('delete wx.login');
    const { error } = await host.outcome();
    expect(error).toMatchObject({ errCode: -2, billing: 'none' });
    expect(error.message).toMatch(/no wx\.login on this host: set relay\.credential/);
    host.run(
      `api.configure({relay: {url: url, credential: function () {
         return Promise.resolve({type: 'jwt', value: 'signed'}) }}})`,
      { api: host.api, url: RELAY },
    );
    expect((await host.outcome({ data: 1 })).result.data).toBe(1);
    expect(relay.credentials).toEqual([{ type: 'jwt', value: 'signed' }]);
    expect(loginsOf(host)).toEqual([]);
  });
});

test.each([
  [540_000, 1],
  [540_001, 2],
])('a session of 600 s, %d ms after it was opened: logins in all %d', async (age, logins) => {
  const { relay, host } = relayed({}, { expiresIn: 600 });
  await host.outcome();
  // What a call asks of the host before it leaves, in the ms in which its session was opened.
  const [{ at: openedAt }] = callsOf(host, 'getNetworkType');
  await host.clock.advance(openedAt + age - host.clock.now());
  await host.outcome();
  expect(relay.credentials).toHaveLength(logins);
});

describe('whose session', () => {
  const useCredential = (host: PageHost, url: string, value: string): unknown =>
    host.run(
      `api.configure({relay: {url: url, credential: function () {
         return Promise.resolve({type: 'jwt', value: value}) }}})`,
      { api: host.api, url, value },
    );

  test("another user's credential opens another session", async () => {
    const { relay, host } = relayed();
    for (const user of ['ann', 'bob']) {
      useCredential(host, RELAY, user);
      await host.outcome();
      await host.outcome();
    }
    expect(relay.credentials.map(({ value }) => value)).toEqual(['ann', 'bob']);
  });

  test('the token of one relay is never shown to another', async () => {
    const other = new FakeRelay();
    const { relay, host } = relayed();
    host.run('api.configure({relay: {url: url}})', { api: host.api, url: RELAY });
    await host.outcome();
    const tokens: unknown[] = [];
    other.instead = ({ headers }) => void tokens.push(headers.authorization);
    const second = page(
      { network: { ...relay.network, 'https://other.test': Object.values(other.network)[0]! } },
      { channels: ['relay'], relay: { url: RELAY } },
    );
    await second.outcome();
    second.run("api.configure({relay: {url: 'https://other.test/'}})", { api: second.api });
    expect((await second.outcome({ data: 1 })).result.data).toBe(1);
    expect(tokens).toEqual([undefined, 'Bearer token-1']);
    expect(other.credentials).toHaveLength(1);
  });
});

test('a call that follows an abort in the same turn opens its own session', async () => {
  const { relay, host } = relayed({}, { sessionTakes: 1000 });
  const first = host.start({ data: 1 });
  await host.clock.advance(100);
  first.task.abort();
  const second = host.start({ data: 2 });
  await host.clock.run();
  expectOver(host, first);
  expectOver(host, second);
  expect(second.result.data).toBe(2);
  expect(relay.calls).toHaveLength(1);
});

test('an abort of one call does not take the session away from another', async () => {
  const { relay, host } = relayed({}, { sessionTakes: 1000 });
  const [first, second] = [host.start({ data: 1 }), host.start({ data: 2 })];
  await host.clock.advance(100);
  first.task.abort();
  await host.clock.run();
  expectOver(host, second);
  expect(second.result.data).toBe(2);
  expect(relay.credentials).toHaveLength(1);
});

test('a login that never answers ends the call with 104, and nothing is billed', async () => {
  const { host } = relayed();
  host.fault({ api: 'login', effect: { lose: 'reply' } });
  const { error } = await host.outcome();
  expect(error).toMatchObject({ errCode: 104, billing: 'none' });
});

test('a login that fails ends the call, which does not ask for another', async () => {
  const { host } = relayed();
  host.fault({ api: 'login', effect: { fail: { errMsg: 'system error' } } });
  expect((await host.outcome()).error).toMatchObject({ errCode: -2, billing: 'none' });
  expect(loginsOf(host)).toEqual(['checkSession', 'login']);
});

test('the loss of a message that is no longer waited for does not count', async () => {
  const { relay, host } = relayed({}, { callTakes: 62000 });
  // The host itself gives the first request up after 60 s, when the third is still waited for.
  expect((await host.outcome({ data: 1 })).error).toMatchObject({ errCode: 104 });
  expect(relay.calls).toHaveLength(3);
});
