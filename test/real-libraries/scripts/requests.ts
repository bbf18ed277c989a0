/** `wx.request`: bodies and content types, answers, options, and how it ends. */
import type { Script } from './script';

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

export const requests: Script[] = [
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
