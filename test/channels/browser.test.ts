/** A page in a browser, over fetch: the host of `miniprogram-servicemarket/browser`, real HTTP, the real relay. */
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'acorn';
import type { BrowserHost } from '../../src/runtime/browser';
import { cleanUpAfterTest } from '../support/cleanup';
import { BUNDLE, IMPORTED } from '../support/built';
import { ROOT } from '../support/files';
import type { Any } from '../support/outcomes';
import { type Backend, openBackend, type RelayChanges } from './support/backend';
import { openServer } from '../support/servers';
import { until } from '../support/until';

const BROWSER = path.join(ROOT, 'miniprogram_dist/browser.js');
const ORIGIN = 'https://m.example.com';

/** What the page has: the import for browsers, installed, with a signed token for the relay. */
async function openPage(changes: RelayChanges = {}, config: object = {}): Promise<Backend & { api: Any }> {
  const got: Any[] = [];
  const backend = await openBackend(
    {},
    { authenticate: (given) => (got.push(given), given.value), allowedOrigins: [ORIGIN], ...changes },
  );
  const api = loadBrowser();
  const credential = async (): Promise<object> => ({ type: 'jwt', value: 'ann' });
  api.install();
  api.configure({ channels: ['relay'], relay: { url: backend.url, credential }, ...config });
  return { ...backend, api };
}

/** A fresh copy of a built import, as each page load has one. */
function load(file: string, require?: (name: string) => Any, globals: Any = {}): Any {
  const module = { exports: {} };
  const names = ['module', 'exports', 'require', ...Object.keys(globals)];
  const run = new Function(...names, fs.readFileSync(file, 'utf8'));
  run(module, module.exports, require, ...Object.values(globals));
  return module.exports;
}

/** The import for browsers, with the one that stands beside it. */
function loadBrowser(globals?: Any): Any {
  const index = load(IMPORTED, undefined, globals);
  return load(BROWSER, () => index, globals);
}

/** A server that tells what it got, and `closed` where the connection ended before its answer. */
async function openEcho(): Promise<{ url: string; seen: Any[]; hang: () => void }> {
  const seen: Any[] = [];
  let hangs = false;
  const { url } = await openServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({
        method: request.method,
        type: request.headers['content-type'],
        body: Buffer.concat(chunks).toString(),
      });
      if (!hangs) response.writeHead(request.url === '/missing' ? 404 : 200).end('{"ok":true}');
    });
    response.on('close', () => response.writableFinished || seen.push('closed'));
  });
  return { url, seen, hang: () => void (hangs = true) };
}

function promised(start: (callbacks: object) => unknown): Promise<Any> {
  return new Promise((resolve) => start({ complete: resolve }));
}

describe('with the runtime', () => {
  test('text, bytes and a file go up, the service fetches them, the answer comes back', async () => {
    const { platform, api } = await openPage();
    platform.market.provide('wxSVC/API', async (urls: string[], { fetch }) =>
      Promise.all(urls.map(async (url) => Buffer.from(await fetch(url)).toString())),
    );
    const file = URL.createObjectURL(new Blob(['PHOTO'], { type: 'image/png' }));
    cleanUpAfterTest(() => URL.revokeObjectURL(file));
    const contents = ['text ✓', new Uint8Array([66, 89]).buffer, { filePath: file }];
    const result = await api.invokeService({
      service: 'wxSVC',
      api: 'API',
      data: contents.map((content) => new api.CDN(content)),
    });
    expect(result).toMatchObject({ errMsg: 'invokeService:ok', data: ['text ✓', 'BY', 'PHOTO'] });
    expect(platform.market.bills).toHaveLength(1);
  });

  test('long tasks', async () => {
    const { api } = await openPage();
    const { requestId } = await api.invokeService({
      service: 'wxSVC',
      api: 'API',
      data: { k: 1 },
      async: true,
    });
    expect(await api.waitForResult({ requestId, interval: 5 })).toMatchObject({ status: 0, data: { k: 1 } });
  });

  test('a relay that is not there: the cause is told, nothing is billed', async () => {
    const { api } = await openPage({}, { limits: { pollInterval: 1 } });
    api.configure({
      relay: { url: 'http://127.0.0.1:1', credential: async () => ({ type: 'jwt', value: 'ann' }) },
    });
    const error = await api.invokeService({ service: 'wxSVC', api: 'API' }).catch((cause: Any) => cause);
    expect(error).toMatchObject({ errCode: -2, billing: 'none' });
    expect(error.message).toMatch(/^invokeService:fail session:fail request:fail /);
  });

  test('a credential is needed, because a browser has no wx.login', async () => {
    const { url, api } = await openPage();
    api.configure({ relay: { url } });
    const error = await api.invokeService({ service: 'wxSVC', api: 'API' }).catch((cause: Any) => cause);
    expect(error).toMatchObject({ errCode: -2, billing: 'none' });
    expect(error.message).toMatch(/set relay\.credential/);
  });

  test('abort ends the request at the relay', async () => {
    const { platform, api } = await openPage();
    let finish = (): void => {};
    platform.market.provide('wxSVC/API', () => new Promise<void>((resolve) => (finish = resolve)));
    const task = api.invokeService({ service: 'wxSVC', api: 'API' });
    const outcome = task.catch((cause: Any) => cause);
    await until(() => platform.market.messages.length === 1);
    task.abort();
    expect(await outcome).toMatchObject({ message: 'invokeService:fail abort', billing: 'unknown' });
    finish();
  });
});

describe('without AbortController, as in browsers that have fetch alone', () => {
  const loadOld = (): Any => loadBrowser({ AbortController: undefined });
  const ask = (host: BrowserHost, options: object): { ended: Promise<Any>; task: { abort(): void } } => {
    let task = { abort: (): void => {} };
    const ended = promised((callbacks) => void (task = host.request({ url: '', ...options, ...callbacks })));
    return { ended, task };
  };

  test('requests and uploads work', async () => {
    const { url, seen } = await openEcho();
    const host = loadOld().createBrowserHost();
    expect(await ask(host, { url, method: 'POST', data: { k: 1 } }).ended).toMatchObject({
      errMsg: 'request:ok',
      statusCode: 200,
      data: { ok: true },
    });
    const filePath = URL.createObjectURL(new Blob(['PHOTO']));
    cleanUpAfterTest(() => URL.revokeObjectURL(filePath));
    const uploaded = await promised((callbacks) =>
      host.uploadFile({ url, filePath, name: 'file', ...callbacks }),
    );
    expect(uploaded).toMatchObject({ errMsg: 'uploadFile:ok', statusCode: 200 });
    expect(seen.filter(({ body }: Any) => body).map(({ body }: Any) => body)).toEqual([
      '{"k":1}',
      expect.stringContaining('PHOTO'),
    ]);
  });

  test('an abort and a time limit end it for the page, once, and say which', async () => {
    const { url, hang } = await openEcho();
    hang();
    const host = loadOld().createBrowserHost();
    const aborted = ask(host, { url });
    aborted.task.abort();
    aborted.task.abort();
    expect(await aborted.ended).toEqual({ errMsg: 'request:fail abort' });
    expect(await ask(host, { url, timeout: 20 }).ended).toEqual({ errMsg: 'request:fail timeout' });
  });
});

describe('install', () => {
  const ADDED = { invokeService: 'added', getAsyncResult: 'added', CDN: 'added' };
  let warned: jest.SpyInstance;
  beforeEach(() => (warned = jest.spyOn(console, 'warn').mockImplementation(() => {})));

  test('the import has all that the package itself has, and does nothing by itself', () => {
    const uni = {};
    const index = Object.keys(load(IMPORTED));
    expect(Object.keys(loadBrowser({ uni })).sort()).toEqual([...index, 'createBrowserHost'].sort());
    expect(uni).toEqual({});
  });

  test.each([
    ['the empty object of uni-app', {}],
    ['the object of Taro, which has a router', { navigateTo: () => {} }],
  ])('a host without request: %s gets the market, and is put back', async (_name, uni: Any) => {
    const before = { ...uni };
    const { api, platform, url } = await openPage();
    const { members, problem, undo } = api.install(uni);
    expect({ members, problem }).toEqual({ members: ADDED, problem: undefined });
    const market = uni.serviceMarket;
    api.install(uni);
    expect(uni.serviceMarket).toBe(market);
    const { data } = await market.invokeService({ service: 'wxSVC', api: 'API', data: { url } });
    expect(data).toEqual({ url });
    expect(platform.market.bills).toHaveLength(1);
    undo();
    expect(uni).toEqual(before);
    expect(warned).not.toHaveBeenCalled();
  });

  test('a host with request sends for itself', async () => {
    const sent: string[] = [];
    const host: Any = { request: ({ url, fail }: Any) => (sent.push(url), fail({ errMsg: 'request:fail' })) };
    const { api } = await openPage({}, { limits: { repeats: 0 } });
    api.install(host);
    await expect(host.serviceMarket.invokeService({ service: 'wxSVC', api: 'API' })).rejects.toMatchObject({
      errCode: -2,
    });
    expect(sent).not.toEqual([]);
  });

  test('a global that can send is found, as by the package itself', () => {
    const uni: Any = { getSystemInfoSync: () => ({}), request: () => {} };
    expect(loadBrowser({ uni }).install().members).toEqual(ADDED);
    expect(Object.keys(uni.serviceMarket)).toEqual(['invokeService', 'getAsyncResult', 'CDN']);
  });

  test('an object that is frozen is left alone, and the import works', async () => {
    const { api } = await openPage();
    const { members, problem } = api.install(Object.freeze({}));
    expect(members).toEqual(ADDED);
    expect(problem).toMatch(/^Failed to set wx\.serviceMarket: TypeError.*\. Use import instead$/);
    expect(warned.mock.calls).toEqual([[problem]]);
    await expect(api.invokeService({ service: 'wxSVC', api: 'API', data: 1 })).resolves.toMatchObject({
      data: 1,
    });
  });

  test.each([
    ['in a browser without fetch', () => loadBrowser({ fetch: undefined }).install()],
    ['of the package itself, on nothing', () => load(IMPORTED).install()],
    ['of the package itself, on the empty object of uni-app', () => load(IMPORTED).install({})],
    ['of the injected file', () => load(BUNDLE).install()],
  ])('a problem is told %s', (_name, install) => {
    const { members, problem } = install();
    expect(members).toEqual(ADDED);
    expect(problem).toBe('no wx.request on this host. In H5 use miniprogram-servicemarket/browser');
    expect(warned).toHaveBeenCalledWith(problem);
  });
});

describe('the host alone', () => {
  let host: BrowserHost;
  beforeEach(() => (host = loadBrowser().createBrowserHost()));

  test.each([
    ['an object', { a: 1 }, 'application/json', '{"a":1}'],
    ['a text', 'plain', 'text/plain', 'plain'],
    ['bytes', new Uint8Array([65, 66]).buffer, 'application/octet-stream', 'AB'],
  ])('%s is sent as a body of its kind', async (_name, data, type, body) => {
    const { url, seen } = await openEcho();
    const header = typeof data === 'object' && 'a' in data ? undefined : { 'content-type': type };
    const result = await promised((callbacks) =>
      host.request({ url, method: 'POST', data, header, ...callbacks }),
    );
    expect(result).toEqual({ errMsg: 'request:ok', statusCode: 200, data: { ok: true } });
    expect(seen[0]).toEqual({ method: 'POST', type, body });
  });

  test('is of no base library', () => {
    expect(host.getSystemInfoSync()).toEqual({ SDKVersion: '', platform: 'browser' });
  });

  test('a status of the server is no failure', async () => {
    const { url } = await openEcho();
    const result = await promised((callbacks) => host.request({ url: `${url}/missing`, ...callbacks }));
    expect(result).toMatchObject({ errMsg: 'request:ok', statusCode: 404 });
  });

  test('a file goes as multipart, and its end is told as progress', async () => {
    const { url, seen } = await openEcho();
    const events: Any[] = [];
    const result = await promised((callbacks) =>
      host
        .uploadFile({ url, filePath: 'data:text/plain,hello', name: 'file', ...callbacks })
        .onProgressUpdate((progress) => events.push(progress)),
    );
    expect(result).toEqual({ errMsg: 'uploadFile:ok', statusCode: 200, data: '{"ok":true}' });
    expect(seen[0].type).toMatch(/^multipart\/form-data; boundary=/);
    expect(seen[0].body).toMatch(
      /name="file"; filename="file"\r\nContent-Type: text\/plain[^\r]*\r\n\r\nhello\r\n/,
    );
    expect(events).toEqual([{ progress: 100, totalBytesSent: 5, totalBytesExpectedToSend: 5 }]);
  });

  test.each(['request', 'uploadFile'] as const)('%s: abort and timeout, each told once', async (name) => {
    const { url, seen, hang } = await openEcho();
    hang();
    for (const [timeout, cause] of [
      [undefined, 'abort'],
      [20, 'timeout'],
    ] as const) {
      seen.length = 0;
      const told: string[] = [];
      const tell = (key: string) => (outcome: Any) => told.push(`${key} ${outcome.errMsg}`);
      const callbacks = { success: tell('success'), fail: tell('fail'), complete: tell('complete') };
      const task = host[name]({
        ...{ url, filePath: 'data:,x', name: 'file', method: 'POST', timeout },
        ...callbacks,
      });
      if (cause === 'abort') {
        await until(() => seen.length > 0);
        task.abort();
        task.abort();
      }
      await until(() => told.length > 1 && (cause === 'timeout' || seen.includes('closed')));
      expect(told).toEqual([`fail ${name}:fail ${cause}`, `complete ${name}:fail ${cause}`]);
    }
  });

  test.each(['request', 'uploadFile'] as const)('%s: without a timeout it ends after 60 s', async (name) => {
    jest.useFakeTimers();
    cleanUpAfterTest(() => void jest.useRealTimers());
    const silent = loadBrowser({ fetch: () => new Promise(() => {}) }).createBrowserHost() as BrowserHost;
    const fail = jest.fn();
    silent[name]({ url: '', filePath: '', name: 'file', fail });
    jest.advanceTimersByTime(59_999);
    expect(fail).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(fail).toHaveBeenCalledWith({ errMsg: `${name}:fail timeout` });
  });

  test('a success that throws is reported, and complete still runs', async () => {
    const { url } = await openEcho();
    const reported = jest.spyOn(console, 'error').mockImplementation(() => {});
    const mine = new Error('mine');
    const outcome = await new Promise<Any>((complete) => {
      const success = (): void => {
        throw mine;
      };
      host.request({ url, success, complete });
    });
    expect(outcome.errMsg).toBe('request:ok');
    expect(reported.mock.calls).toEqual([[mine]]);
    reported.mockRestore();
  });

  test('a progress listener that throws is reported, and the upload has succeeded', async () => {
    const { url } = await openEcho();
    const reported = jest.spyOn(console, 'error').mockImplementation(() => {});
    const mine = new Error('mine');
    const result = await promised((callbacks) =>
      host.uploadFile({ url, filePath: 'data:,x', name: 'file', ...callbacks }).onProgressUpdate(() => {
        throw mine;
      }),
    );
    expect(result.errMsg).toBe('uploadFile:ok');
    expect(reported.mock.calls).toEqual([[mine]]);
    reported.mockRestore();
  });

  test('a file that is not there is a failure', async () => {
    const { url, seen } = await openEcho();
    const filePath = 'blob:nodedata:gone';
    const result = await promised((callbacks) =>
      host.uploadFile({ url, filePath, name: 'file', ...callbacks }),
    );
    expect(result.errMsg).toMatch(/^uploadFile:fail /);
    expect(seen).toEqual([]);
  });
});

test('the built file is ES5', () => {
  expect(() => parse(fs.readFileSync(BROWSER, 'utf8'), { ecmaVersion: 5 })).not.toThrow();
});
