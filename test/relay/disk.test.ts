/** A disk without room: uploads are refused first, calls go on, and the relay starts again. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOpenApi } from '../../src/openapi';
import type { RelayOptions } from '../../src/relay';
import { LocalFileStore } from '../../src/relay/files/local-store';
import { RoomCheckedFiles } from '../../src/relay/stores/folder/disk';
import { openUpstream } from './support/fake-upstream';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { form, openRelay, refusal } from './support/open-relay';
import { until } from '../support/until';

const call = (id: string) => ({ service: 's', api: 'a', client_msg_id: id });

async function open(options: Partial<RelayOptions>) {
  const upstream = await openUpstream();
  const openApi = createOpenApi({ appid: 'wxapp', secret: 'app-secret', baseUrl: upstream.url });
  const relay = await openRelay({ openApi, services: { s: ['a'] }, ...options });
  return { relay, upstream, token: await relay.signIn() };
}

const ready = async ({ url }: { url: string }) => (await fetch(`${url}/readyz`)).status;

test('below the floor of free space uploads are refused, the log says why, and calls go on', async () => {
  const { relay, token } = await open({ minFreeDisk: 2 ** 50 });
  const sent = await relay.send(form('x'), token);
  expect(sent.headers.get('retry-after')).toBe('60');
  await refusal(sent, 503, -2);
  await refusal(await relay.send(form('x'), token), 503, -2);
  expect(relay.files()).toEqual([]);
  expect(relay.log.filter((line) => line.includes('uploads are refused'))).toHaveLength(1);
  expect(relay.log.join('')).toContain('free bytes of \\"minFreeDisk\\"');
  expect((await relay.post('/invoke', call('id'), token)).status).toBe(200);
  expect(await ready(relay)).toBe(503);
});

test('beyond maxDisk uploads are refused until files expire', async () => {
  const { relay, token } = await open({ maxDisk: 25_000, maxFileSize: 10_000, fileTtl: 1 });
  const send = async () => (await relay.send(form('x'.repeat(9000)), token)).status;
  expect([await send(), await send(), await send()]).toEqual([200, 200, 503]);
  relay.clock.ms += 2000;
  await until(async () => (await send()) === 200);
  expect(relay.log.join('')).toContain('uploads are accepted again');
});

test('a folder may have its maxDisk to the last byte', async () => {
  const folder = temporaryFolder({ 'files/a': 'x'.repeat(600), journal: 'y'.repeat(400) });
  const check = async (maxDisk: number) => {
    const limits = { maxDisk, minFreeDisk: 0, maxFileSize: 100, apps: [] };
    const files = await LocalFileStore.open(join(folder, 'files'));
    const log = { info() {}, warn() {}, error() {} };
    return (await RoomCheckedFiles.open(files, folder, limits, log)).check();
  };
  await check(1000);
  await expect(check(999)).rejects.toThrow('the folder has its "maxDisk" of 999 bytes');
});

/** A disk of its own: a small one in memory, which needs the right to mount. */
const canMount = (() => {
  const folder = join('/tmp', `mount-test-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0;
  if (isMounted) execFileSync('umount', [folder]);
  spawnSync('rmdir', [folder]);
  return isMounted;
})();
const describeOnDisk = canMount
  ? describe
  : (name: string, tests: () => void) => describe.skip(`${name} [skipped: needs the right to mount]`, tests);

describeOnDisk('a disk that is full', () => {
  function openDisk(): string {
    const disk = temporaryFolder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    cleanUpAfterTest(() => execFileSync('umount', ['-l', disk]));
    return disk;
  }
  function fill(disk: string): void {
    expect(() => writeFileSync(join(disk, 'fill'), Buffer.alloc(4_000_000))).toThrow('ENOSPC');
  }
  const small = { minFreeDisk: 0, maxFileSize: 300_000 };

  test('refuses an upload with a reason, and loses none of its calls', async () => {
    const folder = openDisk();
    const { relay, token, upstream } = await open({ folder, ...small });
    const done: unknown = await (await relay.post('/invoke', call('done'), token)).json();
    fill(folder);
    await refusal(await relay.send(form('x'.repeat(200_000)), token), 503, -2);
    expect(relay.files()).toEqual([]);
    // Until no intent can be written any more, calls are sent; then none is.
    let sent = 1;
    for (let reply: Response; ; sent++) {
      reply = await relay.post('/invoke', { ...call(`${sent}`), data: '1' }, token);
      if (reply.status !== 200) {
        await refusal(reply, 503, -2);
        break;
      }
    }
    expect(upstream.bills).toHaveLength(sent);
    expect(await (await relay.post('/invoke', call('done'), token)).json()).toEqual(done);
    expect([await ready(relay), (await fetch(`${relay.url}/healthz`)).status]).toEqual([503, 200]);
    expect(relay.log.join('')).toContain('Failed to use the store of outcomes: ENOSPC');
  });

  test('lets a relay that was killed on it start again, with what it knew', async () => {
    const folder = openDisk();
    const { relay, token } = await open({ folder, ...small });
    const done: unknown = await (await relay.post('/invoke', call('done'), token)).json();
    await relay.app.close();
    // As a kill leaves it.
    writeFileSync(join(folder, 'relay-00000000-0000-0000-0000-000000000000.lock'), '7');
    writeFileSync(join(folder, 'outcomes.jsonl.new'), 'half a rewrite');
    fill(folder);
    const again = await open({ folder, ...small });
    const repeat = await again.relay.post('/invoke', call('done'), again.token);
    expect(await repeat.json()).toEqual(done);
    expect(again.upstream.bills).toEqual([]);
    expect(existsSync(join(folder, 'outcomes.jsonl.new'))).toBe(false);
  });

  test('makes room for the lock from expired files, and else names the folder and the remedy', async () => {
    const folder = openDisk();
    const files = join(folder, 'files');
    const { relay, token } = await open({ folder, ...small, fileTtl: 1 });
    expect((await relay.send(form('x'.repeat(5000)), token)).status).toBe(200);
    await relay.app.close();
    const [name] = readdirSync(files);
    fill(folder);
    await open({ folder, ...small, now: () => Date.now() });
    expect(readdirSync(files)).not.toContain(name);
    const full = openDisk();
    fill(full);
    await expect(open({ folder: full, ...small })).rejects.toThrow(
      `Failed to use ${full}: its disk is full. Make room on it, then start the relay again.`,
    );
  });
});
