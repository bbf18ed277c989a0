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

/** One call by promise and one by callbacks, of each member that the runtime uses. */
const failing = (prefix: string, calls: Record<string, [member: string, options: string]>): Script[] =>
  named(
    prefix,
    Object.fromEntries(
      Object.entries(calls).flatMap(([name, [member, options]]) => [
        [name, `${CLOUD_INIT} return wx.cloud.${member}(${options})`],
        [`${name}, callbacks`, `${CLOUD_INIT} wx.cloud.${member}(all(${options}))`],
      ]),
    ),
  ).map((script) => ({ ...script, wait: 60000 }));

const CALL: [string, string] = ['callFunction', "{ name: 'echo', data: { data: 1 } }"];
const MEMBERS: Record<string, [string, string]> = {
  callFunction: CALL,
  uploadFile: ['uploadFile', "{ cloudPath: 'a.png', filePath: 'wxfile://tmp_a.png' }"],
  getTempFileURL: ['getTempFileURL', "{ fileList: ['cloud://env-1.app/a.png'] }"],
  deleteFile: ['deleteFile', "{ fileList: ['cloud://env-1.app/a.png'] }"],
};

/** Failures in an environment that is there. */
export const cloudFailures: Script[] = [
  ...named('cloud fails', {
    'an upload that is aborted': `${CLOUD_INIT} var task = wx.cloud.uploadFile(all({ cloudPath: 'a.png', filePath: 'wxfile://tmp_a.png' })); task.abort(); log('aborted')`,
  }),
  ...failing('cloud fails', {
    'a function that throws': ['callFunction', "{ name: 'broken', data: {} }"],
    'a function that is too slow': ['callFunction', "{ name: 'slow', data: {} }"],
    'a function that is not there': ['callFunction', "{ name: 'none', data: {} }"],
    'another environment': ['callFunction', "{ name: 'echo', data: {}, config: { env: 'none' } }"],
    'upload to another environment': [
      'uploadFile',
      "{ cloudPath: 'a.png', filePath: 'wxfile://tmp_a.png', config: { env: 'none' } }",
    ],
    'link in another environment': [
      'getTempFileURL',
      "{ fileList: ['cloud://env-1.app/a.png'], config: { env: 'none' } }",
    ],
  }),
];

export const withoutCloud: Script[] = failing('an app without a cloud', MEMBERS);

export const unreachableCloud: Script[] = failing('a cloud that is not reached', MEMBERS);

export const silentCloud: Script[] = failing('a cloud that does not answer', { callFunction: CALL });

export const withoutStorage: Script[] = failing('a storage that fails', { uploadFile: MEMBERS.uploadFile });
