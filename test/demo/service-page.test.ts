/** @jest-environment jsdom */
import { fakeHost, type FakeHost } from './support/fake-host';
import { loadPage, settle, type RenderedPage } from './support/render-page';

const render = loadPage('pages/service/service');

const answer = (...keywords: string[][]) => ({
  data: { Response: { EvilTokens: keywords.map((EvilKeywords) => ({ EvilKeywords })) } },
});

describe('the page that checks a text', () => {
  let host: FakeHost;
  let page: RenderedPage;

  beforeEach(async () => {
    host = fakeHost();
    page = render();
    await page.type('.text', 'Nice shop');
  });

  it('sends the text as plain JSON', async () => {
    await page.tap('.check');

    expect(host.invocations.map(({ options }) => options)).toEqual([
      {
        service: 'wxee446d7507c68b11',
        api: 'msgSecCheck',
        data: { Action: 'TextApproval', Text: 'Nice shop' },
      },
    ]);
    expect(page.texts('.loading')).toEqual(['Checking…']);
  });

  it('sends it once, however often the button is tapped', async () => {
    await page.tap('.check');
    await page.tap('.check');

    expect(host.invocations).toHaveLength(1);
  });

  it('says that nothing was found', async () => {
    await page.tap('.check');
    host.invocations[0].resolve(answer());
    await settle();

    expect(page.texts('.card__title')).toEqual(['Nothing unwanted found']);
    expect(page.exists('.keyword')).toBe(false);
  });

  it('shows every unwanted phrase', async () => {
    await page.tap('.check');
    host.invocations[0].resolve(answer(['jackpot', 'slot machine'], ['claim your prize']));
    await settle();

    expect(page.texts('.card__title')).toEqual(['Please change the text']);
    expect(page.texts('.keyword')).toEqual(['jackpot', 'slot machine', 'claim your prize']);
  });

  it('drops the verdict when the text is changed', async () => {
    await page.tap('.check');
    host.invocations[0].resolve(answer(['jackpot']));
    await settle();
    await page.type('.text', 'Nicer shop');

    expect(page.exists('.result')).toBe(false);
    expect(page.data.text).toBe('Nicer shop');
  });

  it('shows an error with its advice, and lets the check be repeated', async () => {
    await page.tap('.check');
    host.invocations[0].reject(Object.assign(new Error('invokeService:fail 45009'), { errCode: 45009 }));
    await settle();

    expect(page.texts('.card__title')).toEqual(['The text was not checked (45009)']);
    expect(page.texts('.advice')[0]).toContain('quota is used up');

    await page.tap('.check');
    expect(host.invocations).toHaveLength(2);
    expect(page.exists('.error')).toBe(false);
  });
});
