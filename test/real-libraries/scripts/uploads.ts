/** `wx.uploadFile`. */
import type { Script } from './script';

const upload = (name: string, options: string): Script => ({
  name: `uploadFile: ${name}`,
  code: `var task = wx.uploadFile(all(${options})); log('task', membersOf(task))`,
});
const TO = "url: 'https://server.test/json', filePath: 'wxfile://tmp_a.png', name: 'file'";

export const uploads: Script[] = [
  upload('a file', `{ ${TO} }`),
  upload('with fields', `{ ${TO}, formData: { a: '1', b: 2, c: null, d: true } }`),
  upload('with headers', `{ ${TO}, header: { authorization: 'Bearer x', 'content-type': 'text/plain' } }`),
  upload('answer failing', `{ ${TO.replace('/json', '/failing')} }`),
  upload('answer missing', `{ ${TO.replace('/json', '/missing')} }`),
  upload('answer empty', `{ ${TO.replace('/json', '/empty')} }`),
  upload('without name', "{ url: 'https://server.test/json', filePath: 'wxfile://tmp_a.png' }"),
  upload('without filePath', "{ url: 'https://server.test/json', name: 'file' }"),
  upload('without url', "{ filePath: 'wxfile://tmp_a.png', name: 'file' }"),
  upload('filePath is a number', "{ url: 'https://server.test/json', filePath: 5, name: 'file' }"),
  upload('url without scheme', "{ url: 'server.test', filePath: 'wxfile://tmp_a.png', name: 'file' }"),
  upload('a broken connection', `{ ${TO.replace('/json', '/broken-connection')} }`),
  { name: 'uploadFile: without callbacks', code: `return membersOf(wx.uploadFile({ ${TO} }))` },
  {
    name: 'uploadFile: progress',
    code: `var task = wx.uploadFile(all({ ${TO} })); if (task && task.onProgressUpdate) task.onProgressUpdate(function (p) { if (p.progress === 100) log('progress', Object.keys(p).sort()) })`,
  },
  {
    name: 'uploadFile: abort',
    code: `var task = wx.uploadFile(all({ ${TO} })); if (!task) return null; task.abort(); log('aborted')`,
  },
  {
    name: 'uploadFile: success throws',
    code: `wx.uploadFile({ ${TO}, success: function () { log('success'); throw new Error('mine') }, complete: on('complete') })`,
  },
];
