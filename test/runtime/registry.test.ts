/** One registry per app: injected file, import, and an older version share everything; the newest does the work. */
import fs from 'node:fs';
import type { Host, HostOptions } from '../../src/simulator';
import { BUNDLE, copyOfBundle, IMPORTED } from '../support/built';
import { callsOf, FILES, messagesOf, openHost } from '../support/hosts';
import { type Any, plain } from '../support/outcomes';
import { RELAY, FakeRelay } from '../support/fakes/relay';

const openPhone = (options: HostOptions = {}): Host =>
  openHost({ sdkVersion: '2.8.3', upload: 'allowed', files: FILES, ...options });

/** The three copies of one app, loaded in an order. */
type Name = 'injected' | 'imported' | 'older';
const FILE: Record<Name, () => string> = {
  injected: () => BUNDLE,
  imported: () => IMPORTED,
  older: () => copyOfBundle({ version: '0.0.9' }),
};
function loadAll(host: Host, order: Name[]): Record<Name, Any> {
  return Object.fromEntries(order.map((name) => [name, host.load(FILE[name]())])) as Record<Name, Any>;
}

const ORDERS: Name[][] = [
  ['injected', 'imported', 'older'],
  ['imported', 'older', 'injected'],
  ['older', 'injected', 'imported'],
  ['older', 'imported', 'injected'],
];

const call = (host: Host, copy: Any, more: object = {}): Promise<Any> =>
  host.clock.until(
    host.run(
      "return copy.invokeService(Object.assign({service: 's', api: 'a'}, more)).catch(function (e) { return e })",
      {
        copy,
        more,
      },
    ),
  );

describe.each(ORDERS.map((order) => [order.join(', '), order] as const))('loaded as %s', (_name, order) => {
  test('a configuration set in one is the configuration of all', async () => {
    const relay = new FakeRelay();
    const host = openPhone({ upload: 'absent', network: relay.network });
    const copies = loadAll(host, order);
    host.run('copy.configure({relay: {url: url}})', { copy: copies[order[0]], url: RELAY });
    for (const name of order) {
      const data = host.run('return new copy.CDN(text)', { copy: copies[name], text: name });
      expect((await call(host, copies[name], { data })).data).toMatch(/^https:\/\/relay/);
    }
    expect(relay.files.map(({ content }) => content)).toEqual(order);
    // One session for the three of them.
    expect(relay.credentials).toHaveLength(1);
    expect(callsOf(host, 'login')).toHaveLength(1);
  });

  test('a refusal that one met is not asked for by another', async () => {
    const host = openPhone({ bridge: 'denied' });
    const copies = loadAll(host, order);
    for (const name of order) {
      const error = await call(host, copies[name]);
      expect(error).toMatchObject({ errCode: -2, billing: 'none' });
      expect(error.message).toContain('permission denied');
    }
    expect(callsOf(host, 'operateWXData')).toHaveLength(1);
  });

  test('ten transfers at once, in all of them together', async () => {
    const host = openPhone();
    host.fault({ api: 'uploadToCommonCDN', effect: { delay: 1000 } });
    const copies = loadAll(host, order);
    const calls = order.map((name) => {
      const data = Array.from({ length: 8 }, (_, i) =>
        host.run('return new copy.CDN(text)', { copy: copies[name], text: name + i }),
      );
      return host.run("return copy.invokeService({service: 's', api: 'a', data: data})", {
        copy: copies[name],
        data,
      });
    });
    const results: Any[] = await host.clock.until(Promise.all(calls as Promise<Any>[]));
    expect(results.map(({ data }) => data.length)).toEqual([8, 8, 8]);
    expect(host.cdn.most).toBe(10);
  });

  test('markers of each serve in each', async () => {
    const host = openPhone();
    const copies = loadAll(host, order);
    for (const name of order) {
      const data = order.map((maker) =>
        host.run('return new copy.CDN(text)', { copy: copies[maker], text: maker }),
      );
      data.push(host.run('return new wx.serviceMarket.CDN("member")'));
      const result = await call(host, copies[name], { data });
      expect(result.data.map((url: string) => host.cdn.text(url))).toEqual([...order, 'member']);
    }
  });

  test('wx.serviceMarket is installed once', () => {
    const host = openPhone();
    const copies = loadAll(host, order);
    const before = host.wx.serviceMarket;
    const installed = order.map((name) =>
      plain(host.run('return copy.install()', { copy: copies[name] }).members),
    );
    expect(host.wx.serviceMarket).toBe(before);
    expect(new Set(installed.map((members) => JSON.stringify(members))).size).toBe(1);
    expect(installed[0].invokeService).toBe('added');
  });
});

describe('which copy does the work', () => {
  /** A copy whose bridge requests say so: a stand-in for what another version may do differently. */
  function marked(version: string, mark: number): string {
    const file = copyOfBundle({ version });
    const text = fs.readFileSync(file, 'utf8');
    const changed = text.replace(/(["']?invokeService:ok["']?)/, `"invokeService:ok ${mark}"`);
    expect(changed).not.toBe(text);
    fs.writeFileSync(file, changed);
    return file;
  }

  test.each([
    ['older first', ['1.0.0', '2.0.0'], '2.0.0'],
    ['newer first', ['2.0.0', '1.0.0'], '2.0.0'],
    ['by number, not by letter', ['0.9.0', '0.10.0'], '0.10.0'],
    ['by number, newer first', ['0.10.0', '0.9.0'], '0.10.0'],
    ['three', ['1.2.0', '1.10.0', '1.9.9'], '1.10.0'],
  ])('%s: the newest, for all of them', async (_name, versions, newest) => {
    const host = openPhone();
    const copies = versions.map((version, i) => host.load(marked(version, i)));
    const expected = `invokeService:ok ${versions.indexOf(newest)}`;
    for (const copy of copies) expect((await call(host, copy)).errMsg).toBe(expected);
    const member: Any = await host.clock.until(
      host.run("return wx.serviceMarket.invokeService({service: 's', api: 'a'})"),
    );
    expect(member.errMsg).toBe(expected);
  });
});

test('the registry is one key of wx that nothing enumerates', () => {
  const host = openPhone();
  const before = Object.getOwnPropertyNames(host.wx);
  loadAll(host, ORDERS[0]);
  const added = Object.getOwnPropertyNames(host.wx).filter((name) => !before.includes(name));
  expect(added.filter((name) => name !== 'serviceMarket')).toHaveLength(1);
  expect(Object.keys(host.wx).filter((name) => !before.includes(name))).toEqual(['serviceMarket']);
  expect(host.run('var names = []; for (var name in wx) names.push(name); return names')).not.toContain(
    added.find((name) => name !== 'serviceMarket'),
  );
});

test('an import does not touch the host before it is used, nor at its use', async () => {
  const host = openPhone();
  const imported = host.load(IMPORTED);
  expect(host.wx.serviceMarket).toBeUndefined();
  await call(host, imported);
  expect(host.wx.serviceMarket).toBeUndefined();
  expect(messagesOf(host)).toHaveLength(1);
});

test("the injected file's own configuration is the app's", async () => {
  const relay = new FakeRelay();
  const host = openPhone({ upload: 'absent', network: relay.network });
  host.load(copyOfBundle({ config: { relay: { url: RELAY } } }));
  const imported = host.load(IMPORTED);
  const data = host.run('return new copy.CDN("x")', { copy: imported });
  expect((await call(host, imported, { data })).data).toMatch(/^https:\/\/relay/);
});

describe('on a complete native, where the injected file only leaves word of itself', () => {
  const CONFIG = { relay: { url: RELAY } };

  test.each([
    ['injected, imported', ['injected', 'imported']],
    ['imported, injected', ['imported', 'injected']],
    ['injected twice', ['injected', 'injected', 'imported']],
  ])('%s: its configuration still is the app’s, once the shim is preferred', async (_name, order) => {
    const relay = new FakeRelay();
    const host = openPhone({
      sdkVersion: 'newest',
      bridge: 'denied',
      upload: 'absent',
      network: relay.network,
    });
    const native = host.wx.serviceMarket;
    const copies = order.map((name) =>
      host.load(name === 'injected' ? copyOfBundle({ config: CONFIG }) : IMPORTED),
    );
    const imported = copies[order.indexOf('imported')];
    expect(host.wx.serviceMarket).toBe(native);
    host.run("copy.configure({prefer: 'shim'}); copy.install()", { copy: imported });
    expect(host.wx.serviceMarket).not.toBe(native);
    expect((await call(host, imported, { data: { k: 1 } })).errMsg).toBe('invokeService:ok');
    expect(relay.calls).toHaveLength(1);
  });

  test('its own exports serve, and a second use sets nothing up again', async () => {
    const host = openPhone({ sdkVersion: 'newest' });
    const native = host.wx.serviceMarket;
    const injected = host.load(BUNDLE);
    for (let i = 0; i < 2; i++) expect((await call(host, injected)).errMsg).toBe('invokeService:ok');
    expect(plain(host.run('return copy.install()', { copy: injected }).members)).toEqual({
      invokeService: 'native',
      getAsyncResult: 'native',
      CDN: 'native',
    });
    expect(host.wx.serviceMarket).toBe(native);
  });

  test('a frozen host is no reason to complain', () => {
    const host = openPhone({ sdkVersion: 'newest' });
    const warnings = host.run(
      'var said = []; console.warn = console.error = function (text) { said.push(text) };' +
        'Object.freeze(wx); return said',
    );
    const { invokeService } = host.load(BUNDLE);
    expect(plain(warnings)).toEqual([]);
    expect(typeof invokeService).toBe('function');
  });
});

test('configure keeps what it is not given, and limits one by one', async () => {
  const host = openPhone({ market: { preResp: 1000 } });
  const copy = host.load(IMPORTED);
  host.run(
    `copy.configure({limits: {messages: 5}}); copy.configure({limits: {pollInterval: 2000}}); copy.configure({retries: {resend: false}})`,
    { copy },
  );
  const error = await call(host, copy);
  expect(error.errCode).toBe(102);
  const times = callsOf(host, 'operateWXData').map(({ at }) => at);
  expect(times).toHaveLength(5);
  expect(times[1] - times[0]).toBeGreaterThanOrEqual(2000);
});

test('configure takes optional keys without a value', () => {
  const copy = openPhone().load(IMPORTED);
  const rule = { service: 's', api: undefined, perMinute: undefined };
  expect(() => {
    copy.configure({ relay: { url: 'https://x', credential: undefined }, retries: { resend: undefined } });
    copy.configure({ plugins: { ocr: [rule] } });
  }).not.toThrow();
});

test.each([
  ["{chanels: ['bridge']}", /chanels.*channels/],
  ["{channels: ['bluetooth']}", /channels.*bridge, relay, cloud/],
  ['{channels: "bridge"}', /channels/],
  ["{relay: 'https://x'}", /relay.*url/],
  ['{relay: {}}', /relay.*url/],
  ["{relay: {url: 'ftp://x'}}", /relay/],
  ['{limits: {message: 5}}', /limits.*messages/],
  ['{limits: {messages: 0}}', /limits/],
  ["{limits: {messages: 'many'}}", /limits/],
  ['{limits: []}', /limits/],
  ["{prefer: 'both'}", /prefer.*'native' or 'shim'/],
  ['{limits: {transfers: 0.5}}', /limits/],
  ['{limits: {transfers: 50}}', /transfers at most 10/],
  ['{limits: {messageTimeout: Infinity}}', /limits.*whole numbers/],
  ['{channels: []}', /channels/],
  ["{channels: ['bridge', 'bridge']}", /channels/],
  ["{relay: {url: 'https://x', credentail: function () {}}}", /relay.*credential/],
  ["{relay: {url: 'https://x', credential: 1}}", /relay.*credential/],
  ["{relay: {url: 'https://x?a=1'}}", /relay.*without a query/],
  ['{retries: true}', /retries/],
  ["{retries: {resend: 'no'}}", /retries.*resend.*true or false/],
  ['{retries: {resent: true}}', /retries.*resend/],
  ["{plugins: {ocr: 'al'}}", /plugins.*'all'/],
  ["{plugins: {ocr: [{api: 'a'}]}}", /plugins.*service/],
  ["{plugins: {ocr: [{service: 's', perMinute: -1}]}}", /plugins.*perMinute/],
  ["{plugins: {ocr: [{service: 's', perMinute: 7000}]}}", /plugins.*perMinute/],
  ['{constructor: 1}', /no key 'constructor'/],
  ['1', /takes an object.*channels/],
  ['null', /takes an object.*channels/],
  ['{cloud: {}}', /cloud.*env.*function/],
])('configure(%s) throws, names the key and what is allowed, and changes nothing', (config, text) => {
  const host = openPhone();
  const copy = host.load(IMPORTED);
  expect(() => host.run(`copy.configure(${config})`, { copy })).toThrow(text);
});
