/** The pages shown in the documentation, run as they stand there on base libraries that lack what they use. */
import path from 'node:path';
import type { Configuration } from '../../src/protocol';
import { injectProject } from '../../src/inject';
import type { Host, HostOptions, HttpHandler, Provider } from '../../src/simulator';
import { ROOT } from '../support/files';
import { openHost } from '../support/hosts';
import { projectOf } from '../support/samples';

const RELAY = 'https://relay.example.com';
const PHOTO = 'wxfile://tmp_photo.png';
const TASK = 'wx0123456789abcdef';
const READ = { ocr_comm_res: { items: [{ text: 'two' }, { text: 'lines' }] } };

/** What a page needs of a relay: a session, and files. */
const relay: HttpHandler = ({ path: url }) =>
  url === '/session'
    ? { body: { token: 'token', expires_in: 7200 } }
    : { body: { url: `${RELAY}/files/1`, expires_at: 0 } };

/** Boots a mini-program made of a document's samples, on a phone without `wx.serviceMarket`. */
function boot(document: string, options: HostOptions = {}, inject = true): Host {
  const folder = projectOf(document);
  if (inject) {
    const config: Configuration = { channels: ['bridge', 'relay'], relay: { url: RELAY } };
    injectProject(folder, { packageDir: ROOT, config });
  }
  const host = openHost({
    sdkVersion: '2.8.3',
    files: { [PHOTO]: 'the photo' },
    network: { [RELAY]: relay },
    providers: { '*': (data) => (data?.img_url === `${RELAY}/files/1` ? READ : { got: data }) },
    ...options,
  });
  host.boot(folder);
  return host;
}

const provider: Provider = ({ img_url: url }) => (/^https:/.test(url) ? READ : { url });
const NATIVE = ['docs/en/native.md', 'docs/zh/native.md'];

describe.each(['README.md', 'README.zh-CN.md', ...NATIVE])('%s', (document) => {
  test.each(['2.8.3', '2.11.0', 'newest'])('an injected page reads a photo on %s', async (sdkVersion) => {
    const photos = [path.join(ROOT, 'demo-miniprogram/sample.png')];
    const host = boot(document, { sdkVersion, photos, providers: { '*': provider } });
    const page = host.show('pages/ocr/ocr');
    page.choosePhoto();
    await host.clock.run();
    expect(page.data).toEqual({ text: 'two\nlines', error: '' });
    expect(host.market.bills).toHaveLength(1);
  });
});

describe.each(NATIVE)('%s', (document) => {
  test('a page that imports reads a photo, and says how far the upload is', async () => {
    const host = boot(document, {}, false);
    const page = host.show('pages/read/read');
    await host.clock.until(page.readPhoto(PHOTO));
    expect(page.data).toEqual({ percent: 100, text: 'two\nlines', error: '' });
  });

  test('a page that imports stops', async () => {
    const host = boot(document, {}, false);
    const page = host.show('pages/read/read');
    const ended = page.readPhoto(PHOTO);
    page.cancel();
    await host.clock.until(ended);
    expect(page.data).toMatchObject({ text: '', error: 'invokeService:fail abort' });
    expect(host.market.bills).toEqual([]);
  });
});

describe.each(['docs/en/long-tasks.md', 'docs/zh/long-tasks.md'])('%s', (document) => {
  const minutes = (count: number): number => count * 60_000;
  const slow = (answer: () => unknown): HostOptions => ({
    providers: {
      [`${TASK}/*`]: async (_data, { sleep }) => {
        await sleep(minutes(3));
        return answer();
      },
    },
  });
  const open = (options: HostOptions, page = 'pages/report/report'): { host: Host; page: Host['wx'] } => {
    const host = boot(document, options);
    return { host, page: host.show(page) };
  };

  test('the page starts a task and waits for it; only the start is billed', async () => {
    const { host, page } = open(slow(() => ({ words: 7 })));
    await host.clock.until(page.start(PHOTO));
    expect(page.data).toMatchObject({ state: 'done', percent: 100, result: { words: 7 }, error: '' });
    expect(page.data.asked).toBeGreaterThan(5);
    expect(host.market.bills).toHaveLength(1);
    expect(host.wx.getStorageSync('report.requestId')).toBe('');
  });

  test('a page that was closed finds its task again', async () => {
    const { host, page } = open(slow(() => ({ words: 7 })));
    const ended = page.start(PHOTO);
    await host.clock.advance(minutes(1));
    page.onUnload();
    await host.clock.until(ended);
    expect(page.data).toMatchObject({ state: 'failed', error: 'waitForResult:fail abort' });
    const again = host.show('pages/report/report');
    await host.clock.run();
    expect(again.data).toMatchObject({ state: 'done', result: { words: 7 } });
    expect(host.market.bills).toHaveLength(1);
  });

  test('the page tells why the service failed, and forgets the task', async () => {
    const failing = slow(() => {
      throw new Error('no speech');
    });
    const { host, page } = open(failing);
    await host.clock.until(page.start(PHOTO));
    expect(page.data.state).toBe('failed');
    expect(page.data.error).toMatch(/^waitForResult:fail 103 .*no speech/);
    expect(host.wx.getStorageSync('report.requestId')).toBe('');
  });

  test.each(['docs/en/long-tasks.md', 'docs/zh/long-tasks.md'])(
    'the ten lines of %s have the result',
    async (document) => {
      const host = boot(
        document,
        slow(() => ({ text: 'ready' })),
      );
      const page = host.show('pages/pushed/pushed');
      await host.clock.until(page.run());
      expect(page.data).toEqual({ text: 'ready' });
      expect(host.market.bills).toHaveLength(1);
    },
  );

  test('the page without the import asks until the task is done', async () => {
    const { host, page } = open(
      slow(() => 'ready'),
      'pages/ask/ask',
    );
    await host.clock.until(page.start());
    expect(page.data).toEqual({ result: 'ready', error: '' });
  });
});
