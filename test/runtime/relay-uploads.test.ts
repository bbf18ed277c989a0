/** Uploads over the relay: one session for the app, its renewal, its credential, and what each host can send. */
import type { HostOptions } from '../../src/simulator';
import { callsOf, expectOver, messagesOf, openPage, type PageHost } from '../support/hosts';
import { type Any, expectWellFormed } from '../support/outcomes';
import { RELAY, FakeRelay } from '../support/fakes/relay';

const page: typeof openPage = (options, config) => openPage({ upload: 'absent', ...options }, config);

function relayed(
  changes: Partial<FakeRelay> = {},
  options: HostOptions = {},
): { relay: FakeRelay; host: PageHost } {
  const relay = Object.assign(new FakeRelay(), changes);
  return { relay, host: page({ network: relay.network, ...options }, { relay: { url: RELAY } }) };
}

const upload = (host: PageHost, content: unknown = 'x'): Promise<Any> =>
  host.outcome({ data: host.mark(content) });
const SESSION = ({ params }: Any): boolean => /\/session$/.test(params.url);

test('the session is opened with a code of wx.login, once for all uploads', async () => {
  const { relay, host } = relayed({ sessionTakes: 2000 }, { login: () => 'code-1' });
  const calls = [1, 2, 3].map((i) => host.start({ data: [host.mark(`a${i}`), host.mark(`b${i}`)] }));
  await host.clock.run();
  calls.forEach((seen) => expectOver(host, seen));
  expect(relay.credentials).toEqual([{ type: 'wx', value: 'code-1' }]);
  expect(callsOf(host, 'login')).toHaveLength(1);
  expect(new Set(relay.files.map(({ token }) => token))).toEqual(new Set(['token-1']));
  await upload(host);
  expect(relay.credentials).toHaveLength(1);
});

test("a credential of the app's own takes the place of wx.login", async () => {
  const { relay, host } = relayed();
  host.run(
    `var n = 0;
     api.configure({relay: {url: url, credential: function () { return Promise.resolve({type: 'jwt', value: 'J' + ++n}) }}})`,
    { api: host.api, url: RELAY },
  );
  await upload(host);
  expect(relay.credentials).toEqual([{ type: 'jwt', value: 'J1' }]);
  expect(callsOf(host, 'login')).toEqual([]);
});

test('a credential that fails is an error that names it; the next call asks again', async () => {
  const { relay, host } = relayed();
  host.run(
    `var n = 0;
     api.configure({relay: {url: url, credential: function () {
       return n++ ? Promise.resolve({type: 'jwt', value: 'J'}) : Promise.reject(new Error('no user'))
     }}})`,
    { api: host.api, url: RELAY },
  );
  const { error } = await upload(host);
  expectWellFormed(host, error);
  expect(error).toMatchObject({ errCode: -2, billing: 'none' });
  expect(error.message).toMatch(/credential.*no user/);
  expect((await upload(host)).result.data).toMatch(/^https:/);
  expect(relay.credentials).toHaveLength(1);
});

test('a credential that throws is an error too', async () => {
  const { host } = relayed();
  host.run("api.configure({relay: {url: url, credential: function () { throw new Error('mine') }}})", {
    api: host.api,
    url: RELAY,
  });
  const { error } = await upload(host);
  expectWellFormed(host, error);
  expect(error.billing).toBe('none');
  expect(error.message).toContain('mine');
});

test('401: one new session, and the upload again', async () => {
  const { relay, host } = relayed();
  await upload(host, 'first');
  relay.tokens.clear();
  const calls = ['a', 'b', 'c'].map((text) => host.start({ data: host.mark(text) }));
  await host.clock.run();
  calls.forEach((seen) => expectOver(host, seen));
  expect(relay.credentials).toHaveLength(2);
  expect(relay.files.map(({ token }) => token)).toEqual(['token-1', 'token-2', 'token-2', 'token-2']);
});

test('401 again is the end: no row of sessions', async () => {
  const { relay, host } = relayed();
  relay.tokens.add = () => relay.tokens;
  const { error } = await upload(host);
  expectWellFormed(host, error);
  expect(error).toMatchObject({ errCode: 40001, statusCode: 401, billing: 'none', requestId: 'req-401' });
  expect(error.message).toMatch(/401.*the session has ended/);
  expect(relay.credentials).toHaveLength(2);
});

test('a session near its end is renewed before it is used', async () => {
  const { relay, host } = relayed({ expiresIn: 600 });
  await upload(host);
  await host.clock.advance(400000);
  await upload(host);
  expect(relay.credentials).toHaveLength(1);
  await host.clock.advance(190000);
  await upload(host);
  expect(relay.credentials).toHaveLength(2);
});

test.each([
  [
    'the login',
    { api: 'login', effect: { fail: { errMsg: 'system error' } } },
    /^invokeService:fail .*login:fail system error$/,
  ],
  [
    'the session',
    { api: 'request', when: SESSION, effect: { fail: { errMsg: 'timeout' } } },
    /^invokeService:fail .*request:fail timeout$/,
  ],
] as const)('%s that fails is told once, and tried anew by the next call', async (_name, fault, text) => {
  const { relay, host } = relayed();
  host.fault({ ...fault, times: 1 });
  const calls = [host.start({ data: host.mark('a') }), host.start({ data: host.mark('b') })];
  await host.clock.run();
  for (const seen of calls) {
    expectOver(host, seen);
    expect(seen.error.message).toMatch(text);
    expect(seen.error).toMatchObject({ errCode: -2, billing: 'none' });
  }
  expect((await upload(host)).result.data).toMatch(/^https:/);
  expect(relay.credentials).toHaveLength(1);
});

test.each([
  [403, { errcode: -7, errmsg: 'not your app', request_id: 'R7' }, /403.*not your app/, -7],
  [413, { errcode: -1, errmsg: 'too large', request_id: 'R7' }, /413.*too large/, -1],
  [502, '<html>bad gateway</html>', /502/, -2],
  [500, '', /500/, -2],
])('the relay answers %d', async (statusCode, body, text, errCode) => {
  const { relay, host } = relayed();
  relay.instead = ({ path }) => (path === '/files' ? { status: statusCode, body } : undefined);
  const { error } = await upload(host);
  expectWellFormed(host, error);
  expect(error).toMatchObject({ errCode, statusCode, body, billing: 'none' });
  expect(error.message).toMatch(text);
  if (typeof body === 'object') expect(error.requestId).toBe('R7');
  expect(messagesOf(host)).toEqual([]);
});

test.each(['not json', '{}', 'null', '[]', '{"url":""}'])('a good status with the body %s', async (body) => {
  const { relay, host } = relayed();
  relay.instead = ({ path }) => (path === '/files' ? { body } : undefined);
  const { error } = await upload(host, { filePath: 'wxfile://tmp_a.png' });
  expectWellFormed(host, error);
  expect(error).toMatchObject({ errCode: -2, billing: 'none' });
  expect(error.message).toMatch(/URL/);
});

test.each(['not json', '{}', 'null'])('a session answer with the body %s', async (body) => {
  const { relay, host } = relayed();
  relay.instead = ({ path }) => (path === '/session' ? { body } : undefined);
  const { error } = await upload(host);
  expectWellFormed(host, error);
  expect(error).toMatchObject({ billing: 'none' });
  expect(relay.files).toEqual([]);
});

test('a missing file is the error of wx.uploadFile', async () => {
  const { host } = relayed();
  const { error } = await upload(host, { filePath: 'wxfile://gone' });
  expect(error).toMatchObject({ errCode: -2, billing: 'none' });
  expect(error.message).toMatch(/^invokeService:fail uploadFile:fail /);
});

test('a relay that is not in the domain list is the error of the host', async () => {
  const { host } = relayed({}, { domains: ['https://else.test'] });
  const { error } = await upload(host);
  expect(error.message).toMatch(/^invokeService:fail .*request:fail url not in domain list$/);
});

test.each([
  ['1.6.0', 21, 'json'],
  ['2.8.3', 21, 'bytes'],
  // As long as the texts that hosts make of a buffer: its length would prove nothing.
  ['1.6.0', 2, 'json'],
  ['2.8.3', 2, 'json'],
  ['2.8.3', 20, 'json'],
])('on %s %d bytes go as %s', async (sdkVersion, length, as) => {
  const { relay, host } = relayed({}, { sdkVersion });
  const bytes = Uint8Array.from({ length }, (_, at) => (at * 37) % 128);
  await host.outcome({ data: [host.mark(bytes)] });
  const files = relay.files.map(({ as, content }) => [as, content]);
  expect(files).toEqual([[as, Buffer.from(bytes).toString()]]);
});

test('text goes as text, and a file as a form', async () => {
  const { relay, host } = relayed();
  await host.outcome({ data: [host.mark('text ✓'), host.mark({ filePath: 'wxfile://tmp_a.png' })] });
  const files = relay.files.map(({ as, content }) => [as, content]);
  expect(files).toContainEqual(['text', 'text ✓']);
  expect(files).toContainEqual(['multipart', 'PNG-A']);
  expect(files).toHaveLength(2);
});

test('text that is JSON arrives as that very text', async () => {
  const { relay, host } = relayed();
  await host.outcome({ data: [host.mark('{"a": 1}'), host.mark('"q"'), host.mark('5')] });
  expect(relay.files.map(({ content }) => content).sort()).toEqual(['"q"', '5', '{"a": 1}']);
});

test('progress runs over all uploads of the call, and ends at 100', async () => {
  const { host } = relayed({}, { files: { 'wxfile://big': 'x'.repeat(400000) } });
  const seen = host.start({ data: [host.mark({ filePath: 'wxfile://big' }), host.mark('y'.repeat(1000))] });
  const events: Any[] = host.run(
    'var all = []; task.onProgressUpdate(function (p) { all.push(p) }); return all',
    {
      task: seen.task,
    },
  );
  await host.clock.run();
  expectOver(host, seen);
  const uploads: Any[] = Array.from(events).filter(({ phase }) => phase === 'upload');
  expect(uploads.length).toBeGreaterThan(3);
  expect(uploads.at(-1)).toEqual({
    phase: 'upload',
    progress: 100,
    totalBytesSent: expect.any(Number),
    totalBytesExpectedToSend: uploads.at(-1).totalBytesSent,
  });
  const sent = uploads.map(({ totalBytesSent }) => totalBytesSent);
  expect(sent).toEqual(sent.slice().sort((a, b) => a - b));
  expect(uploads.every(({ progress }) => progress >= 0 && progress <= 100)).toBe(true);
});

test('the call phase is reported too', async () => {
  const host = page({ market: { preResp: 3 } });
  const seen = host.start();
  const phases: Any[] = host.run(
    'var all = []; task.onProgressUpdate(function (p) { all.push(p.phase) }); return all',
    {
      task: seen.task,
    },
  );
  await host.clock.run();
  expectOver(host, seen);
  expect(phases).toContain('call');
  expect(phases).not.toContain('upload');
});

test('a call that fails never says that it is complete', async () => {
  const host = page();
  host.fault({ api: 'operateWXData', effect: { fail: { errMsg: 'busy', err_code: -11 } } });
  const seen = host.start({ data: 'x' });
  const events: Any[] = host.run(
    'var all = []; task.onProgressUpdate(function (p) { all.push(p) }); return all',
    {
      task: seen.task,
    },
  );
  await host.clock.run();
  expectOver(host, seen);
  expect(Array.from(events).filter(({ progress }) => progress === 100)).toEqual([]);
});

test('a listener that throws hurts nobody', async () => {
  const { host } = relayed();
  const seen = host.start({ data: host.mark('x') });
  host.run("task.onProgressUpdate(function () { throw new Error('mine') })", { task: seen.task });
  await host.clock.run();
  expectOver(host, seen);
  expect(seen.result.data).toMatch(/^https:/);
});
