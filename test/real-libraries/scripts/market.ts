/** The host's own `wx.serviceMarket`. */
import { named } from './script';
import type { Script } from './script';

export const market: Script[] = [
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
  ...named('serviceMarket', {
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
