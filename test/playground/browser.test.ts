/** The playground in Chromium, by clicks, with the real relay, cloud function and OCR service behind it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { PROFILES } from '../../src/simulator';
import { CHROMIUM_MISSING } from '../support/chromium';
import { ROOT } from '../support/files';
import { openPlaygroundPage } from './support/playground-page';

const READ = 'CORNER BOOKSHOP';
const AXE = readFileSync(join(ROOT, 'node_modules/axe-core/axe.min.js'), 'utf8');
const CHANNELS = ['relay', 'bridge', 'cloud'] as const;

/** Every base library with a channel that it has, and every channel several times. */
const PAIRS = [...PROFILES.map(({ row }) => row), 'newest-without-serviceMarket'].map((row, index) => ({
  row,
  channel: CHANNELS[index % CHANNELS.length] as string,
  isNative: PROFILES.some((profile) => profile.row === row && profile.serviceMarket !== 'none'),
}));

const OVER: Record<string, string> = {
  relay: 'over the relay',
  bridge: 'over the bridge',
  cloud: 'over the cloud function',
};

const describeInChromium = CHROMIUM_MISSING ? describe.skip : describe;

describeInChromium(`the playground${CHROMIUM_MISSING && ` [to run it: ${CHROMIUM_MISSING}]`}`, () => {
  test.each(PAIRS)(
    'reads a photo on base library $row with the channel $channel, and bills it once',
    async (pair) => {
      const { row, channel, isNative } = pair;
      const { page, phone, errors, set, choose, outcome, lines, bills } = await openPlaygroundPage();
      await set({ channel, sdkVersion: row });
      await choose();
      expect(await outcome()).toEqual({ state: 'done', text: expect.stringContaining(READ) });
      await phone.getByText(READ, { exact: true }).waitFor();
      await page.locator('.bill').first().waitFor();
      expect(await bills()).toHaveLength(1);
      const by = isNative ? "by the platform's own code" : OVER[channel];
      expect(await page.locator('.bills__list').innerText()).toContain(by);
      expect((await lines('native')).filter((line) => line.endsWith('failed'))).toEqual([]);
      expect(errors).toEqual([]);
    },
  );

  test('shows what is uploaded and what crosses, with markers, URLs and ids told apart', async () => {
    const { page, choose, outcome, lines } = await openPlaygroundPage();
    await choose();
    await outcome();
    expect(await lines('upload')).toEqual([expect.stringMatching(/to the relay, 163 \/ 163 kB done$/)]);
    expect(await lines('message')).toEqual([expect.stringMatching(/call over the relay .+ answered$/)]);
    const logins = (await lines('native')).filter((line) => /login|checkSession/.test(line));
    expect(logins).toEqual([
      expect.stringMatching(/checkSession \d+ ms no login yet$/),
      expect.stringMatching(/login \d+ ms done$/),
    ]);
    await page.locator('.happening--call summary').click();
    await page.locator('.happening--message summary').click();
    await expect(page.locator('.happening--call .mark--marker').count()).resolves.toBeGreaterThan(0);
    expect(await page.locator('.happening--message .mark--url').first().innerText()).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/files\//,
    );
    expect(await page.locator('.happening--message .mark--id').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Native' }).click();
    await page.locator('.happening--native').first().waitFor({ state: 'detached' });
    expect(await lines('native')).toEqual([]);
  });

  test('says of an error that nothing was billed, and what to do', async () => {
    const { page, phone, set, choose, outcome, bills } = await openPlaygroundPage();
    await set({ network: 'offline' });
    await choose();
    const { state, text } = await outcome();
    expect(state).toBe('failed');
    expect(text).toContain("billing: 'none'");
    expect(text).toMatch(/What to do \S/);
    expect(await bills()).toEqual([]);
    // Back on the network the page's own button does it.
    await set({ network: 'normal' });
    await phone.locator('button.retry').click();
    await page.locator('.outcome--done').waitFor();
    expect(await bills()).toHaveLength(1);
  });

  test('bills a call once whose answer was lost: the question is repeated, over the relay and the cloud', async () => {
    const { page, set, choose, outcome, lines, bills } = await openPlaygroundPage();
    for (const channel of ['relay', 'cloud']) {
      await set({ channel, network: 'lost-answer', billing: 'perMessage' });
      await choose();
      expect(await outcome()).toMatchObject({ state: 'done' });
      const messages = await lines('message');
      expect(messages[0]).toMatch(/call .+ answer lost$/);
      expect(messages.at(-1)).toMatch(/repeat .+ answered$/);
      await page.locator('.bill').first().waitFor();
      expect(await bills()).toHaveLength(1);
      await set({ network: 'normal' });
    }
  });

  test('aborts a call in the middle of its upload', async () => {
    const { phone, set, outcome, bills, lines } = await openPlaygroundPage();
    await set({ example: 'progress', network: 'slow' });
    await phone.locator('button.choose').click();
    await phone
      .locator('.percent')
      .filter({ hasText: /^(?!0 %)/ })
      .waitFor();
    await phone.locator('button.cancel').click();
    const { state, text } = await outcome();
    expect(state).toBe('failed');
    expect(text).toContain('abort');
    expect(text).toContain("billing: 'none'");
    expect(await lines('upload')).toEqual([expect.stringMatching(/failed$/)]);
    expect(await bills()).toEqual([]);
  });

  test('shows a long task: its progress, the questions for it, and its result', async () => {
    const { phone, set, bills, lines } = await openPlaygroundPage();
    await set({ example: 'long-task', sdkVersion: '2.3.2' });
    await phone.locator('button.choose').click();
    await phone.getByText(READ, { exact: true }).waitFor({ timeout: 60_000 });
    const messages = await lines('message');
    expect(messages[0]).toMatch(/call over the relay/);
    expect(messages.slice(1).length).toBeGreaterThan(0);
    for (const message of messages.slice(1)) expect(message).toMatch(/ask for the result .+ answered$/);
    expect(await lines('call')).toEqual([
      expect.stringMatching(/invokeService done$/),
      expect.stringMatching(/waitForResult done$/),
    ]);
    expect(await bills()).toHaveLength(1);
  });

  test('runs code of a plugin on its host', async () => {
    const { phone, set, outcome, bills } = await openPlaygroundPage();
    await set({ plugin: true });
    await phone.locator('.photo').click();
    expect(await outcome()).toMatchObject({ state: 'done', text: expect.stringContaining(READ) });
    expect(await bills()).toHaveLength(1);
  });

  test('runs code that was changed, and takes it back', async () => {
    const { page, phone, ready } = await openPlaygroundPage();
    const editor = page.locator('textarea[name=code]');
    const source = await editor.inputValue();
    await editor.fill(
      source.replace("state: 'empty'", "state: 'result'").replace('lines: []', "lines: ['changed']"),
    );
    await page.getByText('changed, not run yet').waitFor();
    await page.getByRole('button', { name: 'Run' }).click();
    await phone.getByText('Text on the photo').waitFor();
    await editor.fill(`${source}\n)`);
    await page.getByRole('button', { name: 'Run' }).click();
    await page.locator('.phone[data-state=failed]').waitFor();
    await page.getByRole('button', { name: 'Undo changes' }).click();
    await ready();
    expect(await editor.inputValue()).toBe(source);
  });

  test('keeps changed code away from the page and from its server', async () => {
    const { page, phone, ready } = await openPlaygroundPage();
    const attack = `
      var seen = [];
      function attempt(name, run) { try { seen.push(name + ': ' + run()); } catch (error) { seen.push(name + ': ' + error.name); } }
      attempt('document', function () { return typeof document; });
      attempt('token', function () { return [].constructor.constructor('return this.top.document.querySelector("meta").content')(); });
      attempt('storage', function () { return [].constructor.constructor('return parent.localStorage.length')(); });
      Page({ data: { seen: seen }, onLoad: function () {} });`;
    await page.locator('textarea[name=code]').fill(attack);
    await page.getByRole('button', { name: 'ocr.wxml' }).click();
    await page
      .locator('textarea[name=code]')
      .fill('<view wx:for="{{seen}}" wx:key="index" class="seen">{{item}}</view>');
    await page.getByRole('button', { name: 'Run' }).click();
    await ready();
    const seen = await phone.locator('.seen').allInnerTexts();
    expect(seen).toHaveLength(3);
    expect(seen[0]).toBe('document: undefined');
    for (const attempt of seen.slice(1))
      expect(attempt).toMatch(/: (SecurityError|TypeError|ReferenceError)$/);
  });

  test('chooses a picture of the user, and refuses what is none', async () => {
    const { page } = await openPlaygroundPage();
    const picture = {
      name: 'own.png',
      mimeType: 'image/png',
      buffer: readFileSync(join(ROOT, 'demo-miniprogram/sample.png')),
    };
    await page.setInputFiles('[name=picture]', picture);
    await page.getByText('own.png').waitFor();
    await page.setInputFiles('[name=picture]', {
      ...picture,
      name: 'a.png',
      buffer: Buffer.from('no picture'),
    });
    await page.getByRole('alert').filter({ hasText: 'no PNG' }).waitFor();
  });

  test('speaks the language that the page around it asks for', async () => {
    const { page } = await openPlaygroundPage();
    await page.goto(`${page.url()}?lang=zh`);
    await page.locator('html[lang=zh-CN]').waitFor();
  });

  test.each([
    ['zh-CN', 'light'],
    ['en-US', 'dark'],
  ] as const)(
    'has no fault that axe finds, in %s, %s, before and after a call',
    async (locale, colorScheme) => {
      const { page, choose, outcome } = await openPlaygroundPage({ locale, colorScheme });
      const findings: unknown[] = [];
      const look = async (): Promise<void> => {
        const found = await page.evaluate(`${AXE}; axe.run({ iframes: false })`);
        const { violations } = found as {
          violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
        };
        findings.push(
          ...violations.map(({ id, nodes }) => [
            id,
            ...nodes.map((node) => `${node.html} ${node.failureSummary}`),
          ]),
        );
      };
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(
        locale === 'zh-CN' ? 'zh-CN' : 'en',
      );
      await look();
      await choose();
      await outcome();
      await look();
      const frame = page.frames().find((one) => one.url().startsWith('data:'));
      const inside = (await frame?.evaluate(`${AXE}; axe.run()`)) as { violations: { id: string }[] };
      expect([findings, inside.violations.map(({ id }) => id)]).toEqual([[], []]);
    },
  );

  test('says in the dark theme alone why the phone stays light, with the styles of a dark one', async () => {
    const { page, phone, ready } = await openPlaygroundPage({ colorScheme: 'dark' });
    const said = page.locator('.phone__theme');
    expect(await said.innerText()).toContain('its app.json has no "darkmode"');
    const editor = page.locator('textarea[name=code]');
    await page.getByRole('button', { name: 'ocr.wxss' }).click();
    await editor.fill(`@media (prefers-color-scheme: dark) { .photo { opacity: 0.1; } }
      @media (prefers-color-scheme: light) { .photo { opacity: 0.9; } }`);
    await page.getByRole('button', { name: 'Run' }).click();
    await ready();
    expect(await phone.locator('.photo').evaluate((photo) => getComputedStyle(photo).opacity)).toBe('0.9');
    await page.getByRole('button', { name: 'app.json' }).click();
    await editor.fill((await editor.inputValue()).replace('{', '{ "darkmode": true,'));
    expect(await said.innerText()).toContain('does not show the dark mode');
    await page.getByLabel('Theme').selectOption('light');
    await said.waitFor({ state: 'hidden' });
  });

  test.each([1280, 1440])(
    'shows phone, code and the first happenings at once, at %i × 900',
    async (width) => {
      const { page, choose, outcome, set } = await openPlaygroundPage({ viewport: { width, height: 900 } });
      for (const [network, happenings] of [
        ['normal', 5],
        ['offline', 3],
      ] as const) {
        await set({ network });
        await choose();
        await outcome();
        await page.locator('.happening').nth(happenings).waitFor();
        for (const selector of [
          '.phone__body',
          '.phone__buttons',
          '.outcome strong',
          '.editor',
          '.code-panel .button--main',
        ]) {
          expect([selector, await isSeen(page, selector)]).toEqual([
            selector,
            selector !== '.outcome strong' || network === 'offline',
          ]);
        }
        expect(await isSeen(page, `.happening:nth-child(${happenings})`)).toBe(true);
        expect((await page.locator('.editor').boundingBox())?.height).toBeGreaterThan(150);
      }
    },
  );

  test.each([360, 768, 1280, 1440, 1920])('overflows nowhere at %i px', async (width) => {
    const { page, choose, outcome } = await openPlaygroundPage({ viewport: { width, height: 800 } });
    await choose();
    await outcome();
    const tooWide = (): Promise<string[]> =>
      page.evaluate(() =>
        Array.from(document.querySelectorAll('body *'))
          .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 0.5)
          .filter((element) => !element.closest('.editor, .payload, .unseen, .skip'))
          .map((element) => element.className),
      );
    const scrolls = (): Promise<boolean> =>
      page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect([await tooWide(), await scrolls()]).toEqual([[], false]);
    if (width < 1100) await page.locator('.switch button').last().click();
    expect([await tooWide(), await scrolls()]).toEqual([[], false]);
  });
});

/** Whether the first such element lies in the window, and in the card that scrolls it, without any scrolling. */
function isSeen(page: Page, selector: string): Promise<boolean> {
  return page.evaluate((wanted) => {
    const element = document.querySelector(wanted);
    if (!element) return false;
    const { top, bottom, height } = element.getBoundingClientRect();
    const around = ['.card', '.happenings'].map(
      (one) => element.closest(one)?.getBoundingClientRect().bottom ?? Infinity,
    );
    return height > 0 && top >= 0 && bottom <= Math.min(window.innerHeight, ...around);
  }, selector);
}
