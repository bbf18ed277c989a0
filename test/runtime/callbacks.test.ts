/** Callbacks or a promise: the platform's rule on the member, both on the import (protocol 3). */
import path from 'node:path';
import type { Host, HostOptions } from '../../src/simulator';
import { BUNDLES, IMPORTED } from '../support/built';
import { ROOT } from '../support/files';
import { FILES, openHost } from '../support/hosts';
import type { Any } from '../support/outcomes';

function hostOf(bundle: string, options: HostOptions = {}): Host {
  const host = openHost({ sdkVersion: '2.8.3', upload: 'allowed', files: FILES, ...options });
  host.load(path.join(ROOT, bundle));
  return host;
}

const TELLER = `
  var seen = [];
  function tell(name) { return function () { seen.push([name].concat([].slice.call(arguments))) } }
`;

/** Runs page code with \`tell(name)\` as a maker of callbacks, lets all time pass, and gives what was told. */
async function told(host: Host, code: string, args: object = {}): Promise<Any[]> {
  const seen: Any[] = host.run(`${TELLER} var S = {service: 's', api: 'a', data: 1}; ${code}; return seen`, {
    ...args,
  });
  await host.clock.run();
  return Array.from(seen, (entry: Any[]) => Array.from(entry));
}
const names = (seen: Any[]): string[] => seen.map(([name]) => name);

describe.each(BUNDLES)('wx.serviceMarket by %s', (bundle) => {
  test('success, then complete, with the same result', async () => {
    const seen = await told(
      hostOf(bundle),
      "S.success = tell('success'); S.fail = tell('fail'); S.complete = tell('complete'); wx.serviceMarket.invokeService(S)",
    );
    expect(names(seen)).toEqual(['success', 'complete']);
    expect(seen.map((entry) => entry.length)).toEqual([2, 2]);
    expect(seen[0][1]).toBe(seen[1][1]);
    expect(seen[0][1]).toMatchObject({ errMsg: 'invokeService:ok', data: 1 });
  });

  test('fail, then complete, with the same Error', async () => {
    const host = hostOf(bundle);
    host.fault({ api: 'operateWXData', effect: { fail: { errMsg: 'busy', err_code: -11 } } });
    const seen = await told(
      host,
      "S.success = tell('success'); S.fail = tell('fail'); S.complete = tell('complete'); wx.serviceMarket.invokeService(S)",
    );
    expect(names(seen)).toEqual(['fail', 'complete']);
    expect(seen[0][1]).toBe(seen[1][1]);
    expect(seen[0][1]).toMatchObject({ errCode: -11, billing: 'unknown' });
  });

  test.each(['success', 'fail', 'complete'])('%s alone makes it a call by callbacks', async (name) => {
    const host = hostOf(bundle);
    const seen = await told(
      host,
      `S[name] = tell(name); tell('returned')(wx.serviceMarket.invokeService(S));
       delete S.service; tell('returned')(wx.serviceMarket.invokeService(S))`,
      { name },
    );
    const returned = seen.filter(([what]) => what === 'returned');
    expect(returned).toEqual([
      ['returned', undefined],
      ['returned', undefined],
    ]);
    expect(names(seen).filter((what) => what === name)).toHaveLength(name === 'complete' ? 2 : 1);
    expect(host.unhandled).toEqual([]);
  });

  test.each([1, "'text'", '{}', 'true'])(
    'a truthy %s that is no function counts, and is skipped',
    async (value) => {
      const host = hostOf(bundle);
      const seen = await told(
        host,
        `S.success = ${value}; S.complete = tell('complete'); tell('returned')(wx.serviceMarket.invokeService(S))`,
      );
      expect(names(seen)).toEqual(['returned', 'complete']);
      expect(seen[0]).toEqual(['returned', undefined]);
      expect(host.errors).toEqual([]);
    },
  );

  test.each([0, "''", 'null', 'undefined', 'false'])(
    'a falsy %s does not count: a promise',
    async (value) => {
      const seen = await told(
        hostOf(bundle),
        `S.success = S.fail = S.complete = ${value}; wx.serviceMarket.invokeService(S).then(tell('resolved'))`,
      );
      expect(names(seen)).toEqual(['resolved']);
    },
  );

  test('always later: nothing is told within the call, not even bad arguments', async () => {
    const seen = await told(
      hostOf(bundle),
      "wx.serviceMarket.invokeService({fail: tell('fail'), complete: tell('complete')}); tell('after')()",
    );
    expect(names(seen)).toEqual(['after', 'fail', 'complete']);
  });

  test('a callback that throws: logged, complete still runs, fail does not', async () => {
    const host = hostOf(bundle);
    const seen = await told(
      host,
      `S.success = function () { tell('success')(); throw new Error('mine') };
       S.fail = tell('fail'); S.complete = function () { tell('complete')(); throw new Error('mine too') };
       wx.serviceMarket.invokeService(S)`,
    );
    expect(names(seen)).toEqual(['success', 'complete']);
    expect(host.logs.filter(({ level }) => level === 'error').map(({ text }) => text)).toEqual([
      expect.stringContaining('mine'),
      expect.stringContaining('mine too'),
    ]);
    expect(host.unhandled).toEqual([]);
  });

  test('members work detached from the object', async () => {
    const seen = await told(
      hostOf(bundle),
      `var call = wx.serviceMarket.invokeService, CDN = wx.serviceMarket.CDN;
       call({service: 's', api: 'a', data: new CDN('x')}).then(tell('resolved'))`,
    );
    expect(names(seen)).toEqual(['resolved']);
  });

  test('getAsyncResult keeps the same rule', async () => {
    const host = hostOf(bundle);
    const seen = await told(
      host,
      `wx.serviceMarket.invokeService({service: 's', api: 'a', data: {k: 1}, async: true}).then(function (accepted) {
         tell('returned')(wx.serviceMarket.getAsyncResult({
           requestId: accepted.requestId, success: tell('success'), fail: tell('fail'), complete: tell('complete')
         }));
       })`,
    );
    expect(names(seen)).toEqual(['returned', 'success', 'complete']);
    expect(seen[0][1]).toBeUndefined();
    expect(seen[1][1]).toBe(seen[2][1]);
    expect(seen[1][1]).toMatchObject({ errCode: 0, errMsg: 'getAsyncResult:ok', data: { k: 1 }, status: 0 });
  });

  test("the promise is the page's own Promise, without finally where the host has none", async () => {
    const host = hostOf(bundle, { platform: 'ios' });
    const seen = await told(
      host,
      `var p = wx.serviceMarket.invokeService(S); tell('kind')(p instanceof Promise, typeof Promise.prototype.finally)`,
    );
    expect(seen[0]).toEqual(['kind', true, 'undefined']);
  });

  test('options are not changed, and unknown ones are not sent', async () => {
    const host = hostOf(bundle);
    const seen = await told(
      host,
      `S.extra = 1; Object.freeze(S); wx.serviceMarket.invokeService(S).then(tell('resolved'));
       tell('keys')(Object.keys(S).join())`,
    );
    expect(seen[0]).toEqual(['keys', 'service,api,data,extra']);
    const [{ request }] = host.market.messages;
    expect(Object.keys(request).sort()).toEqual(
      [
        'api_name',
        'call_id',
        'client_msg_id',
        'data',
        'retry_reason',
        'scene',
        'service_id',
        'version',
      ].sort(),
    );
  });

  test('service and api of any truthy kind go out as they are', async () => {
    const host = hostOf(bundle);
    await told(host, "wx.serviceMarket.invokeService({service: 5, api: true}).then(tell('resolved'))");
    expect(host.market.messages[0].request).toMatchObject({ service_id: 5, api_name: true });
  });

  test('consumeType and consumeAppid go out as the platform sends them, on polls too', async () => {
    const host = hostOf(bundle, { market: { preResp: 1 } });
    await told(host, "S.consumeType = 2; S.consumeAppid = 'wxpayer'; wx.serviceMarket.invokeService(S)");
    expect(host.market.messages.map(({ request }) => [request.consume_type, request.consume_appid])).toEqual([
      [2, 'wxpayer'],
      [2, 'wxpayer'],
    ]);
    expect(host.market.bills.map(({ by }) => by)).toEqual(['wxpayer']);
  });
});

test('the import always gives a promise, and serves callbacks besides', async () => {
  const host = hostOf(BUNDLES[0]);
  const seen = await told(
    host,
    `S.success = tell('success'); S.complete = tell('complete');
     api.invokeService(S).then(tell('resolved'))`,
    { api: host.load(IMPORTED) },
  );
  expect(names(seen).sort()).toEqual(['complete', 'resolved', 'success']);
});

test('two calls at once do not touch each other', async () => {
  const host = hostOf(BUNDLES[0], { providers: { '*': (data: Any) => data } });
  host.fault({ api: 'operateWXData', nth: 1, effect: { delay: 3000 } });
  const seen = await told(
    host,
    `[1, 2, 3].forEach(function (n) {
       wx.serviceMarket.invokeService({service: 's', api: 'a', data: n}).then(function (r) { tell(n)(r.data) });
     })`,
  );
  expect(seen).toEqual([
    [2, 2],
    [3, 3],
    [1, 1],
  ]);
  expect(new Set(host.market.bills.map(({ id }) => id)).size).toBe(3);
});
