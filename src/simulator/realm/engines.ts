import type { Intrinsics, RealmOptions } from './realm';

/**
 * Built-ins that the engines of the older base libraries lack. Code that uses one fails here as it would there.
 * Syntax cannot be taken away; that is for a parser to check.
 */
const TOO_NEW = `
  [Array.prototype, ['flat', 'flatMap', 'at', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with']],
  [String.prototype, ['at', 'padStart', 'padEnd', 'matchAll', 'replaceAll', 'trimStart', 'trimEnd', 'isWellFormed', 'toWellFormed']],
  [Object, ['entries', 'values', 'getOwnPropertyDescriptors', 'fromEntries', 'hasOwn', 'groupBy']],
  [Promise, ['allSettled', 'any', 'withResolvers', 'try']],
  [globalThis, ['AggregateError', 'FinalizationRegistry', 'WeakRef', 'SharedArrayBuffer', 'Atomics', 'WebAssembly',
    'Iterator']],
`;

/** protocol 10: no eval; however page code reaches Function, it compiles nothing and cannot return the global object. */
const NO_CODE_FROM_TEXT = `
  (function () {
    var prototype = Function.prototype;
    var replacement = function Function() {
      if (arguments[arguments.length - 1] === 'return this') return function () { return {}; };
    };
    replacement.prototype = prototype;
    Object.defineProperty(prototype, 'constructor', { value: replacement, writable: true, configurable: true });
    globalThis.Function = replacement;
    globalThis.eval = undefined;
  })();
`;

/**
 * Makes a fresh realm like the engine of a base library.
 *
 * @param script - runs source in the realm
 * @returns the functions of its JSON object themselves: page code may replace those on the object
 */
export function shapeRealm(
  script: (source: string) => unknown,
  { JSON: own }: Intrinsics,
  options: RealmOptions,
): JSON {
  const { parse, stringify } = own;
  script(NO_CODE_FROM_TEXT);
  if (!options.promiseFinally) script('delete Promise.prototype.finally');
  if (options.oldEngine) {
    script(`[${TOO_NEW}].forEach(([owner, names]) => names.forEach((name) => delete owner[name]))`);
    if (options.withoutProxy) script('delete globalThis.Proxy; delete globalThis.Reflect');
    script('delete globalThis.globalThis');
  }
  return { parse, stringify } as JSON;
}
