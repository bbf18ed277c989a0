/** Plugins: what a plugin's code finds and may do, and what its host sees of it. */
import { named, words } from './script';
import type { Script } from './script';

const NAMES = words(`
  wx App Page Component Behavior getApp getCurrentPages requirePlugin requireMiniProgram global window self process
  eval require module exports setTimeout console Promise`);

const MEMBERS = words(`
  operateWXData uploadToCommonCDN invokeOperateWXData request uploadFile downloadFile login checkSession canIUse
  getFileSystemManager env cloud serviceMarket getSystemInfoSync getAccountInfoSync getPluginVersion chooseImage
  compressImage base64ToArrayBuffer arrayBufferToBase64 nextTick getStorageSync setStorageSync showToast navigateTo
  saveFile getFileInfo getUpdateManager requestPayment onAppShow getNetworkType`);

const URL_OF = "'https://server.test/json'";
const MARKET =
  "{ apiName: 'webapi_servicemarket_jsapi_comm', reqData: { service_id: 'S', api_name: 'A', data: '1', client_msg_id: 'm', version: 1 } }";
const TO = "url: 'https://server.test/json', filePath: 'wxfile://tmp_a.png', name: 'file'";
const INIT = "wx.cloud.init({ env: 'env-1' });";
const NATIVE = 'if (!wx.serviceMarket) return null; return wx.serviceMarket.';

export const inPlugin: Script[] = [
  ...NAMES.map((name) => ({ name: `in a plugin: typeof ${name}`, code: `return typeof ${name}` })),
  ...MEMBERS.map((name) => ({ name: `in a plugin: typeof wx.${name}`, code: `return typeof wx.${name}` })),
  ...named('in a plugin', {
    this: 'return typeof this',
    'wx can be extended': 'wx.extra = 1; var seen = wx.extra; delete wx.extra; return seen',
    'serviceMarket can be assigned':
      "if (wx.serviceMarket) return 'native'; wx.serviceMarket = 1; var seen = wx.serviceMarket; delete wx.serviceMarket; return [seen, typeof wx.serviceMarket]",
    'a member can be replaced':
      'var login = wx.login; wx.login = 1; var seen = wx.login; wx.login = login; return [seen, typeof wx.login]',
    'its global has':
      "return ['App', 'Behavior', 'Component', 'Page', 'getApp', 'getCurrentPages', 'requireMiniProgram', 'requirePlugin', 'wx'].filter(function (name) { return global[name] })",
    'a file of its own': "return require('./other.js')",
    'a file of the host': "return require('app.js')",
    getPluginVersion: 'return wx.getPluginVersion()',
    getAccountInfoSync: 'return wx.getAccountInfoSync()',
    USER_DATA_PATH: 'return wx.env ? wx.env.USER_DATA_PATH : null',
    'serviceMarket has': 'return wx.serviceMarket ? Object.keys(wx.serviceMarket).sort() : null',
    operateWXData: `return wx.operateWXData(all(${MARKET}))`,
    'operateWXData of another name':
      "return wx.operateWXData(all({ apiName: 'webapi_test', reqData: { a: 1 } }))",
    'operateWXData marks its argument': `var options = all(${MARKET}); wx.operateWXData(options); return options.pluginId`,
    'operateWXData without apiName': 'return wx.operateWXData(all({ reqData: {} }))',
    'operateWXData success throws': `wx.operateWXData(Object.assign(${MARKET}, { success: function () { log('success'); throw new Error('mine') }, complete: on('complete') }))`,
    'operateWXData detached': `var operate = wx.operateWXData; return operate(all(${MARKET}))`,
    request: `wx.request(all({ url: ${URL_OF}, method: 'POST', data: { a: 1 } }))`,
    'request with bytes': `wx.request(all({ url: ${URL_OF}, method: 'POST', data: new Uint8Array([0, 255]).buffer, header: { 'content-type': 'application/octet-stream' } }))`,
    'request elsewhere': "wx.request(all({ url: 'https://elsewhere.test/json' }))",
    uploadFile: `wx.uploadFile(all({ ${TO} }))`,
    'uploadFile elsewhere': `wx.uploadFile(all({ ${TO.replace('server.test', 'elsewhere.test')} }))`,
    'a member that is denied': "return wx.navigateTo(all({ url: 'a' }))",
    'a member that is denied, without callbacks': "return wx.navigateTo({ url: 'a' })",
    'cloud before init': "return wx.cloud.callFunction({ name: 'echo', data: {} })",
    'cloud.callFunction': `${INIT} return wx.cloud.callFunction({ name: 'echo', data: { data: 1 } }).then(function (r) { return r.result })`,
    'cloud.callFunction of a function that is not there': `${INIT} return wx.cloud.callFunction({ name: 'none' })`,
    'native: a call': `${NATIVE}invokeService({ service: 'S', api: 'A', data: { k: 1 } })`,
    'native: callbacks': `${NATIVE}invokeService(all({ service: 'S', api: 'A', data: { k: 1 } }))`,
    'native: a failing provider': `${NATIVE}invokeService({ service: 'S', api: 'fail' })`,
    'native: a string to upload': `${NATIVE}invokeService({ service: 'S', api: 'A', data: [new wx.serviceMarket.CDN('text')] })`,
    'native: bytes to upload': `${NATIVE}invokeService({ service: 'S', api: 'A', data: [new wx.serviceMarket.CDN(new Uint8Array([0, 255]).buffer)] })`,
    'native: a long task': `${NATIVE}invokeService({ service: 'S', api: 'A', async: true }).then(function (r) { return wx.serviceMarket.getAsyncResult({ requestId: r.requestId }) })`,
  }),
];

const PLUGIN = "requirePlugin('foo')";

export const pluginHost: Script[] = named('host of a plugin', {
  'requirePlugin has': 'return [typeof requirePlugin, typeof requirePlugin.async]',
  'members of its exports': `return Object.keys(${PLUGIN}).sort()`,
  'its main runs once': `${PLUGIN}; return ${PLUGIN}.runs()`,
  'the same object each time': `return ${PLUGIN} === ${PLUGIN}`,
  'what comes after a slash': "return requirePlugin('foo/x') === requirePlugin('foo')",
  'its lists and dates are of the same realm': `var p = ${PLUGIN}; return [p.list instanceof Array, p.date instanceof Date]`,
  'its errors are of the same realm': `try { ${PLUGIN}.fails() } catch (error) { return [error instanceof TypeError, error.message] }`,
  'a function of the host, called by it': `return ${PLUGIN}.call(function () { return 'host' })`,
  'a promise of it': `return ${PLUGIN}.promise()`,
  'a property that the host sets': `${PLUGIN}.mark = 1; return ${PLUGIN}.mark`,
  'its wx is another': `var p = ${PLUGIN}; return [p.wx === wx, typeof p.wx.request]`,
  'its wx does not see members of the host': `wx.fromHost = 1; var seen = typeof ${PLUGIN}.wx.fromHost; delete wx.fromHost; return seen`,
  'its global is its own': `return ${PLUGIN}.seesGlobal('wx')`,
  'operateWXData by a function of the plugin': `${PLUGIN}.operate(all(${MARKET}))`,
  'operateWXData by its wx': `${PLUGIN}.wx.operateWXData(all(${MARKET}))`,
  'operateWXData of the host beside it': `wx.operateWXData(all(${MARKET}))`,
  'request of the host beside it': "wx.request(all({ url: 'https://server.test/json' }))",
  'by appid': "return typeof requirePlugin('wx0123456789abcdef')",
  'by plugin://': "return typeof requirePlugin('plugin://wx0123456789abcdef')",
  'an unknown name': "return requirePlugin('bar')",
  'an empty name': "return requirePlugin('')",
  'an unknown plugin://': "return requirePlugin('plugin://wxnone')",
  'no string': 'return requirePlugin(5)',
  'with a callback':
    "return typeof requirePlugin('foo', function (p) { log('callback', Object.keys(p).length) })",
  async:
    "if (!requirePlugin.async) return null; return requirePlugin.async('foo').then(function (p) { return Object.keys(p).length })",
  'async of an unknown name': "if (!requirePlugin.async) return null; return requirePlugin.async('bar')",
});
