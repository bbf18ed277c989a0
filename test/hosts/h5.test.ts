/** H5 apps as their frameworks build them, in Chromium: a picture goes up over a real relay, and its text comes back. */
import { join } from 'node:path';
import { ROOT } from '../support/files';
import { describeWith } from '../toolchain/installed';
import { CHROMIUM_MISSING, openInChromium, serveFolder } from '../support/chromium';
import { H5_APPS } from './support/frameworks';
import { openOcrRelay } from './support/ocr-relay';

const SAMPLE = join(ROOT, 'demo-miniprogram/sample.png');

for (const { title, tools, build } of H5_APPS) {
  describeWith(tools, `${title}, as an H5 app in Chromium`, () => tests(build), CHROMIUM_MISSING);
}

function tests(build: () => string): void {
  let dist: string;
  beforeAll(() => {
    dist = build();
  });

  test('installs, uploads a picture and shows its text', async () => {
    const origin = await serveFolder(dist);
    const { url, platform } = await openOcrRelay(origin);
    const { page, printed, errors } = await openInChromium(`${origin}/?relay=${encodeURIComponent(url)}`);
    const chooser = page.waitForEvent('filechooser');
    await page.click('.choose');
    await (await chooser).setFiles(SAMPLE);
    await page.waitForFunction(() => document.querySelector('.text')?.textContent);

    expect(await page.textContent('.text')).toMatch(/^CORNER BOOKSHOP \| 12 Harbour Street \| /);
    expect(printed).toContain(
      'installed: {"members":{"invokeService":"added","getAsyncResult":"added","CDN":"added"}}',
    );
    expect(platform.market.bills).toHaveLength(1);
    expect(errors).toEqual([]);
  });
}
