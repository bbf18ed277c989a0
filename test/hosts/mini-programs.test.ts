/** Mini-programs of other super-apps as Taro builds them: a picture goes up over a relay, and its text comes back. */
import { join } from 'node:path';
import type { Host, HttpRequest, HttpResponse } from '../../src/simulator';
import { readFiles, ROOT, writeFiles } from '../support/files';
import { openHost } from '../support/hosts';
import { until } from '../support/until';
import { describeWith } from '../toolchain/installed';
import { ALIPAY, ALIPAY_MODULE_HEAD, DOUYIN } from './support/fake-globals';
import { ALIPAY_APP, DOUYIN_APP } from './support/frameworks';
import { openOcrRelay } from './support/ocr-relay';

const SAMPLE = join(ROOT, 'demo-miniprogram/sample.png');
const RELAY = 'https://relay.example.com';

/** What every mini-program framework expects of its host's realm. */
const REALM = 'var global = {}; function Component() {} function Behavior() {}';

/** Hands what the page sends to the relay's address on to the relay. */
function forwardTo(url: string): (request: HttpRequest) => Promise<HttpResponse> {
  return async ({ method, path, headers, body }) => {
    const answer = await fetch(url + path, { method, headers, body: Buffer.from(body) });
    const type = answer.headers.get('content-type') ?? '';
    return { status: answer.status, headers: { 'content-type': type }, body: await answer.text() };
  };
}

for (const [app, global, head] of [
  [ALIPAY_APP, ALIPAY, ALIPAY_MODULE_HEAD],
  [DOUYIN_APP, DOUYIN, ''],
] as const) {
  describeWith(app.tools, app.title, () => {
    test('installs on Taro, uploads a picture and reads its text', async () => {
      const { url, platform } = await openOcrRelay();
      const host = openHost({ clock: 'real', photos: [SAMPLE], network: { [RELAY]: forwardTo(url) } });
      host.script(REALM + global);
      const dist = app.build();
      for (const [file, code] of Object.entries(readFiles(dist))) {
        if (file.endsWith('.js')) writeFiles(dist, { [file]: Buffer.from(head + code, 'latin1') });
      }
      host.boot(dist);
      const text = await firstLog(host, /^text: /);

      expect(text).toMatch(/^text: CORNER BOOKSHOP \| 12 Harbour Street \| /);
      expect(host.logs[0].text).toBe(
        'installed: {"members":{"invokeService":"added","getAsyncResult":"added","CDN":"added"}}',
      );
      expect(platform.market.bills).toHaveLength(1);
      expect([host.errors, host.unhandled]).toEqual([[], []]);
    });
  });
}

/** Waits for a line that the app prints. */
async function firstLog(host: Host, pattern: RegExp): Promise<string> {
  const line = () => host.logs.find(({ text }) => pattern.test(text));
  return (await until(line, `the app prints ${pattern}`, 120_000)).text;
}
