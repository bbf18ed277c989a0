/** Attempts of a plugin against its host. Each is plugin code that has `send`, the host's function, and `say`. */

export interface Attack {
  name: string;
  /** Runs in the plugin; what it gives to `say` is what it got hold of. */
  code: string;
  /** What it may get hold of at most. @default nothing */
  gets?: unknown[];
  /** Patches intrinsics, so only where the plugin shares the host's realm. */
  shared?: true;
}

const OPTIONS = `JSON.stringify({ service: 'ok', api: 'A' })`;
const SECRET = 'wxfile://usr/secret.txt';

/** Sends a call whose marker has the given content, as plugin code. */
const upload = (content: string): string =>
  `send('invokeService', ${OPTIONS}, reply, '["#0"]', '#', ${content}); send('invokeService', ${OPTIONS}, reply, '"#0"', '#', ${content});`;

/** A call of a service that the policy does not permit. */
const FORBIDDEN = `send('invokeService', JSON.stringify({ service: 'forbidden', api: 'A' }), reply);`;

/** Ten calls of a service that the policy does not permit, and ten of one that it permits three times. */
const OVERDRAW = `for (var i = 0; i < 10; i++) {
  ${FORBIDDEN}
  send('invokeService', ${OPTIONS}, reply);
}`;

/** Patches something, oversteps the policy, uploads before its limit is reached, overdraws, and leaves the patch in place. */
const patched = (name: string, patch: string): Attack => ({
  name: `patch ${name}`,
  code: `${patch}; ${FORBIDDEN} ${upload(`'f${SECRET}'`)} ${upload("'ttext'")} ${upload('new ArrayBuffer(2)')} ${OVERDRAW}`,
  shared: true,
});

/** Fields by which a content, a marker or a request is read; one that is inherited counts for nothing. */
export const INHERITED: Record<string, string> = {
  filePath: `Object.prototype.filePath = '${SECRET}'`,
  type: "Object.prototype.type = 'filePath'",
  options: `Object.prototype.options = { type: 'filePath', filePath: '${SECRET}' }`,
  url: `Object.prototype.url = '${SECRET}'`,
};

export const ATTACKS: Attack[] = [
  { name: 'climb from the function to its constructor', code: 'say(send.constructor)' },
  { name: 'climb by the prototype', code: 'say(send.__proto__); say(Object.getPrototypeOf(send))', gets: [null] },
  { name: 'climb by the function’s own prototype object', code: 'say(send.prototype)', gets: [null] },
  { name: 'climb by its own names', code: 'Object.getOwnPropertyNames(send).forEach(function (k) { if (k !== "length" && k !== "name") say(send[k]) })', gets: [null] },
  { name: 'climb from what stops a call', code: `var stop = send('invokeService', ${OPTIONS}, reply); say(stop.constructor); say(stop.prototype); say(Object.getPrototypeOf(stop)); stop()`, gets: [null] },
  { name: 'climb by the caller of a callback', code: `send('invokeService', ${OPTIONS}, function own() { try { say(own.caller) } catch (e) {} try { say(arguments.callee.caller) } catch (e) {} })`, gets: [null] },
  { name: 'climb by what a callback gets', code: `send('invokeService', ${OPTIONS}, function () { for (var i = 0; i < arguments.length; i++) if (typeof arguments[i] !== 'string') say(arguments[i]) })` },
  { name: 'climb by an error of the host', code: "try { send({}, {}, {}, {}, {}, {}) } catch (e) { say(e) } try { send() } catch (e) { say(e) } try { send('x', 'no JSON', reply) } catch (e) { say(e) }" },
  { name: 'throw from a callback', code: `send('invokeService', ${OPTIONS}, function () { throw new Error('mine') })` },
  { name: 'return a thenable from a callback', code: `send('invokeService', ${OPTIONS}, function () { return { then: function (done) { say(done) } } })` },
  { name: 'give a callback that is no function', code: `send('invokeService', ${OPTIONS}, { call: function () { say(this) }, apply: function () { say(this) } })` },
  { name: 'call again from each callback', code: `var left = 50; (function again() { if (left-- > 0) send('invokeService', ${OPTIONS}, again) })()` },
  { name: 'objects with getters in the place of texts', code: "var trap = {}; ['length', 'slice', 'indexOf', 'toJSON', 'service', 'api'].forEach(function (k) { Object.defineProperty(trap, k, { get: function () { throw new Error('mine') } }) }); send(trap, trap, reply, trap, trap, trap)" },
  { name: 'objects that turn into another text each time', code: `var n = 0, shifty = { toString: function () { return JSON.stringify({ service: n++ ? 'forbidden' : 'ok', api: 'A' }) } }; send('invokeService', shifty, reply); send('invokeService', shifty, reply)` },
  { name: 'a service that is an object', code: "send('invokeService', '{\"service\":[\"forbidden\"],\"api\":\"A\"}', reply); send('invokeService', '{\"service\":{\"toString\":1},\"api\":\"A\"}', reply)" },
  { name: 'a method of another name', code: "['constructor', '__proto__', 'configure', 'install', 'connectPlugin'].forEach(function (m) { send(m, '{\"service\":\"forbidden\",\"api\":\"A\"}', reply) })" },
  { name: 'fields that name prototypes', code: `send('invokeService', '{"__proto__":{"service":"forbidden","polluted":1},"constructor":{"prototype":{"polluted":1}},"service":"ok","api":"A"}', reply, '{"__proto__":{"polluted":1}}')` },
  { name: 'callbacks as fields', code: `send('invokeService', '{"service":"ok","api":"A","success":"x","fail":1,"complete":{}}', reply)` },
  { name: 'the host’s user data', code: upload(`'f${SECRET}'`) },
  { name: 'user data by a detour', code: ['wxfile://tmp_/../usr/secret.txt', 'wxfile://tmp/../usr/secret.txt', 'wxfile://usr/../usr/secret.txt', ' wxfile://usr/secret.txt', 'WXFILE://usr/secret.txt', 'wxfile://%75sr/secret.txt', 'wxfile://tmp%2F..%2Fusr/secret.txt', 'wxfile://usr/x://tmp_/secret.txt', '/secret.txt', 'app.js', './app.js', 'wxfile://store_1.txt'].map((path) => upload(`'f${path}'`)).join('\n') },
  { name: 'user data by a buffer that says it is a file', code: `var b = new ArrayBuffer(3); b.filePath = '${SECRET}'; b.type = 'filePath'; ${upload('b')}` },
  { name: 'user data by something that looks like a buffer', code: `var fake = { filePath: '${SECRET}', byteLength: 3, length: 3 }; if (typeof Symbol !== 'undefined') fake[Symbol.toStringTag] = 'ArrayBuffer'; ${upload('fake')}` },
  { name: 'user data by a buffer with a constructor of its own', code: `var b = new ArrayBuffer(3); function Own() { say(arguments[0]); return { filePath: '${SECRET}' } } Own.prototype = { filePath: '${SECRET}' }; if (typeof Symbol !== 'undefined') Own[Symbol.species] = Own; b.constructor = Own; ${upload('b')}` },
  { name: 'a marker out of range', code: `send('invokeService', ${OPTIONS}, reply, '["#-5","#99","#NaN","#constructor","#2"]', '#')` },
  { name: 'an empty or huge token', code: `send('invokeService', ${OPTIONS}, reply, '["a","b"]', ''); send('invokeService', ${OPTIONS}, reply, '["a"]', new Array(100000).join('x'))` },
  { name: 'stop twice, late, and before', code: `var stop = send('invokeService', ${OPTIONS}, function () { stop(); stop() }); stop(); stop()` },
  { name: 'a nearly full stack', code: `(function deep() { try { deep() } finally { try { send('invokeService', ${OPTIONS}, reply, '"#0"', '#', 'ttext') } catch (e) {} } }).call; var n = 0; (function deep() { n++; try { deep() } catch (e) {} if (n < 1e9 && !deep.sent) { try { deep.sent = send('invokeService', ${OPTIONS}, reply, '"#0"', '#', 'ttext') } catch (e) {} } })()`, shared: true },
  { name: 'change a buffer after the call', code: `var b = new Uint8Array([65]).buffer; ${upload('b')} new Uint8Array(b)[0] = 66` },
  { name: 'the id of a host’s call', code: `send('invokeService', '{"service":"ok","api":"A","clientMsgId":"host-1"}', reply, '1')` },
  { name: 'more than the policy permits', code: OVERDRAW },
  patched('Array.prototype', "['filter', 'map', 'slice', 'concat', 'some', 'every', 'find', 'forEach', 'indexOf', 'reduce', 'reduceRight', 'push', 'shift'].forEach(function (k) { var f = Array.prototype[k]; Array.prototype[k] = function () { return this && this.length && (this[0] && this[0].service || typeof this[0] === 'number') ? k === 'some' || k === 'every' || [] : f.apply(this, arguments) } })"),
  patched('Array.isArray', 'Array.isArray = function () { return true }'),
  patched('Date.now', 'var t = 1e15; Date.now = function () { return (t += 1e6) }'),
  patched('Math', 'Math.abs = Math.max = Math.min = function () { return 1e12 }'),
  patched('String.prototype.indexOf', "var f = String.prototype.indexOf; String.prototype.indexOf = function (x) { return x === '..' || x === '%' ? -1 : f.call(this, x === '://tmp' ? '://' : x) }"),
  patched('String.prototype', "['slice', 'split', 'replace', 'match', 'search', 'substring', 'substr', 'charAt', 'lastIndexOf'].forEach(function (k) { var f = String.prototype[k]; String.prototype[k] = function () { return f.apply(String(this).indexOf('://usr') < 0 ? this : String(this).replace('usr', 'tmp'), arguments) } })"),
  patched('RegExp.prototype', 'var exec = RegExp.prototype.exec; RegExp.prototype.exec = function (s) { return /usr/.source && io2(s) ? ["x"] : exec.call(this, s) }; function io2(s) { return s === "' + SECRET + '" }; RegExp.prototype.test = function (s) { return io2(s) || !!exec.call(this, s) }'),
  patched('JSON.parse', "var parse = JSON.parse; JSON.parse = function (t, r) { var v = parse(t, r), n = 0; if (v && v.service === 'ok') Object.defineProperty(v, 'service', { enumerable: true, get: function () { return n++ ? 'forbidden' : 'ok' } }); return v }"),
  patched('Object.prototype with wider policies', "Object.prototype.policy = 'all'; Object.prototype.perMinute = 1e6; Object.prototype.plugins = { ocr: 'all' }"),
  patched('Object.prototype with setters for indices', "for (var k = 0; k < 8; k++) Object.defineProperty(Object.prototype, k, { configurable: true, set: function (v) { Object.defineProperty(this, 'taken', { value: v, configurable: true }) } })"),
  patched('Float64Array.prototype', "Float64Array.prototype.fill = function () { return this }; Object.defineProperty(Float64Array.prototype, 'length', { configurable: true, get: function () { return 1e6 } })"),
  patched('the global Promise', 'var Real = Promise; Promise = function (run) { return new Real(function (ok, fail) { run(function (value) { ok(value === false ? true : value) }, fail) }) }; Promise.prototype = Real.prototype'),
  patched('Promise.prototype.then', "var then = Promise.prototype.then; Promise.prototype.then = function (ok, fail) { return then.call(this, ok && function (value) { return ok(value === false ? true : value) }, fail) }"),
  patched('Function.prototype', "var call = Function.prototype.call; Function.prototype.call = function () { return Function.prototype.apply.apply(this, [arguments[0], Array.prototype.slice.apply(arguments, [1])]) }"),
  ...Object.entries(INHERITED).map(([field, patch]) => patched(`Object.prototype.${field}`, patch)),
]; // prettier-ignore
