/** Page code that makes data of a recipe, or its twin. */
import type { Any } from '../../support/outcomes';
import type { World } from '../../support/worlds';
import type { Recipe } from './recipes';

/** Called with `recipe`, `mark`, which makes a marker (or what stands for one), and `foreign`, JSON.parse of another realm. */
const COOK = `
  var mine = new Error('mine');
  var THROWN = {
    error: function () { throw mine; },
    text: function () { throw 'mine'; },
    undefined: function () { throw undefined; },
    null: function () { throw null; },
    bare: function () { throw Object.create(null); },
    unspeakable: function () { throw { toString: function () { throw this; } }; },
    trap: function () { throw Object.defineProperty({}, 'errMsg', { enumerable: true, get: function () { throw mine; } }); },
    result: function () { throw { errMsg: 'invokeService:ok', errCode: 0, billing: 'unknown', refused: true }; },
    symbol: function () { throw Symbol('mine'); }
  };
  var ODD = {
    function: function () { return function () {}; },
    symbol: function () { return Symbol('odd'); },
    bigint: function () { return typeof BigInt === 'undefined' ? 1 : BigInt(1); },
    date: function () { return new Date(5); },
    boxed: function () { return new String('boxed'); },
    revoked: function () {
      if (typeof Proxy === 'undefined') return 1;
      var made = Proxy.revocable({}, {});
      made.revoke();
      return made.proxy;
    },
    trapped: function () {
      if (typeof Proxy === 'undefined') return 1;
      var traps = {};
      ['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf'].forEach(function (name) {
        traps[name] = function () { throw mine; };
      });
      return new Proxy({}, traps);
    }
  };
  function define(object, key, descriptor) {
    descriptor.enumerable = descriptor.configurable = true;
    return Object.defineProperty(object, key, descriptor);
  }
  function shaped(shape, object) {
    if (shape === 'frozen') return Object.freeze(object);
    if (shape === 'sealed') return Object.seal(object);
    if (shape === 'proxy' && typeof Proxy !== 'undefined') return new Proxy(object, {});
    return object;
  }
  function empty(shape, isList) {
    if (shape === 'foreign') return foreign(isList ? '[]' : '{}');
    if (isList) return [];
    if (shape === 'bare') return Object.create(null);
    return shape === 'instance' ? Object.create({ inherited: 1, constructor: function () {} }) : {};
  }
  function put(object, entry) {
    var key = entry[0], how = entry[1], reads = 0;
    if (how === 'value') return define(object, key, { value: cook(entry[2]), writable: true });
    if (how === 'method') return define(object, key, { value: function () { throw mine; } });
    var value = how === 'getter' ? cook(entry[2]) : undefined;
    var fail = THROWN[entry[2]];
    define(object, key, {
      get: function () {
        reads++;
        if (how === 'getter') return value;
        if (how === 'changes') return entry[2] === 'text' ? '~' + reads : mark('text', '~' + reads, 'made');
        if (how === 'throws' || (how === 'throws later') === reads > 1) fail();
        return '~' + reads;
      }
    });
  }
  function cook(node) {
    var kind = node[0], made, i;
    if (kind === 'value') return node[1];
    if (kind === 'odd') return ODD[node[1]]();
    if (kind === 'forged') return JSON.parse(node[1]);
    if (kind === 'marker') return mark(node[1], node[2], node[3]);
    if (kind === 'object') {
      made = empty(node[1]);
      node[2].forEach(function (entry) { put(made, entry); });
      return shaped(node[1], made);
    }
    if (kind === 'list') {
      made = empty(node[1], true);
      node[2].forEach(function (item) { made.push(cook(item)); });
      return shaped(node[1], made);
    }
    if (kind === 'sparse') {
      made = [];
      node[1].forEach(function (item, at) { made[2 * at + 1] = cook(item); });
      made.more = 1;
      return made;
    }
    if (kind === 'deep') {
      made = cook(node[2]);
      for (i = 0; i < node[1]; i++) made = i % 2 ? [made] : { a: made };
      return made;
    }
    if (kind === 'cycle') {
      made = { a: [] };
      made.a.push(made);
      return made;
    }
    made = {};
    if (node[1] === 'itself') node[2].forEach(function (entry) { put(made, entry); });
    var inner = node[1] === 'returns' ? cook(node[2]) : undefined;
    // Its key may be among the entries.
    return Object.defineProperty(made, 'toJSON', {
      configurable: true,
      enumerable: false,
      value: node[1] === 'throws' ? THROWN[node[2]] : function () { return node[1] === 'itself' ? this : inner; }
    });
  }
  return cook(recipe);
`;

/** Makes markers of every shape. A function of page code that is called with `CDN`. */
const MARK = `
  function bytesOf(text) {
    var bytes = new Uint8Array(text.length);
    for (var i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes.buffer;
  }
  return function (kind, text, shape) {
    var marker = new CDN(kind === 'text' ? text : kind === 'bytes' ? bytesOf(text) : { type: 'filePath', filePath: text });
    if (shape === 'copy') return Object.assign({}, marker);
    if (shape === 'more') return Object.assign({ k: 1, __proto__: { toJSON: undefined } }, marker);
    if (shape === 'frozen') return Object.freeze(marker);
    if (shape === 'sealed') return Object.seal(marker);
    if (shape === 'foreign') return Object.assign(foreign('{}'), marker);
    return shape === 'proxy' && typeof Proxy !== 'undefined' ? new Proxy(marker, {}) : marker;
  };
`;

/** Stands for a marker in the twin: the content as the service reads it, half a surrogate pair as U+FFFD. */
const nameOf = (files: Record<string, string>) => (kind: string, text: string) =>
  `<${kind === 'file' ? files[text] : Buffer.from(text).toString()}>`;

const foreign = (json: string): Any => JSON.parse(json);

/** Options with the data, of the realm whose code makes the call; on its way there it would be read. */
export function cook({ run, CDN }: World, recipe: Recipe): Any {
  return run(`return { data: (function () { ${COOK} })() }`, {
    recipe,
    foreign,
    mark: run(MARK, { CDN, foreign }),
  });
}

/** The JSON of the twin, read again; undefined where there is none. @throws what JSON.stringify throws */
export function cookTwin({ run }: World, recipe: Recipe, files: Record<string, string>): Any {
  const twin = `return JSON.stringify((function () { ${COOK} })())`;
  const json = run(twin, { recipe, foreign, mark: nameOf(files) }) as string | undefined;
  return json === undefined ? undefined : JSON.parse(json);
}
