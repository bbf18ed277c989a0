import { existsSync } from 'node:fs';
import { LocalFileStore } from '../../src/relay/files/local-store';
import { FILE_TYPES, safeType } from '../../src/relay/files/file-types';
import { newFileId, readFileId } from '../../src/relay/files/file-id';
import { Readable } from 'node:stream';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { form, later, openRelay, refusal, temporaryFolder } from './harness';

async function stored(type = 'image/png', fileTtl = 60) {
  const relay = await openRelay({ fileTtl });
  const reply = await relay.send(form('bytes', type), await relay.signIn());
  return { relay, url: ((await reply.json()) as { url: string }).url };
}

describe('GET /files/:id', () => {
  test('serves as an attachment that no browser runs', async () => {
    const { url } = await stored();
    const { headers } = await fetch(url);
    const expected = {
      'content-type': 'image/png',
      'content-length': '5',
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-store',
    };
    for (const [name, value] of Object.entries(expected))
      expect([name, headers.get(name)]).toEqual([name, value]);
  });

  test.each(['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/javascript', 'nonsense'])(
    'never as %s',
    async (type) => {
      const { url } = await stored(type);
      expect((await fetch(url)).headers.get('content-type')).toBe('application/octet-stream');
    },
  );

  test('HEAD tells the same headers without the bytes', async () => {
    const { url } = await stored();
    const reply = await fetch(url, { method: 'HEAD' });
    expect(reply.headers.get('content-length')).toBe('5');
    expect(await reply.text()).toBe('');
  });

  test('expired, unknown, altered and malformed ids get one answer', async () => {
    const { relay, url } = await stored();
    const id = url.slice(-50);
    const other = (char: string): string => (char === 'A' ? 'B' : 'A');
    const ids = [
      other(id[0]) + id.slice(1),
      id.slice(0, 45) + other(id[45]) + id.slice(46),
      'x',
      'A'.repeat(50),
      `${id}A`,
      '..%2f..%2fetc%2fpasswd',
    ];
    const texts = [];
    for (const wrong of ids) texts.push(await refusal(await fetch(`${relay.url}/files/${wrong}`), 404, -1));
    expect((await fetch(url)).status).toBe(200);
    relay.clock.ms += 60_000;
    texts.push(await refusal(await fetch(url), 404, -1));
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(404);
    expect(new Set(texts).size).toBe(1);
  });

  test('serves files of an earlier run from the same folder', async () => {
    const folder = temporaryFolder();
    const first = await openRelay({ folder });
    const reply = await first.post('/files', { text: 'kept' }, await first.signIn());
    const { url } = (await reply.json()) as { url: string };
    await first.app.close();
    const second = await openRelay({ folder });
    expect(await (await fetch(second.url + new URL(url).pathname)).text()).toBe('kept');
  });
});

describe('expired files', () => {
  test('are removed by the clock, live ones stay', async () => {
    jest.useFakeTimers({
      doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout', 'clearTimeout', 'Date'],
    });
    later(() => jest.useRealTimers());
    const { relay } = await stored('image/png', 60);
    relay.clock.ms += 30_000;
    await relay.send('second', await relay.signIn(), 'text/plain');
    expect(relay.files()).toHaveLength(2);
    relay.clock.ms += 30_000;
    jest.advanceTimersByTime(60_000);
    while (relay.files().length > 1) await new Promise((resolve) => setImmediate(resolve));
    expect(relay.files()).toHaveLength(1);
  });
});

describe('the local store', () => {
  test('removes what a killed process left half-written, and no name of others', async () => {
    const folder = temporaryFolder();
    const { key } = readFileId(newFileId(1, 'image/png'))!;
    for (const name of [`${key}.part`, 'mine.txt', 'mine.part', '0000000001-x'])
      writeFileSync(join(folder, name), 'x');
    const store = await LocalFileStore.open(folder);
    expect(await store.size(`${key}.part`)).toBeUndefined();
    expect(await store.sweep(2_000_000_000)).toBe(0);
    for (const name of ['mine.txt', 'mine.part', '0000000001-x'])
      expect(existsSync(join(folder, name))).toBe(true);
    await store.close();
    expect(existsSync(folder)).toBe(true);
  });

  test('without a folder makes a private one and takes it away', async () => {
    const store = await LocalFileStore.open();
    await store.put('0000000001-a', Readable.from([Buffer.from('x')]));
    expect(await store.size('0000000001-a')).toBe(1);
    await store.close();
    expect(await store.size('0000000001-a')).toBeUndefined();
  });
});

test('an id carries its end and type, and two are never alike', () => {
  for (const type of FILE_TYPES) {
    const id = newFileId(1_700_000_000, type);
    expect(readFileId(id)).toMatchObject({ expiresAt: 1_700_000_000, type });
    expect(newFileId(1_700_000_000, type)).not.toBe(id);
  }
  expect(safeType('IMAGE/JPG; x=y')).toBe('image/jpeg');
  expect(safeType(undefined)).toBe('application/octet-stream');
});
