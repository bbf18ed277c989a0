/** The scripts that both hosts run: every member of `wx` that the runtime or the demo uses, by groups that share a host. */

export interface Script {
  name: string;
  /** Body of a function of page code; observe.ts says what it has beside `wx`. */
  code: string;
  /** ms of host time that it gets. @default 5000 */
  wait?: number;
}

/** Scripts of one group, from their code by name. */
const group = (prefix: string, scripts: Record<string, string>): Script[] =>
  Object.entries(scripts).map(([name, code]) => ({ name: `${prefix}: ${name}`, code }));

const NAMES = [
  ...[
    'window',
    'document',
    'self',
    'navigator',
    'location',
    'frames',
    'localStorage',
    'XMLHttpRequest',
    'WebSocket',
  ],
  ...['alert', 'confirm', 'prompt', 'screen', 'history', 'Caches'],
  ...[
    'wx',
    'App',
    'Page',
    'Component',
    'Behavior',
    'getApp',
    'getCurrentPages',
    'requirePlugin',
    'requireMiniProgram',
  ],
  ...[
    'global',
    'globalThis',
    'process',
    'Buffer',
    'fetch',
    'eval',
    'Function',
    'define',
    'require',
    'module',
    'exports',
  ],
  ...[
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'console',
    'Promise',
    'Symbol',
    'Map',
    'Set',
  ],
];

const environment = [
  ...NAMES.map((name) => ({ name: `environment: typeof ${name}`, code: `return typeof ${name}` })),
  ...group('environment', {
    this: 'return typeof this',
    'Function with text': "return typeof Function('return this')()",
    'Function with other text': "return new Function('return 1')()",
    'constructor of a function': "return (function () {}).constructor('return 1')()",
    'a finished promise comes later': "Promise.resolve().then(on('promise')); log('sync')",
    'order of timer and promise': "setTimeout(on('timer'), 0); Promise.resolve().then(on('promise'))",
    'Promise members':
      "return ['all', 'race', 'resolve', 'reject'].map(function (name) { return typeof Promise[name] })",
    'Object.assign': 'return Object.assign({ a: 1 }, null, { b: 2 })',
    'missing module': "return require('./none')",
    'require of a number': 'return require(1)',
    'wx can be extended': 'wx.extra = 1; return wx.extra',
    'wx.request can be replaced':
      'var r = wx.request; try { wx.request = 1; var now = wx.request; wx.request = r; return now } catch (error) { return error.name }',
    'serviceMarket can be defined':
      "var before = typeof wx.serviceMarket; if (before === 'undefined') { wx.serviceMarket = 1; var seen = wx.serviceMarket; delete wx.serviceMarket; return [seen, typeof wx.serviceMarket] } return before",
    'serviceMarket by defineProperty':
      "if (wx.serviceMarket) return 'native'; Object.defineProperty(wx, 'serviceMarket', { value: 2, configurable: true }); var seen = wx.serviceMarket; delete wx.serviceMarket; return [seen, typeof wx.serviceMarket]",
    'wx is frozen': 'return [Object.isFrozen(wx), Object.isExtensible(wx)]',
  }),
];

const MEMBERS = [
  ...['operateWXData', 'uploadToCommonCDN', 'request', 'uploadFile', 'downloadFile', 'login', 'checkSession'],
  ...[
    'getFileSystemManager',
    'env',
    'cloud',
    'serviceMarket',
    'getSystemInfoSync',
    'getSystemInfo',
    'getNetworkType',
  ],
  ...[
    'arrayBufferToBase64',
    'base64ToArrayBuffer',
    'onAppShow',
    'onAppHide',
    'nextTick',
    'canIUse',
    'chooseImage',
  ],
  ...[
    'chooseMedia',
    'compressImage',
    'previewImage',
    'getFileInfo',
    'saveFile',
    'getAccountInfoSync',
    'setClipboardData',
  ],
  ...[
    'showToast',
    'hideToast',
    'showLoading',
    'hideLoading',
    'showModal',
    'showActionSheet',
    'setNavigationBarTitle',
  ],
  ...[
    'getStorage',
    'setStorage',
    'removeStorage',
    'getStorageSync',
    'setStorageSync',
    'removeStorageSync',
    'version',
  ],
];

const members = [
  ...MEMBERS.map((name) => ({ name: `members: typeof ${name}`, code: `return typeof wx.${name}` })),
  ...group('members', {
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

const utilities = group('utilities', {
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

const URL_OF = "'https://server.test/json'";
const request = (name: string, options: string, wrap = true): Script => ({
  name: `request: ${name}`,
  code: wrap
    ? `var task = wx.request(all(${options})); log('task', membersOf(task))`
    : `return wx.request(${options})`,
});

const BODIES: Record<string, string> = {
  'an object': "{ a: 1, b: 'ä', c: null, d: undefined }",
  'a nested object': "{ list: [1, 'b'], object: { a: 1 } }",
  'an empty object': '{}',
  'a string': "'text ä'",
  'an empty string': "''",
  'a number': '5',
  zero: '0',
  true: 'true',
  null: 'null',
  undefined: 'undefined',
  'a list': '[1, 2]',
  bytes: 'new Uint8Array([0, 1, 65, 255]).buffer',
  'no bytes': 'new ArrayBuffer(0)',
  'a typed array': 'new Uint8Array([65, 66])',
  'a DataView': 'new DataView(new Uint8Array([65, 66]).buffer)',
  'a date': 'new Date(0)',
};
const TYPES: Record<string, string> = {
  'as JSON': 'application/json',
  'as a form': 'application/x-www-form-urlencoded',
  'as octets': 'application/octet-stream',
  'as text': 'text/plain',
};

const requests = [
  ...Object.entries(BODIES).flatMap(([kind, data]) => [
    request(`POST ${kind}`, `{ url: ${URL_OF}, method: 'POST', data: ${data} }`),
    request(`GET ${kind}`, `{ url: ${URL_OF}, data: ${data} }`),
    ...Object.entries(TYPES).map(([as, type]) =>
      request(
        `POST ${kind} ${as}`,
        `{ url: ${URL_OF}, method: 'POST', data: ${data}, header: { 'content-type': '${type}' } }`,
      ),
    ),
  ]),
  ...['PUT', 'DELETE', 'HEAD', 'OPTIONS', 'post', 'PATCH', ''].map((method) =>
    request(`method '${method}'`, `{ url: ${URL_OF}, method: '${method}', data: { a: 1 } }`),
  ),
  ...['json', 'broken', 'bytes', 'missing', 'failing', 'empty', 'plain'].flatMap((path) => [
    request(`answer ${path}`, `{ url: 'https://server.test/${path}' }`),
    request(`answer ${path} as text`, `{ url: 'https://server.test/${path}', dataType: 'text' }`),
    request(`answer ${path} as bytes`, `{ url: 'https://server.test/${path}', responseType: 'arraybuffer' }`),
  ]),
  request('without arguments', '', false),
  request('with undefined', 'undefined', false),
  request('with an empty object', '{}'),
  request('url is a number', '{ url: 5 }'),
  request('url is empty', "{ url: '' }"),
  request('url without scheme', "{ url: 'server.test/json' }"),
  request('url of another scheme', "{ url: 'ftp://server.test/json' }"),
  request(
    'header in capitals',
    `{ url: ${URL_OF}, method: 'POST', data: '{}', header: { 'Content-Type': 'text/plain', 'X-Test': 'A' } }`,
  ),
  request('header with a number', `{ url: ${URL_OF}, header: { 'x-test': 5 } }`),
  request('header is undefined', `{ url: ${URL_OF}, header: undefined }`),
  request('referer', `{ url: ${URL_OF}, header: { referer: 'x', 'x-test': 'A' } }`),
  { name: 'request: without callbacks', code: `return membersOf(wx.request({ url: ${URL_OF} }))` },
  { name: 'request: success alone', code: `wx.request({ url: ${URL_OF}, success: on('success') })` },
  { name: 'request: complete alone', code: `wx.request({ url: ${URL_OF}, complete: on('complete') })` },
  {
    name: 'request: success throws',
    code: `wx.request({ url: ${URL_OF}, success: function () { log('success'); throw new Error('mine') }, complete: on('complete') })`,
  },
  {
    name: 'request: success is no function',
    code: `return typeof wx.request({ url: ${URL_OF}, success: 1, complete: on('complete') })`,
  },
  {
    name: 'request: abort',
    code: `var task = wx.request(all({ url: ${URL_OF} })); if (!task) return null; task.abort(); log('aborted')`,
  },
  {
    name: 'request: abort after the end',
    code: `var task = wx.request(all({ url: ${URL_OF} })); if (!task) return null; setTimeout(function () { task.abort(); log('aborted') }, 1000)`,
  },
  {
    name: 'request: a broken connection',
    code: "wx.request(all({ url: 'https://server.test/broken-connection' }))",
  },
  {
    name: 'request: data changed after the call',
    code: `var data = { a: 1 }; wx.request(all({ url: ${URL_OF}, method: 'POST', data: data })); data.a = 2`,
  },
  {
    name: 'request: the same object twice',
    code: `var o = all({ url: ${URL_OF} }); wx.request(o); wx.request(o)`,
  },
];

const upload = (name: string, options: string): Script => ({
  name: `uploadFile: ${name}`,
  code: `var task = wx.uploadFile(all(${options})); log('task', membersOf(task))`,
});
const TO = "url: 'https://server.test/json', filePath: 'wxfile://tmp_a.png', name: 'file'";

const uploads = [
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

const MARKET_REQUEST =
  "{ service_id: 'S', api_name: 'A', data: '{\"k\":1}', client_msg_id: 'm', version: 1 }";
const operate = (name: string, options: string): Script => ({
  name: `operateWXData: ${name}`,
  code: `return wx.operateWXData(all(${options}))`,
});

const bridge = [
  operate('a call', `{ apiName: 'webapi_servicemarket_jsapi_comm', reqData: ${MARKET_REQUEST} }`),
  operate(
    'a call of version 2',
    `{ apiName: 'webapi_servicemarket_jsapi_comm', reqData: { service_id: 'S', api_name: 'A', data: '1', client_msg_id: 'm', call_id: 'c', scene: 1, version: 2 } }`,
  ),
  operate(
    'a failing provider',
    `{ apiName: 'webapi_servicemarket_jsapi_comm', reqData: { service_id: 'S', api_name: 'fail', client_msg_id: 'm', version: 1 } }`,
  ),
  operate('another api', "{ apiName: 'webapi_test', reqData: { a: 1, b: undefined, d: new Date(0) } }"),
  operate('an unknown service market api', "{ apiName: 'webapi_servicemarket_none', reqData: {} }"),
  operate('without reqData', "{ apiName: 'webapi_test' }"),
  operate('reqData is a string', "{ apiName: 'webapi_test', reqData: 'x' }"),
  operate('reqData is null', "{ apiName: 'webapi_test', reqData: null }"),
  operate('without apiName', '{ reqData: {} }'),
  operate('apiName is a number', '{ apiName: 5, reqData: {} }'),
  operate('apiName is empty', "{ apiName: '', reqData: {} }"),
  operate('further fields', "{ apiName: 'webapi_test', reqData: {}, other: 1 }"),
  { name: 'operateWXData: without arguments', code: 'return wx.operateWXData()' },
  {
    name: 'operateWXData: without callbacks',
    code: "return wx.operateWXData({ apiName: 'webapi_test', reqData: {} })",
  },
  {
    name: 'operateWXData: success throws',
    code: "wx.operateWXData({ apiName: 'webapi_test', reqData: {}, success: function () { log('success'); throw new Error('mine') }, complete: on('complete') })",
  },
  {
    name: 'operateWXData: one object for success and complete',
    code: "var first; wx.operateWXData({ apiName: 'webapi_test', reqData: {}, success: function (r) { first = r }, complete: function (r) { log('same', r === first) } })",
  },
  {
    name: 'operateWXData: reqData changed after the call',
    code: "var data = { a: 1 }; wx.operateWXData(all({ apiName: 'webapi_test', reqData: data })); data.a = 2",
  },
];

const cdn = [
  ...Object.entries({
    'a string': "fileData: 'text'",
    bytes: 'fileData: new Uint8Array([65, 0, 255]).buffer',
    'a file': "filePath: 'wxfile://tmp_a.png'",
    'without appType': "filePath: 'wxfile://tmp_a.png', appType: undefined",
  }).map(([name, more]) => ({
    name: `uploadToCommonCDN: ${name}`,
    code: `if (!wx.uploadToCommonCDN) return null; return wx.uploadToCommonCDN(all(Object.assign({ appType: 301, fileType: 20303, fileKey: 'k' }, { ${more} })))`,
  })),
];

const account = group('account', {
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
const files = group('files', {
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

const CLOUD_INIT = "if (!wx.cloud) return null; wx.cloud.init({ env: 'env-1' });";
const cloud = group('cloud', {
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

const market = [
  ...Object.entries({
    'a call': "{ service: 'S', api: 'A', data: { k: 1 } }",
    'without data': "{ service: 'S', api: 'A' }",
    'data is null': "{ service: 'S', api: 'A', data: null }",
    'data is a string': "{ service: 'S', api: 'A', data: 'x' }",
    'without service': "{ api: 'A' }",
    'without api': "{ service: 'S' }",
    'an empty object': '{}',
    undefined: 'undefined',
    'a failing provider': "{ service: 'S', api: 'fail' }",
    'a BigInt': "{ service: 'S', api: 'A', data: { n: BigInt(1) } }",
    'a date': "{ service: 'S', api: 'A', data: { d: new Date(0), f: function () {} } }",
    consumeType: "{ service: 'S', api: 'A', consumeType: 2, consumeAppid: 'p' }",
    'a string to upload': "{ service: 'S', api: 'A', data: [new wx.serviceMarket.CDN('text')] }",
    'bytes to upload':
      "{ service: 'S', api: 'A', data: { b: new wx.serviceMarket.CDN(new Uint8Array([65, 0, 255]).buffer) } }",
    'a file to upload':
      "{ service: 'S', api: 'A', data: new wx.serviceMarket.CDN({ type: 'filePath', filePath: 'wxfile://tmp_a.png' }) }",
    'a file without path':
      "{ service: 'S', api: 'A', data: [new wx.serviceMarket.CDN({ type: 'filePath' })] }",
    'nothing to upload': "{ service: 'S', api: 'A', data: [new wx.serviceMarket.CDN()] }",
    'one marker twice':
      "(function (c) { return { service: 'S', api: 'A', data: [c, c] } })(new wx.serviceMarket.CDN('x'))",
    'a typed array to upload':
      "{ service: 'S', api: 'A', data: [new wx.serviceMarket.CDN(new Uint8Array([65]))] }",
    async: "{ service: 'S', api: 'A', data: 1, async: true }",
  }).flatMap(([name, options]) => [
    {
      name: `serviceMarket: ${name}`,
      code: `if (!wx.serviceMarket) return null; return wx.serviceMarket.invokeService(${options})`,
      wait: 30000,
    },
    ...(options === 'undefined'
      ? []
      : [
          {
            name: `serviceMarket: ${name}, callbacks`,
            code: `if (!wx.serviceMarket) return null; return wx.serviceMarket.invokeService(all(${options}))`,
            wait: 30000,
          },
        ]),
  ]),
  ...group('serviceMarket', {
    'CDN without new': "if (!wx.serviceMarket) return null; return wx.serviceMarket.CDN('x')",
    'CDN keys':
      "if (!wx.serviceMarket) return null; var c = new wx.serviceMarket.CDN('x'); return [Object.keys(c), typeof c.symbol, c.options, typeof c.constructor]",
    'success throws':
      "if (!wx.serviceMarket) return null; wx.serviceMarket.invokeService({ service: 'S', api: 'A', success: function () { log('success'); throw new Error('mine') }, complete: on('complete') })",
    getAsyncResult:
      "if (!wx.serviceMarket || !wx.serviceMarket.getAsyncResult) return null; return wx.serviceMarket.invokeService({ service: 'S', api: 'A', data: 1, async: true }).then(function (r) { return wx.serviceMarket.getAsyncResult({ requestId: r.requestId }) })",
    'getAsyncResult of nothing':
      "if (!wx.serviceMarket || !wx.serviceMarket.getAsyncResult) return null; return wx.serviceMarket.getAsyncResult({ requestId: 'none' })",
    'getAsyncResult without arguments':
      'if (!wx.serviceMarket || !wx.serviceMarket.getAsyncResult) return null; return wx.serviceMarket.getAsyncResult()',
  }),
];

/** Scripts of one group share a host. */
export const GROUPS: Script[][] = [
  environment,
  members,
  utilities,
  requests,
  uploads,
  bridge,
  cdn,
  account,
  files,
  cloud,
  market,
];

export const SCRIPTS: Script[] = GROUPS.flat();
