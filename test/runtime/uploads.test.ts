/** Uploads over the bridge and over a relay: every form, once per content, ten at a time, and their end. */
import type { HostOptions } from '../../src/simulator';
import { callsOf, expectOver, messagesOf, openPage, type PageHost, PLATFORMS } from '../support/hosts';
import type { Any } from '../support/outcomes';
import { RELAY, FakeRelay } from '../support/fakes/relay';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A host that uploads over the relay. */
function relayed(fake = new FakeRelay(), options: HostOptions = {}, config: object = {}): PageHost {
  return openPage(
    { upload: 'absent', network: fake.network, ...options },
    { relay: { url: RELAY }, ...config },
  );
}

/** What the service was given, with each URL replaced by what is behind it. */
function received(host: PageHost, fake?: FakeRelay): Any {
  const [{ data }] = messagesOf(host);
  const at = (url: string): string =>
    fake?.files.find((file) => file.url === url)?.content ?? host.cdn.text(url);
  return JSON.parse(data.replace(/https:[^"\\]+/g, (url: string) => `<${at(url)}>`));
}

const FORMS = `return {
  text: new api.CDN('some ✓ text'), empty: new api.CDN(''), bytes: new api.CDN(bytes),
  file: new api.CDN({type: 'filePath', filePath: 'wxfile://tmp_a.png'}), bare: new api.CDN({filePath: 'wxfile://tmp_b.png'}),
}`;

describe.each(PLATFORMS)('on %s', (platform) => {
  const expected = {
    text: '<some ✓ text>',
    empty: '<>',
    bytes: '<BYTES>',
    file: '<PNG-A>',
    bare: '<PNG-B>',
  };

  test('text, bytes and files over the bridge, as the platform sends them', async () => {
    const host = openPage({ platform });
    const data = host.run(FORMS, { api: host.api, bytes: bytes('BYTES') });
    await host.outcome({ data });
    expect(received(host)).toEqual(expected);
    const sent = callsOf(host, 'uploadToCommonCDN').map(({ params: { fileKey, ...params } }) => {
      expect(fileKey).toMatch(/^file_0\.\d+/);
      return params;
    });
    const fixed = { appType: 301, fileType: 20303 };
    // Those of unknown size first, then by size.
    expect(sent).toEqual([
      { ...fixed, fileData: '' },
      { ...fixed, filePath: 'wxfile://tmp_a.png' },
      { ...fixed, filePath: 'wxfile://tmp_b.png' },
      { ...fixed, fileData: 'some ✓ text' },
      { ...fixed, __nativeBuffers__: [{ key: 'fileData', base64: btoa('BYTES') }] },
    ]);
  });

  test.each(['1.6.0', '1.9.6', '2.8.3'])(
    'text, bytes and files over a relay, base library %s',
    async (sdkVersion) => {
      const fake = new FakeRelay();
      const host = relayed(fake, { platform, sdkVersion });
      const data = host.run(FORMS, { api: host.api, bytes: bytes('BYTES') });
      await host.outcome({ data });
      expect(received(host, fake)).toEqual(expected);
      expect(host.transfers.most).toBeLessThanOrEqual(10);
      expect(fake.files.find(({ content }) => content === 'PNG-A')?.as).toBe('multipart');
    },
  );
});

describe.each(['bridge', 'relay'])('over the %s', (channel) => {
  const hosted = (): { host: PageHost; sent: () => string[] } => {
    const fake = new FakeRelay();
    const host = channel === 'relay' ? relayed(fake) : openPage();
    const stored = (): string[] => host.cdn.files.map(({ url }) => host.cdn.text(url));
    return {
      host,
      sent: () => (channel === 'relay' ? fake.files.map(({ content }) => content) : stored()),
    };
  };

  test('each distinct content goes once; every place gets the URL of its own content', async () => {
    const { host, sent } = hosted();
    const data = host.run(
      `var same = new api.CDN('same'), buffer = bytes;
       return [same, same, new api.CDN('same'), new api.CDN('other'),
         new api.CDN({filePath: 'wxfile://tmp_a.png'}), new api.CDN({type: 'filePath', filePath: 'wxfile://tmp_a.png'}),
         new api.CDN(buffer), new api.CDN(buffer), new api.CDN(buffer.slice(0)), Object.assign({}, same)]`,
      { api: host.api, bytes: bytes('B') },
    );
    const { result } = await host.outcome({ data });
    const urls: string[] = result.data;
    expect(sent().sort()).toEqual(['B', 'B', 'PNG-A', 'other', 'same']);
    expect(new Set(urls).size).toBe(5);
    expect([urls[1], urls[2], urls[9]]).toEqual([urls[0], urls[0], urls[0]]);
    expect(urls[5]).toBe(urls[4]);
    expect(urls[7]).toBe(urls[6]);
  });

  test('a text that reads like a path or another content is not that', async () => {
    const { host, sent } = hosted();
    const data = ['wxfile://tmp_a.png', { filePath: 'wxfile://tmp_a.png' }, 'file wxfile://tmp_a.png', '1'];
    await host.outcome({ data: data.map((content) => host.mark(content)) });
    expect(sent().sort()).toEqual(['1', 'PNG-A', 'file wxfile://tmp_a.png', 'wxfile://tmp_a.png']);
  });

  test('nothing is remembered from call to call', async () => {
    const { host, sent } = hosted();
    await host.outcome({ data: host.mark('again') });
    await host.outcome({ data: host.mark('again') });
    expect(sent()).toEqual(['again', 'again']);
  });

  test('ten at a time in the whole app, and all arrive', async () => {
    const { host, sent } = hosted();
    const marks = (name: string): Any[] => Array.from({ length: 15 }, (_, i) => host.mark(`${name}${i}`));
    const calls = ['a', 'b', 'c'].map((name) => host.start({ data: marks(name) }));
    await host.clock.run();
    calls.forEach((seen) => expectOver(host, seen));
    expect(calls.map(({ result }) => result.data.length)).toEqual([15, 15, 15]);
    expect(sent()).toHaveLength(45);
    expect(channel === 'relay' ? host.transfers.most : host.cdn.most).toBe(10);
  });

  test('limits.transfers', async () => {
    const { host } = hosted();
    host.run('api.configure({limits: {transfers: 3}})', { api: host.api });
    await host.outcome({ data: Array.from({ length: 9 }, (_, i) => host.mark(String(i))) });
    expect(channel === 'relay' ? host.transfers.most : host.cdn.most).toBe(3);
  });

  test('the first failure ends the call: no upload is started after it, nothing is sent to the service', async () => {
    const { host } = hosted();
    const api = channel === 'relay' ? 'request' : 'uploadToCommonCDN';
    const files = (call: Any): boolean => channel === 'bridge' || /\/files$/.test(call.params.url);
    host.fault({ api, when: files, nth: 2, effect: { fail: { errMsg: 'broken' } } });
    const seen = await host.outcome({ data: Array.from({ length: 30 }, (_, i) => host.mark(String(i))) });
    expect(seen.error.message).toBe(`invokeService:fail ${api}:fail broken`);
    expect(seen.error).toMatchObject({
      errCode: -2,
      billing: 'none',
      cause: { errMsg: `${api}:fail broken` },
    });
    expect(callsOf(host, api).filter(files).length).toBeLessThan(15);
    expect(messagesOf(host)).toEqual([]);
  });
});

test('the URL of the slowest upload goes to its own place alone', async () => {
  const host = openPage();
  host.fault({ api: 'uploadToCommonCDN', nth: 1, effect: { delay: 5000 } });
  await host.outcome({ data: { slow: host.mark('slow'), fast: host.mark('fast') } });
  expect(received(host)).toEqual({ slow: '<slow>', fast: '<fast>' });
});

test('running relay transfers are aborted when another one fails', async () => {
  const fake = Object.assign(new FakeRelay(), { fileTakes: 4000 });
  const host = relayed(fake);
  host.fault({
    api: 'request',
    when: ({ params }) => /\/files$/.test(params.url) && params.data === 'bad',
    effect: { fail: { errMsg: 'broken' } },
  });
  const seen = host.start({ data: ['a', 'b', 'bad', 'c'].map((text) => host.mark(text)) });
  await host.clock.advance(200);
  expect(seen.error.message).toBe('invokeService:fail request:fail broken');
  expect(host.transfers.inFlight).toBe(0);
  await host.clock.run();
  expectOver(host, seen);
  expect(fake.files).toEqual([]);
});

test('a file of several megabytes has the time that its bytes need', async () => {
  const options = { bandwidth: 50000, sdkVersion: '2.11.0', files: { 'wxfile://big': 'x'.repeat(4000000) } };
  const host = relayed(new FakeRelay(), options, { prefer: 'shim' });
  const { took, result, error } = await host.outcome({ data: host.mark({ filePath: 'wxfile://big' }) });
  expect(error).toBeUndefined();
  expect(result.data).toMatch(/^https:/);
  expect(took).toBeGreaterThan(80000);
});

test('an upload that never ends is given up: by a time that grows with its bytes', async () => {
  const small = openPage();
  small.fault({ api: 'uploadToCommonCDN', effect: { lose: 'reply' } });
  const { took, error } = await small.outcome({ data: small.mark('x') });
  expect(error).toMatchObject({ errCode: -2, billing: 'none' });
  expect(error.message).toMatch(/timeout/);
  const large = openPage();
  large.fault({ api: 'uploadToCommonCDN', effect: { lose: 'reply' } });
  const later = await large.outcome({ data: large.mark('x'.repeat(2048000)) });
  expect([took, later.took]).toEqual([60000, 160000].map((ms) => expect.closeTo(ms, -2)));
});

test('an upload that waits for its turn does not lose time', async () => {
  const host = openPage();
  host.fault({ api: 'uploadToCommonCDN', effect: { delay: 50000 } });
  const seen = await host.outcome({ data: Array.from({ length: 25 }, (_, i) => host.mark(String(i))) });
  expect(seen.result.data).toHaveLength(25);
});

test('the bytes of a buffer are read when its upload starts, the rest of the data at the call', async () => {
  const host = openPage();
  const seen = host.run(
    `var view = new Uint8Array(bytes); var data = {k: 1, c: new api.CDN('t')};
     var slots = []; for (var i = 0; i < 10; i++) slots.push(new api.CDN('' + i));
     data.slots = slots; data.late = new api.CDN(view.buffer);
     var task = api.invokeService({service: 's', api: 'a', data: data});
     data.k = 2; data.c.options = 'other'; slots.length = 0; view[0] = 90; return task;`,
    { api: host.api, bytes: bytes('A') },
  );
  await host.clock.until(seen);
  expect(received(host)).toMatchObject({ k: 1, c: '<t>', late: '<Z>' });
  expect(received(host).slots).toHaveLength(10);
});

test('a refused bridge upload goes over the relay, and the bridge is not asked again', async () => {
  const fake = new FakeRelay();
  const host = relayed(fake, { upload: 'denied' });
  expect((await host.outcome({ data: host.mark('x') })).result.data).toMatch(/^https:\/\/relay/);
  await host.outcome({ data: [host.mark('y'), host.mark('z')] });
  expect(callsOf(host, 'uploadToCommonCDN')).toHaveLength(1);
  expect(fake.files.map(({ content }) => content)).toEqual(['x', 'y', 'z']);
  expect(host.market.bills).toHaveLength(2);
});

test('a bridge upload that merely fails is not tried over the relay', async () => {
  const fake = new FakeRelay();
  const host = relayed(fake, { upload: 'allowed' });
  host.fault({ api: 'uploadToCommonCDN', effect: { fail: { errMsg: 'network error' } } });
  expect((await host.outcome({ data: host.mark('x') })).error.errCode).toBe(-2);
  expect(fake.credentials).toEqual([]);
});

test('an answer that comes twice counts once, also while others are still on their way', async () => {
  const host = openPage();
  host.fault({ api: 'uploadToCommonCDN', effect: { duplicate: 2 } });
  host.fault({ api: 'uploadToCommonCDN', nth: 2, effect: { delay: 5000 } });
  await host.outcome({ data: [host.mark('a'), host.mark('b'), host.mark('c')] });
  expect(received(host)).toEqual(['<a>', '<b>', '<c>']);
  expect(messagesOf(host)).toHaveLength(1);
});

test('over the relay as well', async () => {
  const fake = new FakeRelay();
  const host = relayed(fake, { sdkVersion: '1.9.6' });
  const toFiles = ({ params }: Any): boolean => /\/files$/.test(params.url);
  host.fault({ api: 'request', when: toFiles, effect: { duplicate: 2 } });
  host.fault({ api: 'request', when: toFiles, nth: 2, effect: { delay: 5000 } });
  await host.outcome({ data: [host.mark('a'), host.mark('b'), host.mark('c')] });
  expect(received(host, fake)).toEqual(['<a>', '<b>', '<c>']);
  expect(messagesOf(host)).toHaveLength(1);
});

test('the path of a file is part of the snapshot', async () => {
  const host = openPage();
  const task = host.run(
    `var file = {filePath: 'wxfile://tmp_a.png'}, data = [];
     for (var i = 0; i < 10; i++) data.push(new api.CDN('fills slot ' + i));
     data.push(new api.CDN(file));
     var task = api.invokeService({service: 's', api: 'a', data: data});
     file.filePath = 'wxfile://tmp_b.png'; return task`,
    { api: host.api },
  );
  await host.clock.until(task);
  expect(received(host)[10]).toBe('<PNG-A>');
});

test('text with half a surrogate pair is uploaded like any other', async () => {
  const host = openPage();
  const { error } = await host.outcome({ data: host.mark('half \ud83d pair') });
  expect(error).toBeUndefined();
  expect(callsOf(host, 'uploadToCommonCDN')).toHaveLength(1);
});

test('a thousand markers', async () => {
  const host = openPage();
  const data = Array.from({ length: 1000 }, (_, i) => host.mark(`text ${i % 500}`));
  await host.outcome({ data });
  expect(host.cdn.files).toHaveLength(500);
  expect(received(host)).toEqual(data.map((_, i) => `<text ${i % 500}>`));
});
