import type { Host, HostOptions, HttpRequest, Any } from '../../src/simulator';
import { openHost } from '../support/hosts';
import { cleanUpAfterSuite } from '../support/cleanup';
import { openServer } from '../support/servers';

/** wx.request, wx.uploadFile, wx.downloadFile. */

const CALL = `
  return new Promise(function (settle) {
    args.success = function (r) { settle(['success', r]) };
    args.fail = function (e) { settle(['fail', e.errMsg]) };
    wx[name](args);
  });
`;

const call = (made: Host, name: string, args: object): Promise<[string, Any]> =>
  made.clock.until(made.run(CALL, { name, args }) as Promise<[string, Any]>);

describe('in-process servers', () => {
  const seen: HttpRequest[] = [];
  const network: HostOptions['network'] = {
    'https://api.test': (request) => {
      seen.push(request);
      if (request.path === '/break') throw new Error('gone');
      if (request.path === '/text') return { body: 'no json', status: 404 };
      return { body: { got: request.text() }, headers: { 'X-Name': 'v' } };
    },
  };
  beforeEach(() => seen.splice(0));

  test('a POST sends JSON and its answer is parsed', async () => {
    const outcome = await call(openHost({ network }), 'request', {
      url: 'https://api.test/a?x=1',
      method: 'POST',
      header: { Authorization: 'Bearer T' },
      data: { a: [1] },
    });
    expect(outcome).toEqual([
      'success',
      {
        errMsg: 'request:ok',
        statusCode: 200,
        data: { got: '{"a":[1]}' },
        header: { 'content-type': 'application/json', 'X-Name': 'v' },
      },
    ]);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      path: '/a',
      headers: { authorization: 'Bearer T', 'content-type': 'application/json' },
    });
    expect(seen[0]!.query.get('x')).toBe('1');
  });

  test('a GET puts data into the query; text that is no JSON stays text; any status is a success', async () => {
    const outcome = await call(openHost({ network }), 'request', {
      url: 'https://api.test/text',
      data: { q: 'ä&' },
    });
    expect(outcome).toMatchObject(['success', { statusCode: 404, data: 'no json' }]);
    expect(seen[0]!.url).toBe('https://api.test/text?q=%C3%A4%26');
  });

  test.each([
    [{}, 'request:fail parameter error: parameter.url should be String instead of Undefined;'],
    [{ url: 'api.test' }, 'request:fail invalid url "api.test"'],
    [{ url: 'https://api.test/break' }, 'request:fail net::ERR_CONNECTION_RESET'],
    [{ url: 'https://other.test/' }, 'request:fail net::ERR_CONNECTION_REFUSED'],
  ])('%j fails', async (args, errMsg) => {
    expect(await call(openHost({ network }), 'request', args)).toEqual(['fail', errMsg]);
  });

  test('an origin that is not listed is refused before anything is sent', async () => {
    const made = openHost({ network, domains: ['https://else.test'] });
    expect(await call(made, 'request', { url: 'https://api.test/' })).toEqual([
      'fail',
      'request:fail url not in domain list',
    ]);
    expect(made.nativeCalls).toEqual([]);
  });

  test('an ArrayBuffer becomes an object without members on 1.6.0 and is sent on 2.8.3', async () => {
    const args = { url: 'https://api.test/', method: 'POST', data: Uint8Array.from([65, 66]).buffer };
    expect(await call(openHost({ network, sdkVersion: '1.6.0' }), 'request', args)).toMatchObject([
      'success',
      { data: { got: '{}' } },
    ]);
    expect(await call(openHost({ network }), 'request', args)).toMatchObject([
      'success',
      { data: { got: 'AB' } },
    ]);
  });

  test('an upload sends multipart, tells progress in bytes, and gives its answer as text', async () => {
    const made = openHost({ network, files: { 'wxfile://tmp_a.png': 'x'.repeat(1000) } });
    const events = made.run(
      `var seen = [];
       wx.uploadFile({ url: 'https://api.test/f', filePath: 'wxfile://tmp_a.png', name: 'file', formData: { k: 1 },
         success: function (r) { seen.push(typeof r.data, r.statusCode) } })
         .onProgressUpdate(function (p) { seen.push(p.totalBytesSent === p.totalBytesExpectedToSend ? 'all' : p.progress) });
       return seen;`,
    );
    await made.clock.run();
    expect(events).toEqual([25, 50, 75, 'all', 'string', 200]);
    expect(seen[0]!.form).toMatchObject({
      fields: { k: '1' },
      file: { name: 'file', filename: 'tmp_a.png' },
    });
    expect(seen[0]!.text()).toContain('name="k"\r\n\r\n1\r\n');
    expect(made.transfers).toMatchObject({ inFlight: 0, most: 1 });
  });

  test('the eleventh upload at once fails, the eleventh request waits', async () => {
    const made = openHost({ network, files: { 'wxfile://tmp_a.png': 'A' } });
    const upload = { url: 'https://api.test/', filePath: 'wxfile://tmp_a.png', name: 'f' };
    const uploads = await Promise.all(Array.from({ length: 11 }, () => call(made, 'uploadFile', upload)));
    expect(uploads.filter(([kind]) => kind === 'success')).toHaveLength(10);
    expect(uploads[10]).toEqual(['fail', 'uploadFile:fail exceed max uploadFile connection count 10']);
    const requests = await Promise.all(
      Array.from({ length: 25 }, () => call(made, 'request', { url: 'https://api.test/' })),
    );
    expect(requests.every(([kind]) => kind === 'success')).toBe(true);
    expect(made.transfers).toMatchObject({ inFlight: 0, most: 10 });
  });

  test('abort fails the call once and leaves nothing running', async () => {
    const made = openHost({ network, files: { 'wxfile://tmp_a.png': 'x'.repeat(100000) } });
    const log = made.run(
      `var log = [];
       var task = wx.uploadFile({ url: 'https://api.test/', filePath: 'wxfile://tmp_a.png', name: 'f',
         success: function () { log.push('success') }, fail: function (e) { log.push(e.errMsg) } });
       setTimeout(function () { task.abort(); task.abort() }, 50);
       return log;`,
    );
    await made.clock.run();
    expect(log).toEqual(['uploadFile:fail abort']);
    expect(seen).toEqual([]);
    expect(made.transfers.inFlight).toBe(0);
    expect(made.clock.pending()).toEqual([]);
    expect(made.nativeCalls).toMatchObject([{ api: 'uploadFile', aborted: true }]);
  });

  test('no answer ends in a time-out', async () => {
    const made = openHost({ network });
    made.fault({ api: 'request', effect: { lose: 'reply' } });
    const start = made.clock.now();
    expect(await call(made, 'request', { url: 'https://api.test/' })).toEqual([
      'fail',
      'request:fail timeout',
    ]);
    expect(made.clock.now() - start).toBe(60000);
    expect(seen).toHaveLength(1);
  });

  test('faults change answers', async () => {
    const made = openHost({ network });
    made.fault({ api: 'request', nth: 1, effect: { malformed: '<html>' } });
    made.fault({ api: 'request', nth: 2, effect: { fail: { errMsg: 'oops', errCode: 5 } } });
    const args = { url: 'https://api.test/' };
    expect(await call(made, 'request', args)).toMatchObject(['success', { data: '<html>', statusCode: 200 }]);
    expect(await call(made, 'request', args)).toEqual(['fail', 'request:fail oops']);
    expect(await call(made, 'request', args)).toMatchObject(['success', { data: { got: '' } }]);
  });

  test('a download becomes a temporary file of the app', async () => {
    const made = openHost({ network });
    const [, result] = await call(made, 'downloadFile', { url: 'https://api.test/text' });
    expect(result).toMatchObject({ statusCode: 404, errMsg: 'downloadFile:ok' });
    expect(made.tempFiles()).toEqual([result.tempFilePath]);
  });
});

describe('real servers', () => {
  let origin: string;
  beforeAll(async () => {
    const { url } = await openServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => response.end(JSON.stringify({ bytes: Buffer.concat(chunks).length })));
    }, cleanUpAfterSuite);
    origin = url;
  });

  test('are reached with the real clock, with progress', async () => {
    const made = openHost({ clock: 'real', files: { 'wxfile://tmp_a': new Uint8Array(300000) } });
    const progress = made.run(
      `var seen = [];
       wx.uploadFile({ url: url, filePath: 'wxfile://tmp_a', name: 'f', success: function (r) { seen.push(r.data) } })
         .onProgressUpdate(function (p) { seen.push(p.progress) });
       return seen`,
      { url: origin },
    ) as unknown[];
    await made.clock.run(5000);
    expect(progress.length).toBeGreaterThan(3);
    expect(progress[progress.length - 2]).toBe(100);
    expect(JSON.parse(progress[progress.length - 1] as string).bytes).toBeGreaterThan(300000);
  });

  test('are out of reach in virtual time', async () => {
    expect(await call(openHost(), 'request', { url: origin })).toEqual([
      'fail',
      'request:fail net::ERR_CONNECTION_REFUSED',
    ]);
  });
});
