/** Login, device, user interface, and the file system. */
import { named } from './script';
import type { Script } from './script';

export const account: Script[] = named('account', {
  login: 'return wx.login(all())',
  'login without callbacks': 'return wx.login()',
  'login with timeout': 'return wx.login(all({ timeout: 1000 }))',
  'login success throws':
    "wx.login({ success: function () { log('success'); throw new Error('mine') }, complete: on('complete') })",
  checkSession: 'wx.login({ success: function () { wx.checkSession(all()) } })',
  getAccountInfoSync: 'return wx.getAccountInfoSync ? wx.getAccountInfoSync().miniProgram.appId : null',
  getNetworkType:
    "wx.getNetworkType({ success: function (r) { log('success', r.networkType) }, complete: function (r) { log('complete', r.errMsg) } })",
  getSystemInfo:
    "return wx.getSystemInfo({ success: function (r) { log('success', r.SDKVersion) }, complete: function (r) { log('complete', r.errMsg) } })",
  chooseImage: 'return wx.chooseImage ? typeof wx.chooseImage : null',
  showToast: "return wx.showToast(all({ title: 'x' }))",
});

const FS =
  'if (!wx.getFileSystemManager) return null; var fs = wx.getFileSystemManager(), path = wx.env.USER_DATA_PATH + "/f";';
export const files: Script[] = named('files', {
  'write text': `${FS} return fs.writeFile(all({ filePath: path, data: 'ä', encoding: 'utf8' }))`,
  'write text without encoding': `${FS} return fs.writeFile(all({ filePath: path, data: 'ä' }))`,
  'write bytes': `${FS} return fs.writeFile(all({ filePath: path, data: new Uint8Array([1, 2]).buffer }))`,
  'write a typed array': `${FS} return fs.writeFile(all({ filePath: path, data: new Uint8Array([65]) }))`,
  'write an object': `${FS} return fs.writeFile(all({ filePath: path, data: {} }))`,
  'write without data': `${FS} return fs.writeFile(all({ filePath: path }))`,
  'write without path': `${FS} return fs.writeFile(all({ data: 'x' }))`,
  'write elsewhere': `${FS} return fs.writeFile(all({ filePath: 'wxfile://tmp_x', data: 'x', encoding: 'utf8' }))`,
  'write base64': `${FS} return fs.writeFile(all({ filePath: path, data: 'AAH+', encoding: 'base64' }))`,
  'write in an unknown encoding': `${FS} return fs.writeFile(all({ filePath: path, data: 'x', encoding: 'klingon' }))`,
  'write and read': `${FS} fs.writeFileSync(path, 'äb', 'utf8'); return [fs.readFileSync(path, 'utf8'), fs.readFileSync(path), fs.readFileSync(path, 'base64')]`,
  'write and read bytes': `${FS} fs.writeFileSync(path, new Uint8Array([0, 255]).buffer); return fs.readFileSync(path)`,
  'read a photo': `${FS} fs.readFile(all({ filePath: 'wxfile://tmp_a.png', encoding: 'utf8' }))`,
  'read a photo as bytes': `${FS} fs.readFile(all({ filePath: 'wxfile://tmp_a.png' }))`,
  'read nothing': `${FS} fs.readFile(all({ filePath: 'wxfile://none' }))`,
  'read without path': `${FS} fs.readFile(all({}))`,
  unlink: `${FS} fs.writeFileSync(path, 'x', 'utf8'); return fs.unlink(all({ filePath: path }))`,
  'unlink nothing': `${FS} return fs.unlink(all({ filePath: path + 'none' }))`,
  'without callbacks': `${FS} return fs.writeFile({ filePath: path, data: 'x', encoding: 'utf8' })`,
  'success throws': `${FS} fs.writeFile({ filePath: path, data: 'x', encoding: 'utf8', success: function () { log('success'); throw new Error('mine') }, complete: on('complete') })`,
  access: `${FS} fs.access(all({ path: 'wxfile://tmp_a.png' }))`,
});
