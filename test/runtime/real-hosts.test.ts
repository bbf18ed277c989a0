/** What real hosts do that no row of the simulator shows: bytes that change, words of many kinds, needs of their own. */
import { MAX_TRANSFERS } from '../../src/protocol';
import type { Any } from '../support/outcomes';
import { answered, ended, imported, injected, pass, watch, wxWith } from './support/own-host';

const CALL = { service: 's', api: 'a' };
const RELAY = { relay: { url: 'https://r.test' }, channels: ['relay'] };

interface Posted {
  path: string;
  data: Any;
  header: Record<string, string>;
}

/**
 * A host with a relay behind it.
 *
 * @param options.carry - what becomes of a body on its way; `options.answer` - answers in the relay's place
 */
function relayHost(
  options: { carry?: (data: Any) => Any; answer?: (request: Posted) => Any; saysSize?: boolean } = {},
  members: object = {},
): { wx: Any; posted: Posted[]; stored: Buffer[] } {
  const { carry = (data) => data, answer, saysSize = true } = options;
  const posted: Posted[] = [];
  const stored: Buffer[] = [];
  function reply({ path, data, header }: Posted): Any {
    if (path === '/session') return { statusCode: 200, data: { token: 'T', expires_in: 7200 } };
    if (path === '/invoke') return { statusCode: 200, data: { errcode: 0, request_id: 'R', data: '1' } };
    const body = carry(data);
    const bytes =
      body?.base64 === undefined
        ? Buffer.from(typeof body === 'string' ? body : new Uint8Array(body))
        : Buffer.from(body.base64, 'base64');
    if (saysSize && Number(header['X-Content-Bytes']) !== bytes.length)
      return { statusCode: 422, data: { errcode: -1, errmsg: 'not as long', request_id: 'Q' } };
    stored.push(bytes);
    return {
      statusCode: 200,
      data: { url: `https://r.test/${stored.length}`, ...(saysSize && { size: bytes.length }) },
    };
  }
  const wx = wxWith({
    login: ({ success }: Any) => success({ code: 'C' }),
    checkSession: ({ fail }: Any) => fail({}),
    arrayBufferToBase64: (buffer: ArrayBuffer) => Buffer.from(new Uint8Array(buffer)).toString('base64'),
    request({ url, data, header, success, fail }: Any) {
      const request = { path: url.replace('https://r.test', ''), data, header };
      posted.push(request);
      const result = answer?.(request) ?? reply(request);
      setTimeout(() => (result.statusCode ? success(result) : fail(result)), 1);
    },
    uploadFile: ({ fail }: Any) => fail({ errMsg: 'uploadFile:fail unexpected' }),
    ...members,
  });
  return { wx, posted, stored };
}

const apiOn = (wx: Any, config: object = RELAY): Any => {
  const api = imported(wx);
  api.configure(config);
  return api;
};
const bytesOf = (length: number): ArrayBuffer => Uint8Array.from({ length }, (_, i) => i).buffer;
const invoke = (api: Any, data?: unknown): Promise<Any> => ended(api.invokeService({ ...CALL, data }));

describe('bytes arrive, or the call fails unpaid', () => {
  const CHANGES: [string, (data: Any) => Any][] = [
    ['1.6.0 makes the string {} of them', (data) => (data instanceof ArrayBuffer ? '{}' : data)],
    ['a host cuts them', (data) => (data instanceof ArrayBuffer ? data.slice(0, 3) : data)],
    ['a host decodes them', (data) => (data instanceof ArrayBuffer ? Buffer.from(data).toString() : data)],
  ];
  describe.each(CHANGES)('%s', (_name, carry) => {
    test.each([true, false])('a relay that says the size: %s', async (saysSize) => {
      const { wx, stored, posted } = relayHost({ carry, saysSize });
      const api = apiOn(wx);
      const content = bytesOf(256);
      expect((await invoke(api, new api.CDN(content))).ok.data).toBe(1);
      expect(stored[stored.length - 1]).toEqual(Buffer.from(content));
      const { data } = posted.find(({ path }) => path === '/invoke') as Posted;
      expect(data.data).toBe(`"https://r.test/${stored.length}"`);
      // What was learned once is not tried again.
      const before = posted.length;
      await invoke(api, new api.CDN(bytesOf(7)));
      expect(posted.slice(before).map(({ path }) => path)).toEqual(['/files', '/invoke']);
      expect(stored[stored.length - 1]).toEqual(Buffer.from(bytesOf(7)));
    });

    test('and base64 too: no call is made, and nothing is billed', async () => {
      const spoil = (data: Any): Any => (data?.base64 ? { base64: data.base64.slice(4) } : carry(data));
      const { wx, stored, posted } = relayHost({ carry: spoil });
      const api = apiOn(wx);
      const { error } = await invoke(api, new api.CDN(bytesOf(256)));
      expect(error).toMatchObject({ billing: 'none', errCode: -1, statusCode: 422 });
      expect(stored).toEqual([]);
      expect(posted.filter(({ path }) => path === '/invoke')).toEqual([]);
    });
  });

  test.each([
    [299, ['/session', '/files', '/files', '/invoke']],
    [300, ['/session', '/files']],
  ])('with the status %d and no size: %j', async (statusCode, paths) => {
    const answer = ({ path, data }: Posted): Any =>
      path === '/files' && !data.base64 ? { statusCode, data: { url: 'https://r.test/0' } } : undefined;
    const { wx, posted } = relayHost({ answer });
    const api = apiOn(wx);
    await invoke(api, new api.CDN(bytesOf(256)));
    expect(posted.map(({ path }) => path)).toEqual(paths);
  });

  test.each([0, 1, 255])('%d bytes that arrive go once, as they are', async (length) => {
    const { wx, stored, posted } = relayHost();
    const api = apiOn(wx);
    expect((await invoke(api, new api.CDN(bytesOf(length)))).ok.data).toBe(1);
    expect(stored).toEqual([Buffer.from(bytesOf(length))]);
    expect(posted.map(({ path }) => path)).toEqual(['/session', '/files', '/invoke']);
  });

  test.each(['', 'abc', 'ä€', '𝄞', '\ud800', 'x\udc00y'])(
    'the string %j is as long as it says',
    async (text) => {
      const { wx, stored } = relayHost();
      const api = apiOn(wx);
      expect((await invoke(api, new api.CDN(text))).ok.data).toBe(1);
      expect(stored).toEqual([Buffer.from(text)]);
    },
  );

  test('a string that a host spoils goes again in JSON', async () => {
    const { wx, posted } = relayHost({ carry: (data) => (typeof data === 'string' ? '?' : data.text) });
    const api = apiOn(wx);
    expect((await invoke(api, new api.CDN('abc'))).ok.data).toBe(1);
    expect(posted[2].data).toEqual({ text: 'abc' });
  });
});

describe('bytes and strings that were not spoiled go once', () => {
  const contents: [string, Any][] = [
    ['bytes', bytesOf(256)],
    ['a string', 'abc'],
  ];
  const filesOf = (posted: Posted[]): Posted[] => posted.filter(({ path }) => path === '/files');

  test.each(
    contents.flatMap(([kind, content]) =>
      [403, 413, 429, 500, 503].map((status) => [kind, status, content] as const),
    ),
  )('%s that the relay refuses with %d', async (_kind, statusCode, content) => {
    const answer = ({ path }: Posted): Any =>
      path === '/files' ? { statusCode, data: { errcode: -1, errmsg: 'no', request_id: 'Q' } } : undefined;
    const { wx, posted } = relayHost({ answer });
    const api = apiOn(wx);
    expect((await invoke(api, new api.CDN(content))).error).toMatchObject({ statusCode, billing: 'none' });
    expect(filesOf(posted)).toHaveLength(1);
  });

  test.each(
    contents.flatMap(([kind, content]) =>
      ['timeout', 'net::ERR_CONNECTION_RESET', 'interrupted'].map((text) => [kind, text, content] as const),
    ),
  )('%s whose request fails with "%s": they may have arrived', async (_kind, text, content) => {
    const answer = ({ path }: Posted): Any =>
      path === '/files' ? { errMsg: `request:fail ${text}` } : undefined;
    const { wx, posted } = relayHost({ answer });
    const api = apiOn(wx);
    const { error } = await invoke(api, new api.CDN(content));
    expect(error).toMatchObject({ errMsg: `invokeService:fail request:fail ${text}`, billing: 'none' });
    expect(filesOf(posted)).toHaveLength(1);
  });

  test('a host that accepts no buffer gets base64; a string that it does not accept has no other form', async () => {
    const answer = ({ path, data }: Posted): Any =>
      path === '/files' && !data.base64 ? { errMsg: 'request:fail parameter error: data' } : undefined;
    const { wx, posted, stored } = relayHost({ answer });
    const api = apiOn(wx);
    expect((await invoke(api, new api.CDN(bytesOf(256)))).ok.data).toBe(1);
    expect(stored).toEqual([Buffer.from(bytesOf(256))]);
    const before = posted.length;
    expect((await invoke(api, new api.CDN('abc'))).error.message).toContain('parameter error');
    expect(filesOf(posted.slice(before)).map(({ data }) => data)).toEqual(['abc']);
  });

  test('a string over a relay that does not say the size', async () => {
    const { wx, posted } = relayHost({ saysSize: false });
    const api = apiOn(wx);
    expect((await invoke(api, new api.CDN('abc'))).ok.data).toBe(1);
    expect(filesOf(posted).map(({ data }) => data)).toEqual(['abc']);
  });
});

describe('a file that the host reads itself', () => {
  /** A host whose wx.uploadFile carries `stored` of 10 bytes, and what the relay answers. */
  function fileHost(answer: object, size: number | null = 10): Any {
    return relayHost({}, {
      getFileInfo: ({ success, fail }: Any) => (size === null ? fail({}) : success({ size })),
      uploadFile({ success, header }: Any) {
        headers.push(header);
        success({ statusCode: 200, data: JSON.stringify({ url: 'https://r.test/f', ...answer }) });
      },
    }); // prettier-ignore
  }
  let headers: Any[] = [];
  beforeEach(() => (headers = []));
  const upload = async (answer: object, size?: number | null): Promise<Any> => {
    const { wx, posted } = fileHost(answer, size);
    const api = apiOn(wx);
    const outcome = await invoke(api, new api.CDN({ filePath: 'f.png' }));
    return { ...outcome, calls: posted.filter(({ path }: Posted) => path === '/invoke').length };
  };

  test('arrives when the relay has as many bytes as the phone', async () => {
    const { ok, calls } = await upload({ size: 10 });
    expect(ok.data).toBe(1);
    expect([calls, headers[0]['X-Content-Bytes']]).toEqual([1, '10']);
  });

  test('and fails unpaid when it has fewer, though it did not refuse them', async () => {
    const { error, calls } = await upload({ size: 3 });
    expect(error).toMatchObject({ billing: 'none', errCode: -2 });
    expect(error.message).toBe('invokeService:fail upload:fail 3 of 10 bytes');
    expect(calls).toBe(0);
  });

  // Nothing is proved then; but no script has touched the file, and it cannot be sent in any other way on every host.
  test('an older relay, which does not say: it goes once, by the host alone', async () => {
    const { ok } = await upload({});
    expect(ok.data).toBe(1);
    expect(headers).toHaveLength(1);
  });

  test('a host that does not know the size: as the relay says', async () => {
    const { ok } = await upload({ size: 3 }, null);
    expect(ok.data).toBe(1);
    expect(headers[0]).not.toHaveProperty('X-Content-Bytes');
  });
});

describe('a relay that says a size and refuses none', () => {
  test('bytes that come short as base64 too make no call', async () => {
    const short = { statusCode: 200, data: { url: 'https://r.test/f', size: 2 } };
    const { wx, posted } = relayHost({ answer: ({ path }) => (path === '/files' ? short : undefined) });
    const api = apiOn(wx);
    const { error } = await invoke(api, new api.CDN(bytesOf(256)));
    expect(error).toMatchObject({
      billing: 'none',
      errCode: -2,
      message: expect.stringContaining('2 of 256'),
    });
    expect(posted.map(({ path }) => path)).toEqual(['/session', '/files', '/files']);
  });
});

describe('answers of other hosts', () => {
  test('{"scene": 3} alone means not yet', async () => {
    const scenes: number[] = [];
    const wx = wxWith({
      operateWXData({ data, reqData, success }: Any) {
        const { scene } = reqData ?? data.data;
        scenes.push(scene);
        success(scenes.length < 3 ? { rawData: '{"scene": 3}' } : answered({ k: 1 }));
      },
    });
    expect((await ended(imported(wx).invokeService(CALL))).ok.data).toEqual({ k: 1 });
    expect(scenes).toEqual([1, 2, 2]);
  });

  test('a provider’s own data with a scene stays data', async () => {
    const wx = wxWith({
      operateWXData: ({ success }: Any) => success({ rawData: '{"scene": 3, "who": "provider"}' }),
    });
    expect((await ended(imported(wx).invokeService(CALL))).ok.data).toEqual({ scene: 3, who: 'provider' });
  });

  test.each(['200', 200])('a status %j is good, as text and as number', async (statusCode) => {
    const { wx } = relayHost({}, {
      uploadFile: ({ success }: Any) => success({ statusCode, data: '{"url": "https://r.test/f"}' }),
    }); // prettier-ignore
    const { request } = wx;
    wx.request = (options: Any): void =>
      request({ ...options, success: (result: Any) => options.success({ ...result, statusCode }) });
    const api = apiOn(wx);
    expect((await invoke(api, [new api.CDN('t'), new api.CDN({ filePath: 'f.png' })])).ok.data).toBe(1);
  });

  test('a status 401 as text renews the session', async () => {
    let refused = 0;
    const { wx, posted } = relayHost({
      answer: ({ path }) =>
        path === '/invoke' && !refused++
          ? { statusCode: '401', data: { errcode: 40001, errmsg: 'ended' } }
          : undefined,
    });
    expect((await invoke(apiOn(wx))).ok.data).toBe(1);
    expect(posted.filter(({ path }) => path === '/session')).toHaveLength(2);
  });

  test.each<[unknown, string]>([
    [{ error: 12, errorMessage: 'no right' }, 'no right'],
    [{ error: 12 }, '12'],
    [{}, 'unknown error'],
    [{ errMsg: {} }, 'unknown error'],
    [undefined, 'unknown error'],
    ['words', 'words'],
    [7, '7'],
    [new TypeError('x is null'), 'TypeError: x is null'],
  ])('a failure %j reads %j', async (cause, text) => {
    const wx = wxWith({ operateWXData: ({ fail }: Any) => fail(cause) });
    const { error } = await ended(imported(wx).invokeService(CALL));
    expect(error.message).toContain(text);
    expect(error.message).not.toContain('[object');
    expect(error.errMsg).toBe(error.message);
  });
});

describe('what the host’s words say of the bill', () => {
  const REFUSED = [
    'operateWXData:fail no permission',
    'operateWXData:fail invalid scope',
    'operateWXData:fail auth deny',
    'operateWXData:fail appid privacy api banned',
    'operateWXData:fail api scope is not declared in the privacy agreement',
    'operateWXData:fail jsapi not exist',
    'operateWXData:fail the api is banned',
    'operateWXData:fail without permission',
    'operateWXData:fail permission denied',
    'operateWXData:fail access_denied',
    'operateWXData:fail not supported',
    'operateWXData:fail function not exist',
    'operateWXData:fail 没有权限',
  ];
  /** Hosts write the same words in capitals too. */
  const inCapitals = (errMsg: string): string => errMsg.replace(/ .*/, (words) => words.toUpperCase());
  const spelt = [...new Set([...REFUSED, ...REFUSED.map(inCapitals)])];

  test.each(spelt)('%s: nothing was sent, and the next channel carries the call', async (errMsg) => {
    let asked = 0;
    const { wx, posted } = relayHost({}, { operateWXData: ({ fail }: Any) => (asked++, fail({ errMsg })) });
    const api = apiOn(wx, { relay: RELAY.relay });
    expect((await invoke(api)).ok.data).toBe(1);
    expect((await invoke(api)).ok.data).toBe(1);
    expect(asked).toBe(1);
    expect(posted.filter(({ path }) => path === '/invoke')).toHaveLength(2);
  });

  test('the refusal is no field of the error that a page sees', async () => {
    const wx = wxWith({ operateWXData: ({ fail }: Any) => fail({ errMsg: REFUSED[0] }) });
    const { error } = await ended(imported(wx).invokeService(CALL));
    expect(error).toMatchObject({ billing: 'none', errCode: -2 });
    expect('refused' in error).toBe(false);
  });

  test.each([
    'operateWXData:fail',
    'operateWXData:fail timeout',
    'operateWXData:fail interrupted',
    'operateWXData:fail system error',
  ])('%s: it may have been sent', async (errMsg) => {
    const { wx, posted } = relayHost({}, { operateWXData: ({ fail }: Any) => fail({ errMsg }) });
    const { error } = await invoke(apiOn(wx, { relay: RELAY.relay }));
    expect(error.billing).toBe('unknown');
    expect(posted).toEqual([]);
  });

  test('wx.cloud of an app without a cloud: -601034, and the next channel', async () => {
    const errMsg = 'errCode: -601034 | errMsg: 没有权限，请先开通云服务';
    const { wx } = relayHost({}, {
      cloud: { callFunction: ({ fail }: Any) => fail({ errCode: -601034, errMsg }) },
    }); // prettier-ignore
    const config = { ...RELAY, channels: ['cloud', 'relay'], cloud: { env: 'e', function: 'f' } };
    expect((await invoke(apiOn(wx, config))).ok.data).toBe(1);
    const alone = apiOn(relayHost({}, { cloud: wx.cloud }).wx, { ...config, channels: ['cloud'] });
    expect((await invoke(alone)).error).toMatchObject({ billing: 'none' });
  });

  test('a function that failed with such words has run', async () => {
    const errMsg = 'errCode: -504002 | errMsg: connect ECONNREFUSED, 没有权限';
    const { wx } = relayHost({}, {
      cloud: { callFunction: ({ fail }: Any) => fail({ errCode: -504002, errMsg }) },
    }); // prettier-ignore
    const config = { ...RELAY, channels: ['cloud', 'relay'], cloud: { env: 'e', function: 'f' } };
    expect((await invoke(apiOn(wx, config))).error).toMatchObject({ billing: 'unknown', errCode: -504002 });
  });

  const UNCONNECTED = [
    'request:fail errcode:-102 cronet_error_code:-102 error_msg:net::ERR_CONNECTION_REFUSED',
    'request:fail net::ERR_NAME_NOT_RESOLVED',
    'request:fail Unable to resolve host "r.test"',
    'request:fail connect ECONNREFUSED 127.0.0.1:80',
    'request:fail getaddrinfo ENOTFOUND r.test',
    'request:fail Could not connect to the server.',
    'request:fail A server with the specified hostname could not be found.',
    'request:fail 未能连接到服务器。',
    'request:fail 未能找到使用指定主机名的服务器。',
    'request:fail url not in domain list',
  ];
  const failing = (errMsg: string, times = Infinity): ((request: Posted) => Any) => {
    let left = times;
    return ({ path }) => (path === '/invoke' && left-- > 0 ? { errMsg } : undefined);
  };
  test.each(UNCONNECTED)('%s: there was no connection, so nothing is billed', async (errMsg) => {
    const { wx, posted } = relayHost({ answer: failing(errMsg) });
    expect((await invoke(apiOn(wx))).error).toMatchObject({ billing: 'none', errCode: -2 });
    expect(posted.filter(({ path }) => path === '/invoke')).toHaveLength(3);
  });

  test('no connection at first: the call goes again under its id', async () => {
    const { wx, posted } = relayHost({ answer: failing(UNCONNECTED[0], 1) });
    expect((await invoke(apiOn(wx))).ok.data).toBe(1);
    const ids = posted.filter(({ path }) => path === '/invoke').map(({ data }) => data.client_msg_id);
    expect(ids).toEqual([ids[0], ids[0]]);
  });

  test('a loss and then no connection: the lost message may have arrived', async () => {
    let sent = 0;
    const answer = ({ path }: Posted): Any =>
      path === '/invoke' ? { errMsg: sent++ ? UNCONNECTED[0] : 'request:fail timeout' } : undefined;
    const { wx } = relayHost({ answer });
    expect((await invoke(apiOn(wx))).error).toMatchObject({ billing: 'unknown' });
  });

  test.each([
    'request:fail net::ERR_INTERNET_DISCONNECTED',
    'request:fail The Internet connection appears to be offline.',
    'request:fail net::ERR_CONNECTION_RESET',
    'request:fail timeout',
  ])('%s, of a network that ends after the send: it may have arrived', async (errMsg) => {
    let network = 'wifi';
    const { wx } = relayHost(
      {
        answer({ path }) {
          if (path !== '/invoke') return undefined;
          network = 'none';
          return { errMsg };
        },
      },
      { getNetworkType: ({ success }: Any) => success({ networkType: network }) },
    );
    expect((await invoke(apiOn(wx))).error).toMatchObject({ billing: 'unknown' });
  });

  test('no network before the send: nothing is handed over, and nothing is billed', async () => {
    let network = 'wifi';
    const { wx, posted } = relayHost(
      {},
      { getNetworkType: ({ success }: Any) => success({ networkType: network }) },
    );
    const api = apiOn(wx);
    await invoke(api);
    network = 'none';
    expect((await invoke(api)).error).toMatchObject({
      billing: 'none',
      message: expect.stringContaining('no network'),
    });
    expect(posted.filter(({ path }) => path === '/invoke')).toHaveLength(1);
  });
});

describe('refusals of the relay reach the page as they are', () => {
  const body = (errcode: number, errmsg: string): object => ({
    errcode,
    errmsg,
    request_id: 'Q',
    billing: 'none',
  });
  const limit = body(
    -11,
    'Failed to accept the request: the limit of 5 files in 60 seconds is reached. Try again in 9 seconds.',
  );
  test.each([
    ['429', 429, limit, { errCode: -11, retryAfter: 9 }],
    ['401', 401, body(40001, 'no session'), { errCode: 40001 }],
    [
      '413',
      413,
      body(-1, 'larger than 20971520 bytes'),
      { errCode: -1, message: expect.stringContaining('20971520') },
    ],
  ] as const)('%s for a string, a file and a call', async (_name, statusCode, data, expected) => {
    const { wx } = relayHost(
      { answer: ({ path }) => (path === '/session' ? undefined : { statusCode, data }) },
      { uploadFile: ({ success }: Any) => success({ statusCode, data: JSON.stringify(data) }) },
    );
    const api = apiOn(wx);
    for (const content of [new api.CDN('t'), new api.CDN({ filePath: 'f.png' })]) {
      expect((await invoke(api, content)).error).toMatchObject({
        ...expected, statusCode, body: data, requestId: 'Q', billing: 'none',
      }); // prettier-ignore
    }
    expect((await invoke(api)).error).toMatchObject({ ...expected, statusCode, body: data, requestId: 'Q' });
  });

  test.each(['Retry-After', 'retry-after'])('the header %s says when', async (name) => {
    const data = body(-11, 'too many');
    const { wx } = relayHost({
      answer: ({ path }) =>
        path === '/session' ? undefined : { statusCode: 429, data, header: { [name]: '33' } },
    });
    expect((await invoke(apiOn(wx))).error).toMatchObject({ errCode: -11, retryAfter: 33, billing: 'none' });
  });

  test.each([
    ['Try again in 10 seconds.', 10],
    ['Try again in some seconds.', undefined],
    ['Waited 10 seconds. Try again later.', undefined],
  ])('the text "%s" says when: %s', async (errmsg, retryAfter) => {
    const { wx } = relayHost({
      answer: ({ path }) => (path === '/session' ? undefined : { statusCode: 429, data: body(-11, errmsg) }),
    });
    expect((await invoke(apiOn(wx))).error.retryAfter).toBe(retryAfter);
  });

  test('a plugin gets the whole body too', async () => {
    const data = { ...body(-11, 'too many'), detail: { list: [{ deep: 1 }] } };
    const { wx } = relayHost({
      answer: ({ path }) => (path === '/session' ? undefined : { statusCode: 429, data }),
    });
    const replies: [string, Any][] = [];
    const reply = (kind: string, text: string): void =>
      void (kind === 'progress' || replies.push([kind, JSON.parse(text)]));
    const plugin = {
      connectServiceMarket: (send: Any) => send('invokeService', JSON.stringify(CALL), reply, undefined, '#'),
    };
    apiOn(wx).connectPlugin({ name: 'p', plugin });
    await pass(1000);
    expect(replies).toEqual([
      ['fail', expect.objectContaining({ errCode: -11, statusCode: 429, body: data })],
    ]);
  });

  test('what is known to be too large is not sent', async () => {
    const { wx, posted } = relayHost({}, { getFileInfo: ({ success }: Any) => success({ size: 11 }) });
    const api = apiOn(wx, { ...RELAY, limits: { fileBytes: 10 } });
    for (const content of ['x'.repeat(11), bytesOf(11), { filePath: 'f.png' }]) {
      expect((await invoke(api, new api.CDN(content))).error).toMatchObject({
        errCode: -1, billing: 'none', message: expect.stringContaining('limits.fileBytes is 10'),
      }); // prettier-ignore
    }
    expect(posted).toEqual([]);
  });
});

describe('uploads on hosts with few slots', () => {
  /** A host that runs `max` uploads, of which the page itself has `taken`, and refuses more with `words`. */
  function slots(
    max: number,
    state = { taken: 0 },
    words = 'exceed max upload connection count',
  ): { wx: Any; state: { taken: number; refused: number } } {
    const seen = Object.assign(state, { refused: 0 });
    let running = 0;
    const { wx } = relayHost({}, {
      uploadFile({ success, fail }: Any) {
        if (running + seen.taken >= max) {
          seen.refused++;
          return setTimeout(fail, 1, { errMsg: `uploadFile:fail ${words} ${max}` });
        }
        running++;
        return setTimeout(() => {
          running--;
          success({ statusCode: 200, data: '{"url": "https://r.test/f"}' });
        }, 1000);
      },
    }); // prettier-ignore
    return { wx, state: seen };
  }
  const filesOf = (api: Any, count: number): Any[] =>
    Array.from({ length: count }, (_, i) => new api.CDN({ filePath: `f${i}.png` }));

  test('the host runs three: all arrive, and the smaller number is learned', async () => {
    const { wx, state } = slots(3);
    const api = apiOn(wx);
    expect((await invoke(api, filesOf(api, 12))).ok.data).toBe(1);
    const { refused } = state;
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThanOrEqual(MAX_TRANSFERS);
    expect((await invoke(api, filesOf(api, 12))).ok.data).toBe(1);
    expect(state.refused).toBe(refused);
  });

  test('however the host writes its refusal', async () => {
    const { wx, state } = slots(3, undefined, 'Exceed MAX upload connection count');
    const api = apiOn(wx);
    expect((await invoke(api, filesOf(api, 12))).ok.data).toBe(1);
    expect(state.refused).toBeGreaterThan(0);
  });

  test('the page has them all: waits until one is free', async () => {
    const { wx, state } = slots(2, { taken: 2 });
    const api = apiOn(wx);
    const seen = watch(api.invokeService({ ...CALL, data: filesOf(api, 2) }));
    await pass(10_000);
    expect(seen).toEqual({});
    // Two at first, then one each half second.
    expect(state.refused).toBeLessThan(25);
    state.taken = 0;
    await pass(10_000);
    expect(seen.ok.data).toBe(1);
  });

  test.each([
    // A file is given the time for the 10 MiB that the platform accepts, because its size is not known.
    ['the defaults', {}, 60_000 + (10_485_760 / 20_480) * 1000],
    ['another uploadTimeout', { uploadTimeout: 7000 }, 7000 + (10_485_760 / 20_480) * 1000],
    ['another uploadRate', { uploadRate: 1_048_576 }, 60_000 + 10_000],
    ['both', { uploadTimeout: 1000, uploadRate: 10_485_760 }, 2000],
  ])('by %s, configured at run time, an upload ends to the ms', async (_name, limits, ms) => {
    const { wx } = slots(1, { taken: 1 });
    const api = apiOn(wx);
    api.configure({ limits });
    // The session, and the slot that is waited for, come before it.
    const seen = watch(api.invokeService({ ...CALL, data: filesOf(api, 1) }));
    await pass(ms - 1);
    expect(seen).toEqual({});
    await pass(100);
    expect(seen.error).toMatchObject({ billing: 'none', message: 'invokeService:fail upload:fail timeout' });
  });

  test('a string and bytes are given the time for what they are', async () => {
    for (const content of ['x'.repeat(2048), bytesOf(2048)]) {
      const { wx } = relayHost();
      const { request } = wx;
      wx.request = (options: Any) => (options.url.endsWith('/files') ? undefined : request(options));
      const api = apiOn(wx, { ...RELAY, limits: { uploadTimeout: 1000, uploadRate: 1024 } });
      const seen = watch(api.invokeService({ ...CALL, data: new api.CDN(content) }));
      await pass(2990);
      expect(seen).toEqual({});
      await pass(100);
      expect(seen.error.message).toBe('invokeService:fail upload:fail timeout');
    }
  });

  test('and for no longer than an upload may take', async () => {
    const { wx } = slots(1, { taken: 1 });
    const api = apiOn(wx, { ...RELAY, limits: { uploadTimeout: 5000, uploadRate: 1e9 } });
    const { error } = await invoke(api, filesOf(api, 1));
    expect(error).toMatchObject({ billing: 'none', message: 'invokeService:fail upload:fail timeout' });
  });
});

test('the last progress of an upload comes once', async () => {
  const { wx } = relayHost({}, {
    uploadFile({ success }: Any) {
      setTimeout(success, 10, { statusCode: 200, data: '{"url": "https://r.test/f"}' });
      return {
        onProgressUpdate(listener: Any) {
          for (const sent of [5, 10]) listener({ totalBytesSent: sent, totalBytesExpectedToSend: 10 });
        },
      };
    },
  }); // prettier-ignore
  const api = apiOn(wx);
  const seen: number[] = [];
  const task = api.invokeService({ ...CALL, data: new api.CDN({ filePath: 'f.png' }) });
  task.onProgressUpdate(({ phase, progress }: Any) => phase === 'upload' && seen.push(progress));
  await ended(task);
  expect(seen).toEqual([50, 100]);
});

test('what an API returns besides, as of Taro, is never a rejection that nobody handles', async () => {
  const handlers: unknown[] = [];
  const { wx } = relayHost();
  const { request } = wx;
  wx.request = (options: Any) => {
    request(options);
    return { then: (_ok: unknown, handler: unknown) => void handlers.push(handler) };
  };
  expect((await invoke(apiOn(wx), 1)).ok.data).toBe(1);
  // The session's and the call's.
  expect(handlers).toEqual([expect.any(Function), expect.any(Function)]);
});

// As Taro does for an API that its host lacks.
test.each(['getNetworkType', 'getFileInfo'])('a host that never answers %s holds no call up', async (api) => {
  const { wx, posted } = relayHost({}, {
    [api]: () => undefined,
    uploadFile: ({ success }: Any) => success({ statusCode: 200, data: '{"url": "https://r.test/f"}' }),
  }); // prettier-ignore
  const imported = apiOn(wx);
  const outcome = await invoke(imported, new imported.CDN({ filePath: 'a.png' }));
  expect(outcome.error).toBeUndefined();
  expect(posted.filter(({ path }) => path === '/invoke')).toHaveLength(1);
});

describe('what Alipay wants of an upload', () => {
  test.each([
    ['a.png', 'image'],
    ['a.MP4', 'video'],
    ['a.mp3', 'audio'],
    ['a.M4A', 'audio'],
    ['tmp', 'image'],
  ])('%s: fileType %s', async (filePath, fileType) => {
    const seen: Any[] = [];
    const { wx } = relayHost({}, {
      uploadFile(options: Any) {
        seen.push(options.fileType);
        options.success({ statusCode: '200', data: '{"url": "https://r.test/f"}' });
      },
    }); // prettier-ignore
    const api = apiOn(wx);
    await invoke(api, new api.CDN({ filePath }));
    expect(seen).toEqual([fileType]);
  });
});

describe('configure of the injected file', () => {
  test.each([
    { transfers: 0 },
    { transfers: 11 },
    { transfers: 1.5 },
    { messages: 0 },
    { uploadRate: '9' },
    { unknown: 1 },
    { pollInterval: -1 },
  ])('refuses the limits %j', (limits) => {
    expect(() => injected(wxWith({ operateWXData() {} })).configure({ limits })).toThrow(/limits\./);
  });

  test.each([
    { channels: ['bridge'] },
    { channels: ['cloud', 'relay', 'bridge'] },
    { plugins: { a: 'all', b: [{ service: 'wx1', api: 'x', perMinute: 0 }] } },
    { plugins: { a: [{ service: 'wx1', perMinute: 1 }] } },
    { plugins: { a: [{ service: 'wx1', perMinute: 6000 }] } },
  ])('of an import accepts %j', (configuration) => {
    expect(() => imported(wxWith()).configure(configuration)).not.toThrow();
  });

  test.each([
    { cloud: { env: 5, function: 'f' } },
    { plugins: { a: [{ service: {} }] } },
    { plugins: { a: 'none' } },
    { plugins: { a: 'all', b: 'none' } },
    { plugins: { a: [{ service: 'wx1', perMinute: -1 }] } },
    { plugins: { a: [{ service: 'wx1', perMinute: 1.5 }] } },
    { plugins: { a: [{ service: 'wx1', perMinute: '1' }] } },
    { plugins: { a: [{ service: 'wx1', perMinute: 6001 }] } },
    { channels: [] },
  ])('of an import refuses %j', (configuration) => {
    expect(() => imported(wxWith()).configure(configuration)).toThrow(/^configure: /);
  });

  test('accepts what an app can do with', () => {
    expect(() =>
      injected(wxWith({ operateWXData() {} })).configure({
        limits: { transfers: 1, repeats: 0, pollInterval: 0 },
      }),
    ).not.toThrow();
  });
});

test('of a host with a whole market of its own, the injected file reads that market alone when it loads', () => {
  const read: unknown[] = [];
  const serviceMarket = { invokeService() {}, getAsyncResult() {}, CDN() {} };
  const wx = new Proxy(wxWith({ serviceMarket }), { get: (target, key) => (read.push(key), target[key]) });
  injected(wx);
  expect(read).toEqual(['serviceMarket']);
});

test('a host that ignores the definition of its market is warned of', () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  const wx = new Proxy(wxWith(), { defineProperty: (target, key, descriptor) => key === 'serviceMarket' || Reflect.defineProperty(target, key, descriptor) }); // prettier-ignore
  const { problem } = imported(wx).install();
  expect(problem).toContain('Failed to set wx.serviceMarket: the host ignores it');
  expect(warn).toHaveBeenCalledWith(problem);
  warn.mockRestore();
});
