import { setTimeout as sleep } from 'node:timers/promises';
import { createOpenApi } from '../../src/openapi';
import { type RelayOptions } from '../../src/relay';
import { openUpstream } from './support/fake-upstream';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { until } from '../support/until';
import { form, openRelay, refusal } from './support/open-relay';

const services = { wxocr: ['Ocr', 'Other'] };
const call = { service: 'wxocr', api: 'Ocr', data: '{"a":1}', client_msg_id: 'id-1' };

/** @param timeout - ms that the platform has for an answer */
async function open(
  options: Partial<RelayOptions> = {},
  billing: 'perId' | 'perMessage' = 'perMessage',
  timeout = 300,
) {
  const upstream = await openUpstream(billing);
  const openApi = createOpenApi({
    appid: 'wxapp',
    secret: 'app-secret',
    baseUrl: upstream.url,
    timeout,
  });
  const relay = await openRelay({ openApi, services, ...options });
  const token = await relay.signIn();
  const invoke = (body: object, as = token): Promise<Response> => relay.post('/invoke', body, as);
  return { upstream, openApi, relay, token, invoke };
}

describe('POST /invoke', () => {
  test('calls the platform and gives its answer', async () => {
    const { invoke, upstream } = await open();
    const reply = await invoke(call);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({ errcode: 0, errmsg: 'ok', data: '{"got":{"a":1},"n":1}' });
    expect(upstream.seen.at(-1)).toMatchObject({
      query: { access_token: 'token-1' },
      json: { service: 'wxocr', api: 'Ocr', data: { a: 1 }, client_msg_id: 'id-1' },
    });
  });

  test.each([
    ['an object', { a: [1] }, { a: [1] }],
    ['JSON text of a text', '"hi"', '"hi"'],
    ['JSON text of null', 'null', null],
    ['nothing', undefined, undefined],
  ])('passes %s on', async (_name, data, expected) => {
    const { invoke, upstream } = await open();
    expect((await invoke({ ...call, data })).status).toBe(200);
    expect(upstream.seen.at(-1)?.json.data).toEqual(expected);
  });

  test.each([
    ['as text', (deep: string) => JSON.stringify(deep)],
    ['as a value', (deep: string) => deep],
  ])('refuses data %s that cannot be written again, and its id stays free', async (_name, write) => {
    const { invoke, upstream, relay, token } = await open();
    const send = (levels: number): Promise<Response> => {
      const data = write('['.repeat(levels) + '"[[\\"[["' + ']'.repeat(levels));
      return fetch(`${relay.url}/invoke`, {
        method: 'POST',
        body: `${JSON.stringify(call)
          .replace(/"data":"[^,]*",/, '')
          .slice(0, -1)},"data":${data}}`,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      });
    };
    for (const levels of [20_000, 1001]) {
      expect(await refusal(await send(levels), 400, -1)).toContain('nested deeper than 1000 levels');
    }
    expect(upstream.count('/wxa/servicemarket')).toBe(0);
    expect((await send(1000)).status).toBe(200);
    await refusal(await invoke(call), 409, -1, 'unknown');
  });

  test("gives the platform's own refusal as it is, and keeps it", async () => {
    const { invoke, upstream } = await open();
    upstream.replies.set('/wxa/servicemarket', () => ({
      errcode: 9301010,
      errmsg: 'no balance',
      request_id: 'R',
    }));
    const expected = { errcode: 9301010, errmsg: 'no balance', request_id: 'R' };
    for (let i = 0; i < 2; i++) {
      const reply = await invoke(call);
      expect([reply.status, await reply.json()]).toEqual([200, expected]);
    }
    expect(upstream.count('/wxa/servicemarket')).toBe(1);
  });

  test('sends the paying account of its own configuration', async () => {
    const { invoke, upstream } = await open({ consume: { type: 2, appid: 'wxpay' } });
    await invoke(call);
    expect(upstream.seen.at(-1)?.json).toMatchObject({ consume_type: 2, consume_appid: 'wxpay' });
  });

  test.each([
    ['an interface that is not listed', { ...call, api: 'Secret' }, 403, -7],
    ['a service that is not listed', { ...call, service: 'wxother' }, 403, -7],
    ['a name of Object.prototype', { ...call, service: 'constructor' }, 403, -7],
    ['a paying account of its own', { ...call, consume_appid: 'x' }, 400, -1],
    ['data that is no JSON', { ...call, data: '{' }, 400, -1],
    ['no id', { ...call, client_msg_id: undefined }, 400, -1],
    ['an empty id', { ...call, client_msg_id: '' }, 400, -1],
    ['an id that is too long', { ...call, client_msg_id: 'x'.repeat(129) }, 400, -1],
    ['a number for async', { ...call, async: 1 }, 400, -1],
  ])('refuses %s and sends nothing', async (_name, body, status, errcode) => {
    const { invoke, upstream } = await open();
    await refusal(await invoke(body), status, errcode);
    expect(upstream.seen).toEqual([]);
  });

  test('without a list allows nothing, and without a session neither', async () => {
    const { invoke, relay } = await open({ services: {} });
    await refusal(await invoke(call), 403, -7);
    await refusal(await relay.post('/invoke', call), 401, 40001);
    await refusal(await relay.post('/retrieve', { request_id: 'x' }), 401, 40001);
  });
});

describe.each(['perId', 'perMessage'] as const)('never billed twice, with bills %s:', (billing) => {
  test('the same id with other data, interface or kind is 409, also while it is under way', async () => {
    const { invoke, upstream } = await open({}, billing);
    const [first, ...others] = await Promise.all(
      [call, { ...call, data: '{"a":2}' }].map((body) => invoke(body)),
    );
    expect(first.status).toBe(200);
    for (const reply of others) await refusal(reply, 409, -1, 'unknown');
    await refusal(await invoke({ ...call, api: 'Other' }), 409, -1, 'unknown');
    await refusal(await invoke({ ...call, async: true }), 409, -1, 'unknown');
    expect(upstream.bills).toEqual(['id-1']);
  });

  test.each([
    ['no answer', 'hang', 504],
    ['a connection that breaks', 'reset', 502],
    ['an answer that is no object', Buffer.from('[1]'), 502],
    ['a refused token beside an answer', { errcode: 40001, errmsg: 'no', request_id: 'r' }, 502],
  ] as const)(
    'after %s the outcome is unknown, stays so, and is not sent again',
    async (_name, broken, status) => {
      const { invoke, upstream } = await open({}, billing);
      upstream.replies.set('/wxa/servicemarket', (_request, count) =>
        count === 1 ? (broken as never) : undefined,
      );
      expect(await refusal(await invoke(call), status, -2, 'unknown')).toContain('outcome unknown');
      expect(await refusal(await invoke(call), 504, -2, 'unknown')).toContain('outcome unknown');
      expect(upstream.count('/wxa/servicemarket')).toBe(1);
      expect((await invoke({ ...call, client_msg_id: 'id-2' })).status).toBe(200);
    },
  );

  test('an answer that is no JSON is kept as it is, and is the answer to every repeat', async () => {
    const { invoke, upstream } = await open({}, billing);
    upstream.replies.set('/wxa/servicemarket', () => Buffer.from('{"data":"paid'));
    const reply = {
      errcode: -2,
      errmsg: expect.stringContaining('outcome unknown'),
      billing: 'unknown',
      body: '{"data":"paid',
    };
    expect(await (await invoke(call)).json()).toEqual(reply);
    expect(await (await invoke(call)).json()).toEqual(reply);
    expect(upstream.count('/wxa/servicemarket')).toBe(1);
  });

  test('raw control characters and a byte order mark lose no answer', async () => {
    const { invoke, upstream } = await open({}, billing);
    upstream.replies.set('/wxa/servicemarket', () =>
      Buffer.from('\ufeff{\n"errcode": 0,\t"data": "a\nb\\"\u0001[",\r\n"errmsg": "ok"}'),
    );
    expect(await (await invoke(call)).json()).toEqual({ errcode: 0, errmsg: 'ok', data: 'a\nb"\u0001[' });
  });

  test.each([40001, 40014, 42001])('a token that stays refused (%i) is no outcome', async (errcode) => {
    const { invoke, upstream } = await open({}, billing);
    upstream.replies.set('/wxa/servicemarket', (_request, count) =>
      count <= 2 ? { errcode, errmsg: 'token' } : undefined,
    );
    expect(await refusal(await invoke(call), 502, -2)).toContain('nothing was sent');
    expect(upstream.count('/wxa/servicemarket')).toBe(2);
    expect((await invoke(call)).status).toBe(200);
    expect(upstream.bills).toEqual(['id-1']);
  });

  test('what never left may be tried again', async () => {
    const { invoke, upstream } = await open({}, billing);
    upstream.replies.set('/cgi-bin/stable_token', (_request, count) => (count === 1 ? 'reset' : undefined));
    expect(await refusal(await invoke(call), 502, -2)).toContain('nothing was sent');
    expect((await invoke(call)).status).toBe(200);
    expect(upstream.bills).toEqual(['id-1']);
  });

  test('a token that ended meanwhile is renewed within the one call', async () => {
    const { invoke, upstream } = await open({}, billing);
    await invoke(call);
    upstream.state.token++;
    expect((await invoke({ ...call, client_msg_id: 'id-2' })).status).toBe(200);
    expect(upstream.bills).toEqual(['id-1', 'id-2']);
  });

  test('a repeat whose files were uploaded anew is the same call', async () => {
    const { invoke, relay, token, upstream } = await open({}, billing);
    const upload = async (text: string): Promise<string> =>
      ((await (await relay.send(form(text), token)).json()) as { url: string }).url;
    const withUrl = (url: string): object => ({ ...call, data: JSON.stringify({ img: url, also: [url] }) });
    const [first, second] = [await upload('photo'), await upload('photo')];
    expect(second).not.toBe(first);
    const reply = await (await invoke(withUrl(first))).json();
    expect(await (await invoke(withUrl(second))).json()).toEqual(reply);
    await refusal(await invoke(withUrl(await upload('another'))), 409, -1, 'unknown');
    expect(upstream.bills).toEqual(['id-1']);
  });
});

test('upstreamIdempotent: an unknown outcome is asked for again', async () => {
  const { invoke, upstream } = await open({ upstreamIdempotent: true });
  upstream.replies.set('/wxa/servicemarket', (_request, count) => (count === 1 ? 'reset' : undefined));
  await refusal(await invoke(call), 502, -2, 'unknown');
  expect((await invoke(call)).status).toBe(200);
  expect(upstream.count('/wxa/servicemarket')).toBe(2);
});

describe('limits', () => {
  test('count calls, not repeats and not what never left', async () => {
    const { invoke, relay, upstream } = await open({ limits: { callsPerHour: 2 } });
    upstream.replies.set('/cgi-bin/stable_token', (_request, count) => (count === 1 ? 'reset' : undefined));
    await refusal(await invoke(call), 502, -2);
    for (let i = 0; i < 3; i++) expect((await invoke(call)).status).toBe(200);
    expect((await invoke({ ...call, client_msg_id: 'id-2' })).status).toBe(200);
    const reply = await invoke({ ...call, client_msg_id: 'id-3' });
    expect(reply.headers.get('retry-after')).toBe('3600');
    await refusal(reply, 429, -11);
    relay.clock.ms += 3_600_000;
    expect((await invoke({ ...call, client_msg_id: 'id-3' })).status).toBe(200);
  });

  test('hold questions for results', async () => {
    const { relay, token } = await open({ limits: { pollsPerHour: 1 } });
    await refusal(await relay.post('/retrieve', { request_id: 'x' }, token), 404, -1);
    await refusal(await relay.post('/retrieve', { request_id: 'x' }, token), 429, -11);
  });
});

describe('POST /retrieve', () => {
  const task = { ...call, async: true };

  test("asks for the user's own task, as often as it likes", async () => {
    const { invoke, relay, token, upstream } = await open();
    const started = (await (await invoke(task)).json()) as { request_id: string };
    expect(started).toMatchObject({ errcode: 0, request_id: 'R-id-1' });
    upstream.replies.set('/wxa/servicemarketretrieve', (_request, count) =>
      count === 1 ? { errcode: 0, errmsg: 'ok', data: 'null', status: 1 } : undefined,
    );
    const ask = async () => (await relay.post('/retrieve', { request_id: started.request_id }, token)).json();
    expect(await ask()).toEqual({ errcode: 0, errmsg: 'ok', data: 'null', status: 1 });
    expect(await ask()).toEqual({
      errcode: 0,
      errmsg: 'ok',
      data: '{"of":"R-id-1"}',
      status: 0,
      request_id: 'this-request',
    });
    expect(upstream.bills).toEqual(['id-1']);
  });

  test.each([
    ['no id', {}],
    ['an empty id', { request_id: '' }],
    ['an id that is too long', { request_id: 'x'.repeat(257) }],
    ['an id that is a number', { request_id: 1 }],
    ['an unknown field', { request_id: 'R-id-1', user: 'bob' }],
    ['a wait that is a string', { request_id: 'R-id-1', wait_ms: '1' }],
    ['a wait below 0', { request_id: 'R-id-1', wait_ms: -1 }],
    ['an array', ['R-id-1']],
  ])('%s is refused, and the platform is not asked', async (_name, body) => {
    const { invoke, relay, token, upstream } = await open();
    await invoke(task);
    await refusal(await relay.post('/retrieve', body, token), 400, -1);
    expect(upstream.count('/wxa/servicemarketretrieve')).toBe(0);
  });

  test('an id of 256 characters is looked for', async () => {
    const { relay, token } = await open();
    await refusal(await relay.post('/retrieve', { request_id: 'x'.repeat(256) }, token), 404, -1);
  });

  test("another's task, an unknown one and one of yesterday are 404", async () => {
    const { invoke, relay, token } = await open({ sessionTtl: 604_800 });
    await invoke(task);
    const ask = (request_id: string, as: string) => relay.post('/retrieve', { request_id }, as);
    await refusal(await ask('R-id-1', await relay.signIn('bob')), 404, -1);
    await refusal(await ask('R-unknown', token), 404, -1);
    relay.clock.ms += 86_400_000;
    await refusal(await ask('R-id-1', token), 404, -1);
  });

  test("gives the platform's refusal as it is, and says when it could not be asked", async () => {
    const { invoke, relay, token, upstream } = await open();
    await invoke(task);
    upstream.replies.set('/wxa/servicemarketretrieve', (_request, count) =>
      count === 1 ? { errcode: -3, errmsg: 'logic' } : count === 2 ? 'reset' : 'hang',
    );
    const ask = () => relay.post('/retrieve', { request_id: 'R-id-1' }, token);
    expect(await (await ask()).json()).toEqual({ errcode: -3, errmsg: 'logic' });
    await refusal(await ask(), 502, -2);
    await refusal(await ask(), 504, -2);
  });
});

describe('stopping and starting again', () => {
  test('the same folder knows every outcome, intent and task of the run before', async () => {
    const folder = temporaryFolder();
    const { invoke, relay, upstream, openApi } = await open({ folder });
    await invoke({ ...call, async: true });
    upstream.replies.set('/wxa/servicemarket', ({ json }) =>
      json.client_msg_id === 'lost' ? 'reset' : undefined,
    );
    await invoke({ ...call, client_msg_id: 'lost' });
    await relay.app.close();
    const next = await openRelay({ folder, openApi, services });
    const token = await next.signIn();
    const again = await next.post('/invoke', { ...call, async: true }, token);
    expect(await again.json()).toMatchObject({ errcode: 0, request_id: 'R-id-1' });
    await refusal(await next.post('/invoke', { ...call, client_msg_id: 'lost' }, token), 504, -2, 'unknown');
    expect((await next.post('/retrieve', { request_id: 'R-id-1' }, token)).status).toBe(200);
    expect(upstream.count('/wxa/servicemarket')).toBe(2);
    next.clock.ms += 86_400_000;
    expect((await next.post('/invoke', call, await next.signIn())).status).toBe(200);
  });

  test('close() waits for a call under way and keeps its outcome, though its client has left', async () => {
    const folder = temporaryFolder();
    const { relay, upstream, openApi, token } = await open({ folder }, 'perMessage', 60_000);
    let arrived = (): void => {};
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    let release = (): void => {};
    upstream.replies.set('/wxa/servicemarket', async () => {
      arrived();
      await new Promise<void>((resolve) => (release = resolve));
      return undefined;
    });
    const leaving = new AbortController();
    const request = fetch(`${relay.url}/invoke`, {
      method: 'POST',
      signal: leaving.signal,
      body: JSON.stringify(call),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    }).catch(() => {});
    await arrival;
    leaving.abort();
    await request;
    let isClosed = false;
    const closed = relay.app.close().then(() => void (isClosed = true));
    await until(() => !relay.app.server.listening);
    // No request is open any more, so nothing else holds it up.
    await sleep(200);
    expect(isClosed).toBe(false);
    release();
    await closed;
    const next = await openRelay({ folder, openApi, services });
    cleanUpAfterTest(() => next.app.close());
    const reply = await next.post('/invoke', call, await next.signIn());
    expect(await reply.json()).toMatchObject({ errcode: 0 });
    expect(upstream.bills).toEqual(['id-1']);
  });
});

test('DELETE /session makes the token worthless', async () => {
  const { relay, token } = await open();
  const headers = { authorization: `Bearer ${token}` };
  expect((await fetch(`${relay.url}/session`, { method: 'DELETE', headers })).status).toBe(204);
  await refusal(await fetch(`${relay.url}/session`, { method: 'DELETE', headers }), 401, 40001);
  await refusal(await relay.post('/invoke', call, token), 401, 40001);
});

test('nothing secret is in the log of calls, good and bad', async () => {
  const { invoke, relay, upstream } = await open();
  await invoke({ ...call, data: '{"a":"SECRET-DATA"}' });
  upstream.replies.set('/wxa/servicemarket', () => 'reset');
  await invoke({ ...call, client_msg_id: 'id-2' });
  const text = relay.log.join('');
  expect(text).toContain('outcome unknown');
  for (const secret of ['SECRET-DATA', 'app-secret', 'token-1']) expect(text).not.toContain(secret);
});
