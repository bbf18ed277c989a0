/** What becomes of the market that a plugin's own `wx` has: a whole one stays, an incomplete one is completed. */
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { ROOT } from '../support/files';
import type { Any } from '../support/outcomes';

/** What a plugin imports, and what the injector puts into one, which installs on load. */
const IMPORT = 'miniprogram_dist/plugin.js';
const INJECTED = 'dist/compat/plugin.min.js';

/** A market of the plugin's own, with the members of these names. */
function marketOf(names: string[]): Any {
  class CDN {
    symbol = CDN;
    constructor(readonly options: unknown) {}
  }
  const members: Any = {
    invokeService: jest.fn(() => Promise.resolve({ data: 'native' })),
    getAsyncResult: jest.fn(() => Promise.resolve({ status: 0, data: 'native' })),
    CDN,
    extra: 1,
  };
  return Object.fromEntries(['extra', ...names].map((name) => [name, members[name]]));
}

/** Loads a file in a realm whose `wx` has this market. */
function loadIn(file: string, wx: Any): Any {
  const context = vm.createContext({ wx, setTimeout, clearTimeout, exports: {} });
  vm.runInContext(fs.readFileSync(path.join(ROOT, file), 'utf8'), context);
  return context.exports;
}

const WHOLE = ['invokeService', 'getAsyncResult', 'CDN'];

describe.each([IMPORT, INJECTED])('%s', (file) => {
  test('leaves a whole market as it is: the same object, which nothing is written to', () => {
    const market = Object.freeze(marketOf(WHOLE));
    const wx = Object.defineProperty({}, 'serviceMarket', { configurable: true, get: () => market });
    const before = Object.getOwnPropertyDescriptor(wx, 'serviceMarket');
    const { serviceMarket } = loadIn(file, wx);
    expect(serviceMarket).toBe(market);
    expect(Object.getOwnPropertyDescriptor(wx, 'serviceMarket')).toEqual(before);
    serviceMarket.invokeService({ service: 's', api: 'a', async: true });
    expect(market.invokeService).toHaveBeenCalledTimes(1);
  });

  test.each(WHOLE)('completes one without %s, and keeps what it has besides', (missing) => {
    const market = marketOf(WHOLE.filter((name) => name !== missing));
    const wx: Any = { serviceMarket: market };
    const { serviceMarket } = loadIn(file, wx);
    expect(serviceMarket).not.toBe(market);
    for (const name of WHOLE) expect(typeof serviceMarket[name]).toBe('function');
    const installed = file === INJECTED ? wx.serviceMarket : { ...market, ...serviceMarket };
    expect(installed).toMatchObject({ extra: 1, ...serviceMarket });
    if (file === IMPORT) expect(wx.serviceMarket).toBe(market);
    else {
      // As the plugin's own was: others may complete it in turn.
      expect(Object.getOwnPropertyDescriptor(wx, 'serviceMarket')).toMatchObject({
        configurable: true,
        enumerable: true,
        writable: true,
      });
    }
    // Its markers are those of the one that makes them, so that they serve in both.
    if (missing !== 'CDN') expect(serviceMarket.CDN).toBe(market.CDN);
    else expect(JSON.parse(JSON.stringify(new serviceMarket.CDN('x')))).toEqual({ options: 'x' });
  });
});

test('data that is nested too deep for the engine is one error that names the depth, and nothing is sent', async () => {
  const { serviceMarket, connectServiceMarket } = loadIn(IMPORT, {});
  const send = jest.fn();
  connectServiceMarket(send);
  let data: Any = {};
  for (let depth = 0; depth < 200_000; depth++) data = { data };
  const error = await serviceMarket
    .invokeService({ service: 's', api: 'a', data, clientMsgId: 'id' })
    .catch((cause: Any) => cause);
  expect(error).toMatchObject({
    errMsg: expect.stringMatching(/^invokeService:fail data is nested too deep: \d{4,} levels$/),
    message: error.errMsg,
    errCode: -1,
    billing: 'none',
    clientMsgId: 'id',
  });
  expect(error.path).toBeUndefined();
  expect(send).not.toHaveBeenCalled();
});
