/** Small projects for the tests of the test kit. */
import type { Host, HostOptions } from '../../src/simulator';
import { temporaryFolder } from '../support/files';
import { openHost } from '../support/hosts';

export const SERVICE = 'wx79ac3de8be320b71';

/** A mini-program with one page, `pages/a/a`. */
export function project(page: string, wxml = '<view/>', files: Record<string, string> = {}): string {
  return temporaryFolder({
    'app.json': '{ "pages": ["pages/a/a"] }',
    'app.js': 'App({})',
    'pages/a/a.js': page,
    'pages/a/a.wxml': wxml,
    ...files,
  });
}

/** A host that runs it, on the newest base library unless `options` say another. */
export const openProject = (folder: string, options: HostOptions = {}): Host =>
  openHost({ project: folder, ...options });

/** A page that reads a photo. */
export const OCR = `Page({
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

/** What its service answers. */
export const answer = { OcrAllInOne: async () => ({ ocr_comm_res: { items: [{ text: 'hi' }] } }) };
