/** @jest-environment jsdom */
import { fakeHost, type FakeHost } from './support/fake-host';
import { loadPage, settle, type RenderedPage } from './support/render-page';

const render = loadPage('pages/ocr/ocr');
const PHOTO = 'wxfile://tmp/receipt.png';

function answer(...lines: string[]) {
  return { data: { ocr_comm_res: { items: lines.map((text) => ({ text })) } }, requestId: 'request-1' };
}

describe('the page that reads a photo', () => {
  let host: FakeHost;
  let page: RenderedPage;

  beforeEach(() => {
    host = fakeHost();
    page = render();
  });

  it('starts empty and calls nothing', () => {
    expect(page.texts('.photo__empty')[0]).toContain('Choose a photo');
    expect(page.texts('.action')).toEqual(['Choose a photo']);
    expect(page.exists('.loading') || page.exists('.result') || page.exists('.error')).toBe(false);
    expect(host.invocations).toEqual([]);
  });

  it('sends the chosen photo, marked for upload, to the OCR service', async () => {
    await page.tap('.action');

    expect(host.marked).toEqual([{ type: 'filePath', filePath: PHOTO }]);
    expect(host.invocations.map(({ options }) => options)).toEqual([
      {
        service: 'wx79ac3de8be320b71',
        api: 'OcrAllInOne',
        data: { img_url: { options: host.marked[0] }, data_type: 3, ocr_type: 8 },
      },
    ]);
  });

  it('shows the photo and that it is being read', async () => {
    await page.tap('.photo');

    expect(page.texts('.loading')).toEqual(['Reading the photo…']);
    expect(page.exists('.photo__image')).toBe(true);
    expect(page.exists('.photo__empty')).toBe(false);
  });

  it('takes no second photo while one is being read', async () => {
    await page.tap('.action');
    await page.tap('.action');
    await page.tap('.photo');

    expect(host.invocations).toHaveLength(1);
  });

  it('shows the lines of the answer, which can be copied', async () => {
    await page.tap('.action');
    host.invocations[0].resolve(answer('CORNER BOOKSHOP', 'Total 33.50'));
    await settle();

    expect(page.exists('.loading')).toBe(false);
    expect(page.texts('.result__line')).toEqual(['CORNER BOOKSHOP', 'Total 33.50']);
    expect(page.texts('.detail')).toEqual(['Request request-1']);

    await page.tap('.copy');
    expect(host.copied).toEqual(['CORNER BOOKSHOP\nTotal 33.50']);
  });

  it('says so when the photo has no text', async () => {
    await page.tap('.action');
    host.invocations[0].resolve(answer());
    await settle();

    expect(page.texts('.card__title')).toEqual(['No text found']);
    expect(page.exists('.copy')).toBe(false);
  });

  it('drops the earlier text when another photo is chosen', async () => {
    await page.tap('.action');
    host.invocations[0].resolve(answer('EARLIER'));
    await settle();
    host.album = ({ success }) => success?.({ tempFilePaths: ['wxfile://tmp/sign.png'] });
    await page.tap('.action');

    expect(page.exists('.result')).toBe(false);
    expect(host.marked[1]).toEqual({ type: 'filePath', filePath: 'wxfile://tmp/sign.png' });
  });

  it.each([
    [-2, 'invokeService:fail uploadFile:fail timeout', 'did not get through'],
    [-2, 'invokeService:fail no channel for upload (bridge: denied)', 'no other way set up'],
    [-10, 'invokeService:fail -10 no balance', 'not open for this mini-program'],
    [-11, 'invokeService:fail -11 too often', 'Too many requests'],
    [
      103,
      'invokeService:fail 103 . requestID r, error message no picture',
      'could not use what it was given',
    ],
    [9301010, 'invokeService:fail 9301010 not opened', 'not open for this mini-program'],
    [777, 'invokeService:fail 777 unheard of', 'Something went wrong'],
  ])('shows error %i with its text and advice', async (errCode, errMsg, advice) => {
    await page.tap('.action');
    host.invocations[0].reject(Object.assign(new Error(errMsg), { errCode, errMsg }));
    await settle();

    expect(page.exists('.loading')).toBe(false);
    expect(page.texts('.card__title')).toEqual([`The photo was not read (${errCode})`]);
    expect(page.texts('.advice')[0]).toContain(advice);
    expect(page.texts('.detail')).toEqual([errMsg]);
  });

  it('shows an error without a code by its message', async () => {
    await page.tap('.action');
    host.invocations[0].reject(new Error('invokeService:fail something'));
    await settle();

    expect(page.texts('.card__title')).toEqual(['The photo was not read']);
    expect(page.texts('.detail')).toEqual(['invokeService:fail something']);
  });

  it('shows an answer of another shape as an error', async () => {
    await page.tap('.action');
    host.invocations[0].resolve({ data: { idcard_res: {} } });
    await settle();

    expect(page.texts('.card__title')).toEqual(['The photo was not read']);
  });

  it('reads the same photo again after an error', async () => {
    await page.tap('.action');
    host.invocations[0].reject(new Error('invokeService:fail'));
    await settle();
    await page.tap('.retry');
    host.invocations[1].resolve(answer('SECOND TIME'));
    await settle();

    expect(host.marked).toEqual([
      { type: 'filePath', filePath: PHOTO },
      { type: 'filePath', filePath: PHOTO },
    ]);
    expect(page.texts('.result__line')).toEqual(['SECOND TIME']);
  });

  it('stays as it was when the album is closed without a choice', async () => {
    host.album = ({ fail }) => fail?.({ errMsg: 'chooseImage:fail cancel' });
    await page.tap('.action');

    expect(page.data.state).toBe('empty');
    expect(page.exists('.photo__empty')).toBe(true);
  });

  it('shows why the album could not be opened, and opens it again', async () => {
    host.album = ({ fail }) => fail?.({ errMsg: 'chooseImage:fail auth deny' });
    await page.tap('.action');
    expect(page.texts('.detail')).toEqual(['chooseImage:fail auth deny']);

    host.album = ({ success }) => success?.({ tempFilePaths: [PHOTO] });
    await page.tap('.retry');
    expect(host.invocations).toHaveLength(1);
  });
});
