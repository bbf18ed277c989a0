/** The simulator as a test kit: pages of a project, opened, tapped and looked at. */
import type { Host, HostOptions } from '../../src/simulator';
import { temporaryFolder } from '../support/files';
import { openHost } from '../support/hosts';

const SERVICE = 'wx79ac3de8be320b71';

/** A mini-program with one page `pages/a/a`, or what `files` say. */
function project(page: string, wxml = '<view/>', files: Record<string, string> = {}): string {
  return temporaryFolder({
    'app.json': '{ "pages": ["pages/a/a"] }',
    'app.js': 'App({})',
    'pages/a/a.js': page,
    'pages/a/a.wxml': wxml,
    ...files,
  });
}

const openProject = (folder: string, options: HostOptions = {}): Host =>
  openHost({ project: folder, ...options });

const OCR = `Page({
  data: { text: '', lines: [], photo: '' },
  choose() { wx.chooseImage({ count: 1, success: (res) => this.readPhoto(res.tempFilePaths[0]) }); },
  readPhoto(photo) {
    this.setData({ photo });
    return wx.serviceMarket.invokeService({
      service: '${SERVICE}', api: 'OcrAllInOne',
      data: { img_url: new wx.serviceMarket.CDN({ type: 'filePath', filePath: photo }), data_type: 3 },
    }).then((res) => {
      const lines = res.data.ocr_comm_res.items.map((item) => item.text);
      this.setData({ lines, text: lines.join() });
      return { lines };
    });
  },
});`;

const answer = { OcrAllInOne: async () => ({ ocr_comm_res: { items: [{ text: 'hi' }] } }) };

test('a tap chooses a photo, calls the service and shows its answer', async () => {
  const host = openProject(
    project(OCR, '<button id="choose" bindtap="choose"/><text class="t">{{text}}</text>'),
  );
  host.provide(SERVICE, answer);
  const page = await host.open('pages/a/a');
  await page.tap('#choose');
  expect(page.data).toStrictEqual({ text: 'hi', lines: ['hi'], photo: expect.stringMatching(/^wxfile:/) });
  expect(page.find('.t').text).toBe('hi');
  expect(host.calls).toMatchObject([{ service: SERVICE, api: 'OcrAllInOne', data: { data_type: 3 } }]);
  expect(host.uploads).toHaveLength(1);
  expect(host.bills).toHaveLength(1);
});

test('a promise of a page is awaited as it stands', async () => {
  const host = openProject(project(OCR), { files: { 'wxfile://a.png': 'PNG' } });
  host.provide(SERVICE, answer);
  const page = await host.open('pages/a/a');
  expect(await page.readPhoto('wxfile://a.png')).toStrictEqual({ lines: ['hi'] });
  await expect(page.readPhoto('wxfile://none.png')).rejects.toThrow('invokeService:fail');
});
