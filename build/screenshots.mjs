/**
 * `npm run screenshots`: the playground in Chromium, into .cache/screenshots; those that README and documents show are
 * copied to docs/images.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const FOLDER = '.cache/screenshots';
const PUBLISHED = 'docs/images';
const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env.CHROMIUM ?? PROGRAMS.find((program) => existsSync(program));

/** What is shown: the window, and what is done before the picture is taken. */
const SHOTS = [
  { name: 'light-zh', width: 1440, height: 900, locale: 'zh-CN', scheme: 'light', run: true, publish: true },
  { name: 'dark-en', width: 1440, height: 900, locale: 'en-US', scheme: 'dark', run: true, publish: true },
  { name: 'phone-zh', width: 390, height: 844, locale: 'zh-CN', scheme: 'light', run: true, publish: true },
  { name: 'light-en', width: 1440, height: 900, locale: 'en-US', scheme: 'light', run: true },
  { name: 'wide-en', width: 1920, height: 1080, locale: 'en-US', scheme: 'light', run: true },
  { name: 'wide-dark-zh', width: 1920, height: 1080, locale: 'zh-CN', scheme: 'dark', run: true },
  { name: 'tablet-zh', width: 768, height: 1024, locale: 'zh-CN', scheme: 'light', run: true, full: true },
  { name: 'small-en', width: 360, height: 740, locale: 'en-US', scheme: 'dark', run: true, full: true },
  { name: 'code-en', width: 768, height: 1024, locale: 'en-US', scheme: 'dark', code: true },
  { name: 'failed-zh', width: 1280, height: 900, locale: 'zh-CN', scheme: 'light', fail: true },
];

/** Starts the playground as the command does. */
async function openPlayground() {
  const child = spawn(process.execPath, ['dist/node/playground.js'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  return { url: /http:\S+/.exec(line)[0], close: () => child.kill('SIGTERM') };
}

async function take(browser, url, { name, width, height, locale, scheme, run, code, fail, full }) {
  const context = await browser.newContext({ viewport: { width, height }, locale, colorScheme: scheme });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`${name}: ${error}`));
  await page.goto(url);
  await page.waitForSelector('.phone[data-state=ready]');
  if (fail) await page.selectOption('select[name=network]', 'offline');
  if (run || fail) {
    await page.frameLocator('#screen iframe').locator('.action').first().click();
    await page.waitForSelector(fail ? '.outcome--failed' : '.outcome--done', { timeout: 60_000 });
    // The last things to happen are drawn in the next frame.
    await page.waitForTimeout(300);
  }
  if (code) await page.click('.switch button:last-child');
  await page.evaluate(() => globalThis.scrollTo(0, 0));
  await page.screenshot({ path: path.join(FOLDER, `${name}.png`), fullPage: Boolean(full) });
  await context.close();
}

/** Copies a picture to the documents, as WebP, which is a third of the size. */
async function publish(browser, name) {
  const page = await browser.newPage();
  const source = `data:image/png;base64,${readFileSync(path.join(FOLDER, `${name}.png`), 'base64')}`;
  const webp = await page.evaluate(async (address) => {
    const { document, Image } = globalThis;
    const picture = Object.assign(new Image(), { src: address });
    await picture.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
    canvas.getContext('2d').drawImage(picture, 0, 0);
    return canvas.toDataURL('image/webp', 0.9);
  }, source);
  await page.close();
  writeFileSync(path.join(PUBLISHED, `playground-${name}.webp`), Buffer.from(webp.split(',')[1], 'base64'));
}

mkdirSync(FOLDER, { recursive: true });
mkdirSync(PUBLISHED, { recursive: true });
const playground = await openPlayground();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const wanted = process.argv.slice(2);
  for (const shot of SHOTS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    await take(browser, playground.url, shot);
    if (shot.publish) await publish(browser, shot.name);
  }
} finally {
  await browser.close();
  playground.close();
}
