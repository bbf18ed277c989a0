/** `wx.operateWXData` and `wx.uploadToCommonCDN`, as pages call them. */
import type { Script } from './script';

const MARKET_REQUEST =
  "{ service_id: 'S', api_name: 'A', data: '{\"k\":1}', client_msg_id: 'm', version: 1 }";
const operate = (name: string, options: string): Script => ({
  name: `operateWXData: ${name}`,
  code: `return wx.operateWXData(all(${options}))`,
});

export const bridge: Script[] = [
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

export const cdn: Script[] = [
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
