/** The payload: JSON.stringify of the data with the URL in each marker's place, and nothing else (protocol 4). */
import path from 'node:path';
import { fc } from '../support/random';
import { copyOfBundle } from '../support/built';
import {
  callsOf,
  messagesOf,
  openInjectedHost,
  openPage,
  type PageHost,
  SERVICE,
  openHost,
} from '../support/hosts';
import { type Any, expectWellFormed } from '../support/outcomes';

/** The text that went to the service, with `<content>` for each URL. */
function sentData(host: Any, at = messagesOf(host).length - 1): string | undefined {
  const { data } = messagesOf(host)[at];
  return data?.replace(/https:[^"\\]+/g, (url: string) => `<${host.cdn.text(url)}>`);
}

/** Runs page code that gives `data`, calls with it, and gives the text that was sent. */
async function sent(host: PageHost, code: string, args: object = {}): Promise<string | undefined> {
  const data = host.run(code, { api: host.api, CDN: host.api.CDN, ...args });
  const seen = await host.outcome({ data });
  if (seen.error) throw seen.error;
  return sentData(host);
}

describe('the same text as JSON.stringify', () => {
  /** JSON data with texts that look like what an implementation might put in a marker's place. */
  const key = fc.oneof(
    fc.string(),
    fc.constantFrom('options', 'symbol', 'toJSON', '__proto__', 'filePath', '"', '\\'),
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '#cdn:',
      '#cdn:0.5:0',
      '"options":',
      '\\"#cdn:',
      '\u2028',
      '\ud800',
      'https://x',
      '{"symbol":1}',
    ),
  );
  const tree = fc.letrec((tie) => ({
    leaf: fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
    marker: fc.record({ $content: fc.string({ minLength: 1, maxLength: 5 }) }),
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('leaf'),
      tie('marker'),
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(key, tie('node'), { maxKeys: 4 }),
    ),
  }));
  /** Markers in the place of `{$content}`: made by the class, copied, frozen, or given by a toJSON. */
  const BUILD = `
    return (function build(node) {
      if (!node || typeof node !== 'object') return node;
      if (Array.isArray(node)) return node.map(build);
      if (typeof node.$content === 'string') {
        var marker = new api.CDN(node.$content), kind = node.$content.length % 4;
        return kind === 0 ? marker : kind === 1 ? Object.assign({}, marker) : kind === 2 ? Object.freeze(marker)
          : { toJSON: function () { return marker } };
      }
      var copy = {};
      Object.keys(node).forEach(function (key) {
        Object.defineProperty(copy, key, { value: build(node[key]), enumerable: true, configurable: true, writable: true });
      });
      return copy;
    })(JSON.parse(text));
  `;

  const withUrls = (node: Any): Any => {
    if (!node || typeof node !== 'object') return node;
    if (Array.isArray(node)) return node.map(withUrls);
    if (typeof node.$content === 'string') return `<${node.$content}>`;
    // Not Object.fromEntries of the node's own: a key may be __proto__.
    return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, withUrls(value)]));
  };

  test('for random data with random markers', async () => {
    const host = openPage();
    await fc.assert(
      fc.asyncProperty(tree.node as fc.Arbitrary<Any>, async (node) => {
        host.nativeCalls.splice(0);
        const text = JSON.stringify(node);
        const { error } = await host.outcome({ data: host.run(BUILD, { api: host.api, text }) });
        if (error) throw error;
        const [{ data }] = messagesOf(host);
        const contents = new Map(host.cdn.files.map(({ url }) => [url, `<${host.cdn.text(url)}>`]));
        const readable = data.replace(/https:\/\/cdn\.simulator[^"\\]+/g, (url: string) =>
          JSON.stringify(contents.get(url)).slice(1, -1),
        );
        // A text `toJSON` as a key is data, and so it stays: only functions are called.
        expect(readable).toBe(JSON.stringify(withUrls(JSON.parse(text))));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    [
      'what JSON leaves out',
      'return {u: undefined, f: function () {}, s: Symbol("x"), a: [undefined, function () {}]}',
    ],
    ['numbers', 'return [NaN, Infinity, -0, 1e21, 1e-7]'],
    [
      'dates, boxed values, inheritance',
      'return {d: new Date(5), n: new Number(1), o: Object.create({inherited: 1})}',
    ],
    ['a toJSON with the key', 'return {a: {toJSON: function (key) { return "key " + key }}}'],
    [
      'a toJSON on a prototype',
      'function T() {} T.prototype.toJSON = function () { return [1] }; return {t: new T()}',
    ],
    ['keys and texts with escapes', 'return {"a\\"b\\\\": "\\u2028 \\n \\ud83d\\ude00 \\ud800"}'],
    ['getters', 'return {get a() { return {b: 1} }}'],
    ['a root that is a text', 'return "#cdn:0.1:0"'],
    ['a key named options', 'return {options: "x", a: {options: 1}}'],
    ['a JSON text in the data', 'return {json: JSON.stringify({options: "x", s: "#cdn:"})}'],
  ])('%s', async (_name, code) => {
    const host = openPage();
    const expected = JSON.stringify(host.run(code));
    expect(await sent(host, code)).toBe(expected);
  });

  test('the same with a marker beside it', async () => {
    const host = openPage();
    const text = await sent(
      host,
      'return {c: new CDN("x"), d: new Date(5), n: NaN, u: undefined, a: [undefined]}',
    );
    expect(text).toBe('{"c":"<x>","d":"1970-01-01T00:00:00.005Z","n":null,"a":[null]}');
  });
});

describe('what a marker is', () => {
  test.each([
    ['at the root', 'return new CDN("x")', '"<x>"'],
    ['deep', 'return {a: [{b: [new CDN("x")]}]}', '{"a":[{"b":["<x>"]}]}'],
    ['a copy by Object.assign', 'return [Object.assign({}, new CDN("x"))]', '["<x>"]'],
    [
      'a copy of a copy with more keys',
      'return [Object.assign({k: 1}, Object.assign({}, new CDN("x")))]',
      '["<x>"]',
    ],
    ['frozen', 'return [Object.freeze(new CDN("x"))]', '["<x>"]'],
    [
      'given by a toJSON',
      'var c = new CDN("x"); return {a: {toJSON: function () { return c }}}',
      '{"a":"<x>"}',
    ],
    [
      'with text put after it by a toJSON, where nothing is left of it',
      `var c = new CDN("x");
       return [c, {toJSON: function () { return JSON.parse(JSON.stringify(c)) + "abc" }}]`,
      '["<x>","[object Object]abc"]',
    ],
    [
      'with text put before it by a toJSON',
      `var c = new CDN("x");
       return [c, {toJSON: function () { return "abc" + JSON.parse(JSON.stringify(c)) }}]`,
      '["<x>","abc[object Object]"]',
    ],
    [
      'beside the character that its token begins with',
      'return ["\\u007f", new CDN("x"), {"\\u007f": "\\u007f1"}]',
      '["\u007f","<x>",{"\u007f":"\u007f1"}]',
    ],
    ['in an object with a key options', 'return {options: new CDN("x")}', '{"options":"<x>"}'],
    [
      'beside an object that looks like one',
      'return [new CDN("x"), {symbol: "CDN", options: "y"}, {options: {filePath: "z"}}]',
      '["<x>",{"symbol":"CDN","options":"y"},{"options":{"filePath":"z"}}]',
    ],
    [
      'with a toJSON of its own, which is a plain object then',
      'var c = new CDN("x"); c.toJSON = function () { return 5 }; return [c]',
      '[5]',
    ],
    ['without content for a missing marker', 'return [null, undefined, 0, ""]', '[null,null,0,""]'],
  ])('%s', async (_name, code, expected) => {
    const host = openPage();
    expect(await sent(host, code)).toBe(expected);
  });

  test('JSON cannot forge one: text from outside never has a phone upload a file', async () => {
    const host = openPage();
    const forged = await sent(
      host,
      `var real = new CDN({filePath: 'wxfile://tmp_a.png'});
       return [JSON.parse(JSON.stringify(real)), JSON.parse(JSON.stringify({symbol: {isCDN: true}, options: {filePath: 'wxfile://tmp_a.png'}})),
         JSON.parse('{"symbol": "' + String(real.symbol) + '", "options": {"filePath": "wxfile://tmp_a.png"}}')]`,
    ).catch((error: Error) => error);
    expect(callsOf(host, 'uploadToCommonCDN')).toEqual([]);
    expect(forged).toContain('wxfile://tmp_a.png');
  });

  test('outside a call it is written as the platform writes it', () => {
    const host = openPage();
    expect(host.run('return JSON.stringify({a: new api.CDN("x")})', { api: host.api })).toBe(
      '{"a":{"options":"x"}}',
    );
    expect(host.run('return Object.keys(new api.CDN("x"))', { api: host.api })).toEqual([
      'symbol',
      'options',
    ]);
  });

  test('of the injected file in a call of the import, and the other way round', async () => {
    const host = Object.assign(openInjectedHost(), { api: undefined as Any });
    host.api = host.load(path.join(__dirname, '../../miniprogram_dist/index.js'));
    const run = (code: string): Promise<Any> => host.clock.until(host.run(code, { api: host.api, SERVICE }));
    await run('return api.invokeService(Object.assign({data: new wx.serviceMarket.CDN("a")}, SERVICE))');
    await run('return wx.serviceMarket.invokeService(Object.assign({data: new api.CDN("b")}, SERVICE))');
    expect([sentData(host, 0), sentData(host, 1)]).toEqual(['"<a>"', '"<b>"']);
  });

  test('of another version of the package, made before and after ours came', async () => {
    const older = copyOfBundle({ version: '0.0.1' });
    const host = openHost({ sdkVersion: '2.8.3', upload: 'allowed' });
    const first = host.load(older);
    const early = host.run('return new first.CDN("early")', { first });
    const second = host.load(path.join(__dirname, '../../dist/servicemarket-compat.js'));
    const late = host.run('return new first.CDN("late")', { first });
    await host.clock.until(
      host.run('return second.invokeService({service: "s", api: "a", data: [early, late]})', {
        second,
        early,
        late,
      }),
    );
    expect(sentData(host)).toBe('["<early>","<late>"]');
  });

  test('is made with new alone', () => {
    const host = openPage();
    expect(() => host.run('return api.serviceMarket.CDN("x")', { api: host.api })).toThrow(/CDN .*'new'/);
  });
});

describe('the data', () => {
  test('is not changed, also where it is frozen all through', async () => {
    const host = openPage();
    const CODE = `var data = Object.freeze({list: Object.freeze([Object.freeze(new CDN("x")), Object.freeze({k: 1})])}); return data`;
    expect(await sent(host, CODE)).toBe('{"list":["<x>",{"k":1}]}');
    const same: Any = host.run(
      `var marker = new CDN('x'), data = {a: marker, b: [marker]}, before = Object.keys(marker).join();
       return api.invokeService({service: 's', api: 'a', data: data}).then(function () {
         return data.a === marker && data.b[0] === marker && Object.keys(marker).join() === before && Object.keys(data).join();
       })`,
      { api: host.api, CDN: host.api.CDN },
    );
    expect(await host.clock.until(same)).toBe('a,b');
  });

  test.each([
    ['absent', 'return undefined', undefined],
    ['null', 'return null', 'null'],
    ['0', 'return 0', '0'],
    ['false', 'return false', 'false'],
    ['an empty text', 'return ""', '""'],
    ['a function', 'return function () {}', undefined],
  ])('may be %s', async (_name, code, expected) => {
    const host = openPage();
    expect(await sent(host, code)).toBe(expected);
  });

  test('of 100,000 leaves and ten markers arrives whole', async () => {
    const host = openPage();
    const CODE = `var list = []; for (var i = 0; i < 100000; i++) list.push(i % 10000 ? 'leaf ' + i : new CDN('m' + i)); return {list: list}`;
    const { list } = JSON.parse((await sent(host, CODE)) as string);
    expect(list).toHaveLength(100000);
    expect(list.filter((leaf: string) => leaf.startsWith('<'))).toEqual(
      Array.from({ length: 10 }, (_, i) => `<m${i * 10000}>`),
    );
    expect(list[99999]).toBe('leaf 99999');
  });

  test('nested 2,000 deep arrives, with a marker at the bottom', async () => {
    const host = openPage();
    const text = await sent(
      host,
      'var a = new CDN("x"); for (var i = 0; i < 2000; i++) a = {a: a}; return a',
    );
    expect(text).toBe('{"a":'.repeat(2000) + '"<x>"' + '}'.repeat(2000));
  });

  test.each([
    [1000, 'invokeService:fail TypeError: Do not know how to serialize a BigInt'],
    [1001, 'invokeService:fail data is nested too deep: 1001 levels'],
  ])('that fails at level %d: %s', async (levels, message) => {
    const host = openPage();
    const data = host.run('var a = BigInt(1); while (--levels) a = [a]; return a', { levels });
    expect((await host.outcome({ data })).error).toMatchObject({ errCode: -1, billing: 'none', message });
  });

  test('nested too deep for the engine is one error that names the depth, and may be caught', async () => {
    const host = openPage();
    const data = host.run('var a = 1; for (var i = 0; i < 50000; i++) a = [a]; return {a: a}');
    const { error } = await host.outcome({ data });
    expectWellFormed(host, error);
    expect(error.message).toMatch(/nested .*\d{3,}/);
    expect(host.nativeCalls).toEqual([]);
  });
});
