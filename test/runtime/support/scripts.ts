/** Page scripts as pages are written, over `sm` = wx.serviceMarket and `CDN`, and how each of them ends. */
import type { Any } from '../../support/outcomes';

export interface Script {
  name: string;
  /** Body of a function of page code. */
  code: string;
  /** What it gives, or the error it ends with; ids and URLs as `<id>`, `<call>` and `<content>`. */
  ok?: Any;
  error?: { message: string; errCode: number };
  /** The payloads that reached the market. @default none where it ends with an error */
  sent?: (string | undefined)[];
  bills?: number;
  /** How a complete native differs by design (design.md, "where we go beyond"). */
  unlikeNative?: string;
  /** Needs what natives before getAsyncResult drop, or codes that they do not give. */
  unlikeOldNative?: string;
}

const call = (data: string, more = ''): string =>
  `sm.invokeService({service: 'wxSVC', api: 'echo', data: ${data}${more}})`;
const echo = (
  data: string,
  sent: string | undefined,
  got: Any = sent && JSON.parse(sent),
): Partial<Script> => ({
  code: `return ${call(data)}.then(function (r) { return [r.errMsg, r.data === undefined ? '(none)' : r.data] })`,
  ok: ['invokeService:ok', got],
  sent: [sent],
});
const failing = (code: string, errCode: number, message: string): Partial<Script> => ({
  code: `return ${code}`,
  error: { message: `invokeService:fail ${message}`, errCode },
  sent: [],
  bills: 0,
});
const TOLD = `
  var told = [];
  function tell(name) { return function (r) { told.push(name + ' ' + (r.errMsg || r.message)) } }
  function later() { return new Promise(function (done) { setTimeout(function () { done(told) }, 5000) }) }
`;
const accepted = (data: string): string =>
  `${call(data, ', async: true')}.then(function (a) { var id = a.requestId; `;

const SYNC: Partial<Script>[] = [
  {
    name: 'an object',
    ...echo('{k: 1, list: [true, null, {z: "x"}]}', '{"k":1,"list":[true,null,{"z":"x"}]}'),
  },
  { name: 'null', ...echo('null', 'null') },
  { name: 'a text', ...echo('"text"', '"text"') },
  { name: 'a number', ...echo('0', '0') },
  { name: 'a list', ...echo('[1, [2]]', '[1,[2]]') },
  { name: 'an empty object', ...echo('{}', '{}') },
  {
    name: 'letters of the world',
    ...echo('{s: "中文 ✓ \\ud83d\\ude00 \\n \\""}', '{"s":"中文 ✓ 😀 \\n \\""}'),
  },
  {
    name: 'what JSON changes',
    ...echo(
      '{d: new Date(5), n: NaN, u: undefined, f: function () {}, a: [undefined], t: {toJSON: function () { return 7 }}}',
      '{"d":"1970-01-01T00:00:00.005Z","n":null,"a":[null],"t":7}',
    ),
  },
  { name: 'no data', ...echo('undefined', undefined, null) },
  {
    name: 'a chain of two calls',
    code: `return ${call('1')}.then(function (r) { return ${call('r.data + 1')} }).then(function (r) { return r.data })`,
    ok: 2,
    sent: ['1', '2'],
    bills: 2,
  },
  {
    name: 'two calls at once',
    code: `return Promise.all([${call('1')}, ${call('2')}]).then(function (all) { return all.map(function (r) { return r.data }) })`,
    ok: [1, 2],
    sent: ['1', '2'],
    bills: 2,
  },
  {
    name: 'a service that takes 40 s',
    code: `return sm.invokeService({service: 'wxSVC', api: 'slow', data: 1}).then(function (r) { return r.data })`,
    ok: 'slow 1',
    sent: ['1'],
  },
];

const MARKERS: Partial<Script>[] = [
  { name: 'a text to upload', ...echo('{c: new CDN("text ✓")}', '{"c":"<text ✓>"}') },
  { name: 'an empty text to upload', ...echo('{c: new CDN("")}', '{"c":"<>"}') },
  { name: 'a marker as the whole data', ...echo('new CDN("root")', '"<root>"') },
  { name: 'markers in a list', ...echo('[new CDN("a"), 1, [new CDN("b")]]', '["<a>",1,["<b>"]]') },
  {
    name: 'one marker in two places',
    ...echo('(function (c) { return {a: c, b: c} })(new CDN("x"))', '{"a":"<x>","b":"<x>"}'),
  },
  { name: 'a copied marker', ...echo('[Object.assign({}, new CDN("x"))]', '["<x>"]') },
  { name: 'a frozen marker', ...echo('[Object.freeze(new CDN("x"))]', '["<x>"]') },
  {
    name: 'what only looks like a marker',
    ...echo('[{symbol: "CDN", options: "x"}]', '[{"symbol":"CDN","options":"x"}]'),
  },
  { name: 'bytes', ...echo('{c: new CDN(new Uint8Array([72, 105]).buffer)}', '{"c":"<Hi>"}') },
  {
    name: 'bytes and text',
    ...echo('[new CDN(new Uint8Array([72]).buffer), new CDN("H2")]', '["<H>","<H2>"]'),
  },
  {
    name: 'a file',
    ...echo(
      '{img_url: new CDN({type: "filePath", filePath: "wxfile://tmp_a.png"}), data_type: 3}',
      '{"img_url":"<PNG-A>","data_type":3}',
    ),
  },
  { name: 'a file without type', ...echo('new CDN({filePath: "wxfile://tmp_b.png"})', '"<PNG-B>"') },
  {
    name: 'two files',
    ...echo(
      '[new CDN({filePath: "wxfile://tmp_a.png"}), new CDN({filePath: "wxfile://tmp_b.png"})]',
      '["<PNG-A>","<PNG-B>"]',
    ),
  },
];

const CALLBACKS: Partial<Script>[] = [
  {
    name: 'success and complete',
    code: `${TOLD} ${call('1', ", success: tell('success'), fail: tell('fail'), complete: tell('complete')")}; return later()`,
    ok: ['success invokeService:ok', 'complete invokeService:ok'],
    sent: ['1'],
  },
  {
    name: 'complete alone',
    code: `${TOLD} ${call('1', ", complete: tell('complete')")}; return later()`,
    ok: ['complete invokeService:ok'],
    sent: ['1'],
  },
  {
    name: 'callbacks, and nothing returned',
    code: `return Promise.resolve(String(${call('1', ', success: function () {}')}))`,
    ok: 'undefined',
    sent: ['1'],
  },
  {
    name: 'success that throws',
    code: `${TOLD} ${call('1', ", success: function () { throw new Error('mine') }, complete: tell('complete')")}; return later()`,
    ok: ['complete invokeService:ok'],
    sent: ['1'],
  },
  {
    name: 'fail and complete',
    code: `${TOLD} sm.invokeService({success: tell('success'), fail: tell('fail'), complete: tell('complete')}); return later()`,
    ok: ['fail', 'complete'].map(
      (name) => `${name} invokeService:fail Error: field 'service' and 'api' must be provided`,
    ),
    sent: [],
    bills: 0,
  },
];

const ERRORS: Partial<Script>[] = [
  {
    name: 'no service',
    ...failing("sm.invokeService({api: 'echo'})", -1, "Error: field 'service' and 'api' must be provided"),
  },
  {
    name: 'no api',
    ...failing(
      "sm.invokeService({service: 'wxSVC'})",
      -1,
      "Error: field 'service' and 'api' must be provided",
    ),
  },
  {
    name: 'a BigInt',
    ...failing(call('{n: BigInt(1)}'), -1, 'TypeError: Do not know how to serialize a BigInt'),
  },
  {
    name: 'a file path that is empty',
    ...failing(call('[new CDN({filePath: ""})]'), -1, 'Error: filePath must be provided'),
  },
  {
    name: 'a file that is not there',
    ...failing(call('[new CDN({filePath: "wxfile://gone"})]'), -2, 'uploadToCommonCDN:fail file not exist'),
    unlikeNative: 'its text is [object Object]',
  },
  {
    name: "a provider's error",
    code: "return sm.invokeService({service: 'wxSVC', api: 'fail'})",
    error: {
      message: 'invokeService:fail 103 . requestID <id>, error message blurred (callid <call>)',
      errCode: 61,
    },
    sent: [undefined],
    unlikeOldNative: 'it knows no request id',
  },
  {
    name: 'a service that is not opened',
    code: "return sm.invokeService({service: 'wxSVC', api: 'closed'})",
    error: {
      message: 'invokeService:fail 103 . requestID <id>, error message no balance (callid <call>)',
      errCode: 9301010,
    },
    sent: [undefined],
    bills: 0,
    unlikeOldNative: 'it knows no request id',
  },
];

const TASKS: Partial<Script>[] = [
  {
    name: 'a long task accepted',
    code: `return ${accepted('1')} return [a.errMsg, typeof id, 'data' in a] })`,
    ok: ['invokeService:ok', 'string', false],
    sent: ['1'],
  },
  {
    name: 'a long task pending',
    code: `return sm.invokeService({service: 'wxSVC', api: 'slow', async: true}).then(function (a) {
      return sm.getAsyncResult({requestId: a.requestId}) }).then(function (r) { return [r.errCode, r.errMsg, r.status, r.data] })`,
    ok: [0, 'getAsyncResult:ok', 1, null],
    sent: [undefined],
  },
  {
    name: 'a long task done',
    code: `return ${accepted('{k: 1}')} return sm.getAsyncResult({requestId: id}) }).then(function (r) { return [r.errCode, r.errMsg, r.status, r.data] })`,
    ok: [0, 'getAsyncResult:ok', 0, { k: 1 }],
    sent: ['{"k":1}'],
  },
  {
    name: 'a long task that failed',
    code: `return sm.invokeService({service: 'wxSVC', api: 'fail', async: true}).then(function (a) {
      return sm.getAsyncResult({requestId: a.requestId}) }).then(function (r) { return [r.errCode, r.errMsg, r.status, r.providerErrMsg] })`,
    ok: [0, 'getAsyncResult:fail provider execution error', 0, 'blurred'],
    sent: [undefined],
  },
  {
    name: 'a long task with a file',
    code: `return ${accepted('[new CDN({filePath: "wxfile://tmp_a.png"})]')} return sm.getAsyncResult({requestId: id}) }).then(function (r) { return r.data })`,
    ok: ['<PNG-A>'],
    sent: ['["<PNG-A>"]'],
  },
  {
    name: 'a long task by callbacks',
    code: `${TOLD} return ${accepted('1')} sm.getAsyncResult({requestId: id, success: tell('success'), complete: tell('complete')}); return later() })`,
    ok: ['success getAsyncResult:ok', 'complete getAsyncResult:ok'],
    sent: ['1'],
  },
  {
    name: 'a result that nobody knows',
    code: "return sm.getAsyncResult({requestId: 'nobody'})",
    error: {
      message: 'getAsyncResult:fail requestID <id>, error message unknown request_id nobody',
      errCode: -3,
    },
    sent: [],
    bills: 0,
  },
  {
    name: 'who pays',
    code: `return ${call('1', ", consumeType: 2, consumeAppid: 'wxpayer'")}.then(function (r) { return r.data })`,
    ok: 1,
    sent: ['1'],
  },
];

export const SCRIPTS = [SYNC, MARKERS, CALLBACKS, ERRORS, TASKS].flat() as Script[];
