/** The playground's phone on a built site, in Chromium. */
import { CHROMIUM_MISSING } from '../support/chromium';
import { demoSources, openLab, pluginSources } from './support/engine-site';
import type { Lab } from './support/engine-site';

const describeInChromium = CHROMIUM_MISSING ? describe.skip : describe;
const RESULT = '.result, .card--error';
const CALL_ENDED = `lab.events.some((event) => event.type === 'call' && (event.state === 'done' || event.state === 'failed'))`;

async function readPhoto({ phone, page }: Lab): Promise<string> {
  await phone.locator('.action').first().click();
  await page.waitForFunction(CALL_ENDED, undefined, { timeout: 60_000 });
  return phone.locator(RESULT).first().innerText();
}

describeInChromium('the phone', () => {
  test('reads the sample with the site alone, which may lie in any folder', async () => {
    const lab = await openLab();
    expect(await lab.open()).toBeUndefined();
    expect(await readPhoto(lab)).toMatch(/CORNER BOOKSHOP\n12 Harbour Street\nReceipt No\. 2408/);

    const foreign = lab.requests.filter(
      (url) => !url.startsWith(lab.origin) && !/^(data:text\/html|blob:null\/)/.test(url),
    );
    expect(foreign).toEqual([]);
    expect(lab.requests.filter((url) => url.includes('/ocr/')).length).toBeGreaterThanOrEqual(4);
    expect(lab.errors).toEqual([]);

    expect(await lab.eventsOf('bill')).toMatchObject([{ api: 'OcrAllInOne', channel: 'relay' }]);
    const uploads = await lab.eventsOf('upload');
    expect(uploads.map(({ state }) => state).filter((state) => state !== 'running')).toEqual(['done']);
    expect(uploads.length).toBeGreaterThan(3);
    const [started] = await lab.eventsOf('call');
    const { text, spans } = started.payload!;
    const marker = spans.find(({ kind }) => kind === 'marker')!;
    expect(text.slice(marker.start, marker.end)).toMatch(/^CDN\(wxfile:\/\/tmp_\w+\.png\)$/);
    const messages = await lab.eventsOf('message');
    expect(messages.map(({ kind, phase }) => [kind, phase])).toEqual([
      ['call', 'request'],
      ['call', 'answer'],
    ]);
  });

  test('works on every kind of base library and over every channel', async () => {
    const lab = await openLab();
    const seen: unknown[] = [];
    for (const [sdkVersion, channel] of PAIRS) {
      await lab.open({ sdkVersion, channel }, { quick: 5 });
      const shown = await readPhoto(lab);
      const bills = await lab.eventsOf('bill');
      seen.push([sdkVersion, channel, shown.includes('quick'), bills.map((bill) => bill.channel)]);
      expect(await lab.eventsOf('page-error')).toEqual([]);
    }
    expect(seen).toEqual(
      PAIRS.map(([sdkVersion, channel, carrier]) => [sdkVersion, channel, true, [carrier]]),
    );
  });

  test('bills a call once whose first answer is lost, and shows the message after it', async () => {
    const lab = await openLab();
    for (const channel of ['bridge', 'relay', 'cloud'] as const) {
      for (const billing of ['perId', 'perMessage'] as const) {
        await lab.open({ channel, billing, network: 'lost-answer' }, { quick: 5 });
        expect(await readPhoto(lab)).toContain('quick');
        expect(await lab.eventsOf('bill')).toHaveLength(1);
        const phases = (await lab.eventsOf('message')).map(({ kind, phase }) => `${kind} ${phase}`);
        expect(phases).toEqual(['call request', 'call lost', 'repeat request', 'repeat answer']);
      }
    }
  });

  test('tells an error as page code gets it: offline, and after an abort in the middle', async () => {
    const lab = await openLab();
    await lab.open({ network: 'offline' }, { quick: 5 });
    expect(await readPhoto(lab)).toContain('ERR_INTERNET_DISCONNECTED');
    const offline = (await lab.eventsOf('call')).at(-1)!;
    expect(offline).toMatchObject({ state: 'failed', error: { errCode: -2, billing: 'none' } });
    expect(offline.error!.advice.zh).toContain('网络');
    expect(await lab.eventsOf('bill')).toEqual([]);

    await lab.open({}, { quick: 30_000 });
    await lab.phone.locator('.action').first().click();
    await lab.page.waitForFunction(`lab.events.some(({ type }) => type === 'bill')`);
    await lab.call('abort');
    await lab.page.waitForFunction(CALL_ENDED);
    expect((await lab.eventsOf('call')).at(-1)).toMatchObject({
      state: 'failed',
      error: { message: 'invokeService:fail abort', billing: 'unknown' },
    });
    expect((await lab.eventsOf('message')).at(-1)).toMatchObject({ phase: 'lost' });
  });

  test('changes the network of a running mini-program, and goes around a bridge that is denied', async () => {
    const lab = await openLab();
    await lab.open({ network: 'offline' }, { quick: 5 });
    await readPhoto(lab);
    await lab.call('change', { network: 'normal' });
    await lab.phone.locator('.retry').click();
    await lab.phone.locator('.result__line').first().waitFor();

    await lab.open({ channel: 'bridge', bridgeDenied: true }, { quick: 5 });
    expect(await readPhoto(lab)).toContain('quick');
    expect((await lab.eventsOf('bill')).map(({ channel }) => channel)).toEqual(['relay']);
    const refused = (await lab.eventsOf('native')).filter(
      ({ api, failed }) => api === 'operateWXData' && failed,
    );
    expect(refused).toHaveLength(1);
  });

  test('is used by keyboard, by its tabs and its fields', async () => {
    const lab = await openLab();
    await lab.open({}, { quick: 5 });
    await lab.phone.locator('.photo').focus();
    await lab.page.keyboard.press('Enter');
    await lab.phone.locator('.result__line').first().waitFor();
    await lab.open();
    await lab.phone.getByRole('button', { name: 'Check a text' }).click();
    const check = lab.phone.locator('.check');
    expect(await check.isDisabled()).toBe(true);
    await lab.phone.locator('textarea').pressSequentially('An online casino');
    await check.click();
    await lab.phone.locator('.keyword').waitFor();
    expect(await lab.phone.locator('.keyword').innerText()).toBe('online casino');
    expect((await lab.eventsOf('page')).map(({ path }) => path)).toEqual([
      'pages/ocr/ocr',
      'pages/service/service',
    ]);
  });

  test('runs a plugin, which calls through its host', async () => {
    const lab = await openLab();
    expect(await lab.open({ plugin: true }, { sources: pluginSources(), quick: 5 })).toBeUndefined();
    await lab.phone.locator('.photo').click();
    await lab.phone.locator('.card', { hasText: 'quick' }).waitFor();
    expect(await lab.eventsOf('bill')).toHaveLength(1);
    expect((await lab.eventsOf('call')).map(({ state }) => state)).toContain('done');
    expect(await lab.eventsOf('page-error')).toEqual([]);
  });

  test('runs page code that imports the package, and says where other code is wrong', async () => {
    const lab = await openLab();
    const sources = demoSources();
    const page = 'miniprogram/pages/ocr/ocr.js';
    const imported = sources[page]
      .replace('wx.serviceMarket\n      .invokeService', "require('miniprogram-servicemarket').invokeService")
      .replace('new wx.serviceMarket.CDN', "new (require('miniprogram-servicemarket').CDN)");
    await lab.open({ sdkVersion: '2.2.3' }, { sources: { ...sources, [page]: imported }, quick: 5 });
    expect(await readPhoto(lab)).toContain('quick');
    expect((await lab.eventsOf('call')).map(({ state }) => state)).toContain('done');

    const broken = { ...sources, [page]: 'Page({' };
    expect(await lab.open({}, { sources: broken })).toMatch(/pages\/ocr\/ocr\.js/);
    await lab.open(
      {},
      {
        sources: { ...sources, [page]: `${sources[page]}\nsetTimeout(() => { throw new Error('late'); });` },
      },
    );
    await lab.page.waitForFunction(`lab.events.some(({ type }) => type === 'page-error')`);
    expect(await lab.eventsOf('page-error')).toMatchObject([{ message: 'late' }]);
    const inHandler = "Page({ data: { state: 'empty' }, choosePhoto() { throw new Error('tapped'); } });";
    await lab.open({}, { sources: { ...sources, [page]: inHandler } });
    await lab.phone.locator('.photo').click();
    await lab.page.waitForFunction(`lab.events.some(({ type }) => type === 'page-error')`);
    expect(await lab.eventsOf('page-error')).toMatchObject([{ message: 'tapped' }]);
  });

  test('is an origin of its own, that reaches nothing of the page', async () => {
    const lab = await openLab();
    await lab.open({}, { quick: 5 });
    const frame = lab.frame();
    expect(await frame.evaluate(REACH, lab.origin)).toEqual({
      origin: 'null',
      parent: 'SecurityError',
      storage: 'SecurityError',
      cookie: 'SecurityError',
      database: 'SecurityError',
      request: 'TypeError',
      popup: 'null',
    });
    // Nor does it become the page's origin by going there.
    await frame
      .evaluate(`location.href = ${JSON.stringify(lab.origin + 'small.html')}`)
      .catch(() => undefined);
    await lab.page.waitForTimeout(500);
    expect(
      lab.page
        .frames()
        .map((one) => one.url())
        .filter((url) => url.startsWith(lab.origin)),
    ).toHaveLength(1);
  });
});

/** Base library, channel, and what carries the call: the platform's own code where there is any. */
const PAIRS = [
  ['1.6.0', 'relay', 'relay'],
  ['1.9.6', 'bridge', 'bridge'],
  ['2.2.3', 'cloud', 'cloud'],
  ['2.3.2', 'cloud', 'cloud'],
  ['2.8.3', 'bridge', 'bridge'],
  ['2.9.4', 'bridge', 'native'],
  ['2.10.0', 'relay', 'native'],
  ['2.11.0', 'cloud', 'native'],
  ['2.11.1', 'bridge', 'native'],
  ['2.30.3', 'relay', 'native'],
  ['newest', 'bridge', 'native'],
] as const;

/** Runs in the frame. @returns what each way out of it comes to */
const REACH = async (origin: string): Promise<Record<string, string>> => {
  const attempt = async (act: () => unknown): Promise<string> => {
    try {
      return String(await act());
    } catch (error) {
      return (error as Error).name;
    }
  };
  const page = globalThis as never as {
    origin: string;
    parent: { document: unknown };
    localStorage: object;
    document: { cookie: string };
    indexedDB: { open(name: string): unknown };
    open(url: string): unknown;
  };
  return {
    origin: page.origin,
    parent: await attempt(() => page.parent.document),
    storage: await attempt(() => page.localStorage),
    cookie: await attempt(() => page.document.cookie),
    database: await attempt(() => page.indexedDB.open('x')),
    request: await attempt(() => fetch(origin)),
    popup: await attempt(() => page.open(origin)),
  };
};
