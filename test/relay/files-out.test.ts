import { LocalFileStore } from '../../src/relay/files/local-store';
import { FILE_TYPES, safeType } from '../../src/relay/files/file-types';
import { FileIds } from '../../src/relay/files/file-id';
import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../support/files';
import { otherLetter } from '../support/letters';
import { form, openRelay, refusal } from './support/open-relay';
import { until } from '../support/until';

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

  test.each([
    'text/html',
    'image/svg+xml',
    'application/xhtml+xml',
    'text/javascript',
    'nonsense',
    'constructor',
  ])('never as %s', async (type) => {
    const { url } = await stored(type);
    expect((await fetch(url)).headers.get('content-type')).toBe('application/octet-stream');
  });

  test('HEAD tells the same headers without the bytes', async () => {
    const { url } = await stored();
    const reply = await fetch(url, { method: 'HEAD' });
    expect(reply.headers.get('content-length')).toBe('5');
    expect(await reply.text()).toBe('');
  });

  test('expired, unknown, altered and malformed ids get one answer', async () => {
    const { relay, url } = await stored();
    const id = url.slice(-71);
    const ids = [
      otherLetter(id[0]) + id.slice(1),
      id.slice(0, 66) + otherLetter(id[66]) + id.slice(67),
      'x',
      'A'.repeat(71),
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
    const { relay } = await stored('image/png', 60);
    relay.clock.ms += 30_000;
    await relay.send('second', await relay.signIn(), 'text/plain');
    expect(relay.files()).toHaveLength(2);
    relay.clock.ms += 30_000;
    jest.advanceTimersByTime(60_000);
    await until(() => relay.files().length <= 1);
    expect(relay.files()).toHaveLength(1);
  });
});

describe('the local store', () => {
  const handles = (folder: string): string[] =>
    readdirSync('/proc/self/fd')
      .map((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`);
        } catch {
          return '';
        }
      })
      .filter((path) => path.startsWith(join(folder, 'files')));

  // Where the system tells which files a process has open.
  const testOnLinux = existsSync('/proc/self/fd') ? test : test.skip;
  testOnLinux('has no file open whose connection has ended', async () => {
    const folder = temporaryFolder();
    const relay = await openRelay({ folder });
    const sent = await relay.send(form('x'.repeat(10_000_000)), await relay.signIn());
    const { pathname, port } = new URL(((await sent.json()) as { url: string }).url);
    const get = `GET ${pathname} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(60);
    for (const wait of [0, 2, 50]) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => {});
      socket.write(get);
      if (wait === 50) await once(socket, 'data');
      await sleep(wait);
      if (wait === 50) expect(handles(folder)).toHaveLength(1);
      socket.destroy();
    }
    await until(() => handles(folder).length === 0);
  });

  test('removes what a killed process left half-written, and no name of others', async () => {
    const folder = temporaryFolder();
    const unfinished = 'upload-00000000-0000-0000-0000-000000000000.part';
    const others = ['mine.txt', 'upload-mine.part', '0000000001-x'];
    for (const name of [unfinished, ...others]) writeFileSync(join(folder, name), 'x');
    const store = await LocalFileStore.open(folder);
    expect(await store.sweep(2_000_000_000)).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(others.sort());
  });

  test('leaves uploads of other processes alone in a shared folder, until they were given up', async () => {
    const folder = temporaryFolder();
    const unfinished = join(folder, 'upload-00000000-0000-0000-0000-000000000000.part');
    writeFileSync(unfinished, 'x');
    const store = await LocalFileStore.open(folder, { isShared: true });
    await store.sweep(0);
    expect(readdirSync(folder)).toHaveLength(1);
    utimesSync(unfinished, 0, Date.now() / 1000 - 3601);
    await store.sweep(0);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('a relay without a folder takes its temporary one away', async () => {
  const before = temporaryFolders();
  const relay = await openRelay({ folder: undefined });
  const added = temporaryFolders().filter((name) => !before.includes(name));
  await relay.send('x', await relay.signIn(), 'text/plain');
  expect(added.filter((name) => readdirSync(join(tmpdir(), name, 'files')).length === 1)).toHaveLength(1);
  await relay.app.close();
  expect(temporaryFolders().filter((name) => added.includes(name))).toEqual([]);
});

function temporaryFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('servicemarket-relay-'));
}

test('an id carries its end and type, two are never alike, and none that another secret made is one', () => {
  const ids = new FileIds('secret');
  for (const type of FILE_TYPES) {
    const id = ids.create(1_700_000_000, type, Buffer.alloc(32, 7));
    expect(ids.read(id)).toMatchObject({ expiresAt: 1_700_000_000, type, content: '07'.repeat(16) });
    expect(ids.create(1_700_000_000, type, Buffer.alloc(32, 7))).not.toBe(id);
  }
  const id = ids.create(1_700_000_000, 'image/png', Buffer.alloc(32, 7));
  expect(new FileIds('other').read(id)).toBeUndefined();
  for (let i = 0; i < id.length; i++) {
    const altered = id.slice(0, i) + (id[i] === 'A' ? 'B' : 'A') + id.slice(i + 1);
    // The last character has two bits that say nothing.
    if (i < id.length - 1) expect(ids.read(altered)).toBeUndefined();
  }
  for (const type of ['constructor', '__proto__', 'toString', 'x/y']) {
    expect(safeType(type)).toBe('application/octet-stream');
  }
  expect(safeType('IMAGE/JPG; x=y')).toBe('image/jpeg');
  expect(safeType(undefined)).toBe('application/octet-stream');
});
