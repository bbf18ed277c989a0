/** Levelling: what install does on each base library, member by member, and that it never does harm. */
import path from 'node:path';
import { PROFILES } from '../../src/simulator';
import type { Host, HostOptions } from '../../src/simulator';
import { CALL, hostOf } from './support/bare-hosts';
import { BUNDLE, BUNDLES, IMPORTED, variants } from '../support/built';
import { ROOT } from '../support/files';
import { messagesOf } from '../support/hosts';
import { type Any, outcomeOnHost, plain } from '../support/outcomes';

const NAMES = ['invokeService', 'getAsyncResult', 'CDN'];

/** The members by the three reads that work on every base library; keys and `in` do not (protocol 1). */
const membersOf = (host: Host): Any[] => NAMES.map((name) => host.wx.serviceMarket?.[name]);

function install(host: Host, config?: object): Any {
  const api = host.load(IMPORTED);
  if (config) host.run('api.configure(config)', { api, config });
  return Object.assign(plain(host.run('return api.install()', { api })), {
    api,
    undo: () => host.run('api.install().undo()', { api }) as unknown,
  });
}

const ASYNC = "return sm.invokeService({service: 'wxSVC', api: 'API', async: true})";

describe('what becomes of each member', () => {
  const ADDED = { invokeService: 'added', getAsyncResult: 'added', CDN: 'added' };
  const WRAPPED = { invokeService: 'wrapped', getAsyncResult: 'added', CDN: 'native' };
  const NATIVE = { invokeService: 'native', getAsyncResult: 'native', CDN: 'native' };
  const TABLE: Record<string, object> = {
    '2.9.4': WRAPPED,
    '2.10.0': WRAPPED,
    '2.11.0': WRAPPED,
    '2.11.1': WRAPPED,
    '2.30.3': NATIVE,
    newest: NATIVE,
  };

  test.each(PROFILES.map(({ row }) => row))('%s', (sdkVersion) => {
    const host = hostOf({ sdkVersion });
    const { members, problem } = install(host);
    expect({ members, problem }).toEqual({ members: TABLE[sdkVersion] ?? ADDED, problem: undefined });
    expect(membersOf(host).map((member) => typeof member)).toEqual(['function', 'function', 'function']);
  });
});

describe.each(['2.8.3', '2.11.0', 'newest'])('an app on %s that only imports', (sdkVersion) => {
  test.each(['shim', 'native'])('and prefers %s installs nothing by that', async (prefer) => {
    const host = hostOf({ sdkVersion });
    const before = [host.wx.serviceMarket, ...membersOf(host)];
    const api: Any = host.load(IMPORTED);
    host.run('api.configure({ prefer: prefer })', { api, prefer });
    await host.clock.run();
    const after = [host.wx.serviceMarket, ...membersOf(host)];
    expect(after.map((value, i) => value === before[i])).toEqual([true, true, true, true]);
  });
});

describe.each(['2.30.3', 'newest'])('a complete native, %s', (sdkVersion) => {
  test.each([...BUNDLES, 'miniprogram_dist/index.js'])('%s changes nothing and calls nothing', (file) => {
    const host = hostOf({ sdkVersion });
    const before = [host.wx.serviceMarket, ...membersOf(host)];
    const valuesOf = (): [string, unknown][] =>
      Object.keys(host.wx).map((name) => [name, Object.getOwnPropertyDescriptor(host.wx, name)?.value]);
    const values = valuesOf();
    const globals = host.globals();
    const exported = host.load(path.join(ROOT, file));
    host.run('api.install()', { api: exported });
    const after = [host.wx.serviceMarket, ...membersOf(host)];
    expect(after.map((member, i) => member === before[i])).toEqual([true, true, true, true]);
    expect(valuesOf().map(([name]) => name)).toEqual(values.map(([name]) => name));
    expect(valuesOf().every(([, value], i) => value === values[i][1])).toBe(true);
    expect(host.globals()).toEqual(globals);
    expect(host.nativeCalls).toEqual([]);
  });

  test('the import is thin over it: the same wire, a task all the same', async () => {
    const host = hostOf({ sdkVersion });
    const { api } = install(host);
    const task = host.run(
      `var task = api.invokeService({service: 's', api: 'a', data: {c: new api.CDN('x')}}); return {task: task}`,
      { api },
    );
    expect([typeof task.task.abort, typeof task.task.onProgressUpdate]).toEqual(['function', 'function']);
    const result: Any = await host.clock.until(task.task);
    expect(result).toMatchObject({ errMsg: 'invokeService:ok', requestId: result.requestID });
    expect(host.cdn.text(result.data.c)).toBe('x');
    expect(host.market.messages.map(({ channel }) => channel)).toEqual(['native']);
  });

  test("an import's marker serves in the untouched market, and the market's in the import", async () => {
    const host = hostOf({ sdkVersion });
    const { api } = install(host);
    const calls = [
      "return wx.serviceMarket.invokeService({service: 's', api: 'a', data: new api.CDN('x')})",
      "return api.invokeService({service: 's', api: 'a', data: new wx.serviceMarket.CDN('x')})",
    ];
    for (const code of calls) {
      const { data }: Any = await host.clock.until(host.run(code, { api }));
      expect(host.cdn.text(data)).toBe('x');
    }
  });
});

describe.each(['2.9.4', '2.10.0', '2.11.0', '2.11.1'])('an incomplete native, %s', (sdkVersion) => {
  function wrapped(options: HostOptions = {}): Host {
    const host = hostOf({ sdkVersion, ...options });
    host.load(BUNDLE);
    return host;
  }

  test('carries plain calls, once each; its result is the newest form', async () => {
    const host = wrapped();
    expect((await outcomeOnHost(host, CALL)).ok).toEqual({ errMsg: 'invokeService:ok', data: { k: 1 } });
    expect(host.market.messages.map(({ channel }) => channel)).toEqual(['native']);
    expect(host.market.bills).toHaveLength(1);
  });

  test.each([
    ['a text', '"some text"'],
    ['a text that is JSON', '"{\\"a\\":1}"'],
    ['a number', '5'],
    ['null', 'null'],
    ['a list', '[1, "2"]'],
  ])('result is %s', async (_name, data) => {
    const host = wrapped();
    const { ok } = await outcomeOnHost(
      host,
      `return sm.invokeService({service: 's', api: 'a', data: ${data}})`,
    );
    expect(ok).toEqual({ errMsg: 'invokeService:ok', data: JSON.parse(data) });
  });

  test('an answer that is no JSON stays text', async () => {
    const host = wrapped();
    host.fault({ api: 'operateWXData', effect: { malformed: 'no { json' } });
    expect((await outcomeOnHost(host, CALL)).ok.data).toBe('no { json');
  });

  test("a provider's error rejects, as on the newest", async () => {
    const host = wrapped();
    host.fault({ api: 'operateWXData', effect: { malformed: '{"errcode":-8,"errmsg":"down"}' } });
    const { error } = await outcomeOnHost(host, CALL);
    expect(error).toMatchObject({ name: 'Error', errCode: -8, billing: 'unknown' });
    expect(error.errMsg).toBe(error.message);
  });

  test('a native failure has a code and a billing word', async () => {
    const host = wrapped();
    host.fault({ api: 'operateWXData', nth: 1, effect: { fail: { errMsg: 'busy', err_code: -11 } } });
    expect((await outcomeOnHost(host, CALL)).error).toMatchObject({
      message: 'invokeService:fail operateWXData:fail busy(err_code -11)',
      errCode: -11,
      billing: 'unknown',
    });
    host.fault({ api: 'operateWXData', nth: 1, effect: { fail: { errMsg: 'busy' } } });
    expect((await outcomeOnHost(host, CALL)).error).toMatchObject({ errCode: -2 });
    expect((await outcomeOnHost(host, 'return sm.invokeService({})')).error).toMatchObject({
      errCode: -1,
      billing: 'none',
    });
  });

  test('long tasks go over the bridge, which the old native would have dropped', async () => {
    const host = wrapped();
    const { ok } = await outcomeOnHost(host, ASYNC);
    expect(ok.requestId).toMatch(/^req-/);
    expect(ok).not.toHaveProperty('data');
    expect(messagesOf(host)).toEqual([expect.objectContaining({ req_type: 2, version: 2, scene: 1 })]);
    const asked = await outcomeOnHost(host, 'return sm.getAsyncResult({requestId: id})', {
      id: ok.requestId,
    });
    expect(asked.ok.status).toBe(0);
    expect(host.market.messages.map(({ channel }) => channel)).toEqual(['bridge', 'bridge']);
    expect(host.market.bills).toHaveLength(1);
  });

  test('so do calls that name who pays', async () => {
    const host = wrapped();
    const code = "return sm.invokeService({service: 's', api: 'a', consumeType: 2, consumeAppid: 'wxpayer'})";
    await outcomeOnHost(host, code);
    expect(messagesOf(host)).toEqual([
      expect.objectContaining({ consume_type: 2, consume_appid: 'wxpayer' }),
    ]);
    expect(host.market.bills.map(({ by }) => by)).toEqual(['wxpayer']);
  });

  test.each(['async: true', "consumeType: 2, consumeAppid: 'wxpayer'"])(
    'without a bridge {%s} rejects and is never sent without it',
    async (what) => {
      const host = wrapped({ bridge: 'denied' });
      const { error } = await outcomeOnHost(
        host,
        `return sm.invokeService({service: 's', api: 'a', ${what}})`,
      );
      expect(error).toMatchObject({ billing: 'none' });
      expect(error.message).toContain('configure(');
      expect(host.market.bills).toEqual([]);
      expect((await outcomeOnHost(host, CALL)).ok.data).toEqual({ k: 1 });
    },
  );

  test('markers made before and after installation, by native and by the import', async () => {
    const host = hostOf({ sdkVersion });
    const early = host.run("return new wx.serviceMarket.CDN('early')");
    host.load(BUNDLE);
    const api = host.load(IMPORTED);
    const data = "[early, new wx.serviceMarket.CDN('late'), new api.CDN('import'), Object.assign({}, early)]";
    for (const more of ['', ', async: true']) {
      const code = `return wx.serviceMarket.invokeService({service: 's', api: 'a', data: ${data}${more}})`;
      await host.clock.until(host.run(code, { api, early }));
      const sent = JSON.parse(messagesOf(host).pop().data).map((url: string) => host.cdn.text(url));
      expect(sent).toEqual(['early', 'late', 'import', 'early']);
    }
  });

  test('undo gives the host its own back, and install can be repeated', async () => {
    const host = hostOf({ sdkVersion });
    const descriptor = Object.getOwnPropertyDescriptor(host.wx, 'serviceMarket') as PropertyDescriptor;
    const [native] = membersOf(host);
    const { undo } = install(host);
    expect(membersOf(host)[0]).not.toBe(native);
    undo();
    expect(Object.getOwnPropertyDescriptor(host.wx, 'serviceMarket')).toEqual(descriptor);
    expect(membersOf(host)[0]).toBe(native);
    expect(install(host).members.invokeService).toBe('wrapped');
  });
});

describe('prefer', () => {
  test("'shim' forces the shim, also over a complete native", async () => {
    const host = hostOf({ sdkVersion: 'newest' });
    const { members } = install(host, { prefer: 'shim' });
    expect(members).toEqual({ invokeService: 'added', getAsyncResult: 'added', CDN: 'added' });
    expect((await outcomeOnHost(host, CALL)).ok).toMatchObject({ data: { k: 1 } });
    expect(host.market.messages.map(({ channel }) => channel)).toEqual(['bridge']);
  });

  test("'native' leaves an incomplete one its invokeService", async () => {
    const host = hostOf({ sdkVersion: '2.11.0' });
    const [native] = membersOf(host);
    const { members } = install(host, { prefer: 'native' });
    expect(members).toEqual({ invokeService: 'native', getAsyncResult: 'added', CDN: 'native' });
    expect(membersOf(host)[0]).toBe(native);
  });

  test.each(['2.11.0', 'newest'])(
    'given after the injected file was loaded on %s, it installs anew',
    async (sdkVersion) => {
      const host = hostOf({ sdkVersion });
      const before = membersOf(host);
      const exported = host.load(BUNDLE);
      host.run("exported.configure({prefer: 'shim'})", { exported });
      await outcomeOnHost(host, CALL);
      expect(host.market.messages.map(({ channel }) => channel)).toEqual(['bridge']);
      host.run("exported.configure({prefer: 'native'})", { exported });
      expect(membersOf(host)[0]).toBe(before[0]);
    },
  );
});

test("another tool's polyfill counts as native: kept for plain calls, wrapped for the rest", async () => {
  const host = hostOf({ polyfill: true });
  const foreign = host.wx.serviceMarket.CDN;
  host.load(BUNDLE);
  expect(host.wx.serviceMarket.CDN).toBe(foreign);
  expect((await outcomeOnHost(host, CALL)).ok.data).toEqual({ k: 1 });
  expect(messagesOf(host)[0].client_msg_id).toMatch(/^foreign_/);
  expect((await outcomeOnHost(host, ASYNC)).ok.requestId).toMatch(/^req-/);
  expect(messagesOf(host)[1]).toMatchObject({ req_type: 2 });
});

test('the injected file exports the API and leaks no global', () => {
  for (const bundle of [...BUNDLES, ...variants()]) {
    const host = hostOf();
    const globals = host.globals();
    const keys = Object.keys(host.wx);
    const exported = host.load(path.join(ROOT, bundle));
    expect(Object.keys(exported)).toEqual(
      expect.arrayContaining([
        'CDN',
        'configure',
        'getAsyncResult',
        'install',
        'invokeService',
        'serviceMarket',
      ]),
    );
    expect(host.globals()).toEqual(globals);
    expect(Object.keys(host.wx)).toEqual([...keys, 'serviceMarket']);
  }
});
