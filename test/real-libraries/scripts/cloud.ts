/** `wx.cloud`. */
import { named } from './script';
import type { Script } from './script';

const CLOUD_INIT = "if (!wx.cloud) return null; wx.cloud.init({ env: 'env-1' });";
export const cloud: Script[] = named('cloud', {
  'before init': "if (!wx.cloud) return null; return wx.cloud.callFunction({ name: 'echo', data: {} })",
  'before init with callbacks':
    "if (!wx.cloud) return null; return wx.cloud.callFunction(all({ name: 'echo', data: {} }))",
  init: `${CLOUD_INIT} return typeof wx.cloud`,
  callFunction: `${CLOUD_INIT} return wx.cloud.callFunction({ name: 'echo', data: { data: { a: 1, b: undefined } } }).then(function (r) { return [r.errMsg, r.result, typeof r.requestID] })`,
  'callFunction with callbacks': `${CLOUD_INIT} return wx.cloud.callFunction({ name: 'echo', data: { data: 1 }, success: function (r) { log('success', [r.errMsg, r.result]) }, complete: function (r) { log('complete', r.errMsg) } })`,
  'callFunction without data': `${CLOUD_INIT} return wx.cloud.callFunction({ name: 'echo' }).then(function (r) { return r.result })`,
  'callFunction without name': `${CLOUD_INIT} return wx.cloud.callFunction({ data: {} })`,
  'callFunction without arguments': `${CLOUD_INIT} return wx.cloud.callFunction()`,
  'callFunction without name, callbacks': `${CLOUD_INIT} return wx.cloud.callFunction(all({ data: {} }))`,
  'callFunction with bytes': `${CLOUD_INIT} return wx.cloud.callFunction({ name: 'echo', data: { data: new Uint8Array([1]).buffer } }).then(function (r) { return r.result })`,
  uploadFile: `${CLOUD_INIT} return wx.cloud.uploadFile({ cloudPath: 'a.png', filePath: 'wxfile://tmp_a.png' }).then(function (r) { return [r.errMsg, typeof r.fileID] })`,
  'uploadFile with callbacks': `${CLOUD_INIT} var task = wx.cloud.uploadFile({ cloudPath: 'a.png', filePath: 'wxfile://tmp_a.png', success: function (r) { log('success', r.errMsg) }, complete: function (r) { log('complete', r.errMsg) } }); return task ? [typeof task.abort, typeof task.onProgressUpdate] : task`,
  'uploadFile without cloudPath': `${CLOUD_INIT} return wx.cloud.uploadFile({ filePath: 'wxfile://tmp_a.png' })`,
  'uploadFile without filePath': `${CLOUD_INIT} return wx.cloud.uploadFile({ cloudPath: 'a.png' })`,
  getTempFileURL: `${CLOUD_INIT} return wx.cloud.getTempFileURL({ fileList: ['cloud://env-1.app/a.png'] }).then(function (r) { return [r.errMsg, Object.keys(r.fileList[0]).sort()] })`,
  'getTempFileURL without list': `${CLOUD_INIT} return wx.cloud.getTempFileURL({})`,
});
