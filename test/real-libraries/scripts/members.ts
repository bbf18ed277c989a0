/** Which members `wx` has, and its helpers for bytes and turns. */
import { named, words } from './script';
import type { Script } from './script';

const MEMBERS = words(`
  operateWXData uploadToCommonCDN request uploadFile downloadFile login checkSession
  getFileSystemManager env cloud serviceMarket getSystemInfoSync getSystemInfo getNetworkType
  arrayBufferToBase64 base64ToArrayBuffer onAppShow onAppHide nextTick canIUse chooseImage chooseMedia
  compressImage previewImage getFileInfo saveFile getAccountInfoSync setClipboardData showToast
  hideToast showLoading hideLoading showModal showActionSheet setNavigationBarTitle getStorage
  setStorage removeStorage getStorageSync setStorageSync removeStorageSync version`);

export const members: Script[] = [
  ...MEMBERS.map((name) => ({ name: `members: typeof ${name}`, code: `return typeof wx.${name}` })),
  ...named('members', {
    'cloud has':
      'return wx.cloud ? ["init", "callFunction", "uploadFile", "downloadFile", "getTempFileURL", "deleteFile", "CloudID"].map(function (n) { return typeof wx.cloud[n] }) : null',
    'files have':
      'if (!wx.getFileSystemManager) return null; var f = wx.getFileSystemManager(); return ["access", "readFile", "writeFile", "appendFile", "unlink", "mkdir", "rmdir", "readdir", "stat", "saveFile", "copyFile", "rename", "getFileInfo", "readFileSync", "writeFileSync", "unlinkSync", "accessSync"].map(function (n) { return typeof f[n] })',
    'serviceMarket has':
      'var m = wx.serviceMarket; return m ? [typeof m.invokeService, typeof m.getAsyncResult, typeof m.CDN, Object.keys(m), "invokeService" in m] : null',
    'serviceMarket is the same object': 'return wx.serviceMarket === wx.serviceMarket',
    SDKVersion: 'return wx.getSystemInfoSync().SDKVersion',
    'canIUse of members':
      'return ["request", "uploadFile", "none", "serviceMarket", "serviceMarket.invokeService", "request.object.url"].map(function (n) { return wx.canIUse(n) })',
    USER_DATA_PATH: 'return wx.env ? wx.env.USER_DATA_PATH : null',
  }),
];

export const utilities: Script[] = named('utilities', {
  'base64 of bytes': 'return wx.arrayBufferToBase64(new Uint8Array([0, 1, 254, 255]).buffer)',
  'base64 of nothing': 'return wx.arrayBufferToBase64(new ArrayBuffer(0))',
  'base64 of a typed array': 'return wx.arrayBufferToBase64(new Uint8Array([65, 66]))',
  'base64 of a string': "return wx.arrayBufferToBase64('AB')",
  'base64 of undefined': 'return wx.arrayBufferToBase64()',
  'bytes of base64': "return wx.base64ToArrayBuffer('AAH+/w==')",
  'bytes of an empty string': "return wx.base64ToArrayBuffer('')",
  'bytes of a number': 'return wx.base64ToArrayBuffer(5)',
  nextTick: "if (!wx.nextTick) return null; wx.nextTick(on('tick')); log('sync')",
  'onAppShow with a function': 'if (!wx.onAppShow) return null; return wx.onAppShow(function () {})',
});
