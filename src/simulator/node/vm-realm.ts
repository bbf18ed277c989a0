import fs from 'node:fs';
import vm from 'node:vm';
import type { Intrinsics, Realm, RealmOptions } from '../realm/realm';

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

/** A realm in a node:vm context. */
export function createVmRealm(options: RealmOptions): Realm {
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } });
  const script = (source: string, name = 'script'): unknown =>
    new vm.Script(source, { filename: name }).runInContext(context);

  const intrinsics = script(
    '({ Object, Array, Error, TypeError, Promise, ArrayBuffer, Uint8Array, JSON })',
  ) as Intrinsics;
  const global = script('this') as Record<string, unknown>;
  script(NO_CODE_FROM_TEXT);
  if (!options.promiseFinally) script('delete Promise.prototype.finally');
  if (options.oldEngine) {
    script(`[${TOO_NEW}].forEach(([owner, names]) => names.forEach((name) => delete owner[name]))`);
    if (options.withoutProxy) script('delete globalThis.Proxy; delete globalThis.Reflect');
    script('delete globalThis.globalThis');
  }
  return {
    global,
    intrinsics: { ...intrinsics, JSON: { ...jsonOf(intrinsics) } },
    script,
    compile: (source, parameters, name) =>
      vm.compileFunction(source, parameters, { parsingContext: context, filename: name }) as (
        ...args: unknown[]
      ) => unknown,
  };
}

/** The two functions themselves: page code may replace those on its JSON object. */
function jsonOf(intrinsics: Intrinsics): JSON {
  const { parse, stringify } = intrinsics.JSON;
  return { parse, stringify } as JSON;
}

/** Where the reasons of each open realm's unhandled rejections go. */
const reasonsOf = new Map<Realm, unknown[]>();

/**
 * Collects the reasons of unhandled rejections of the realm's promises. However many realms are open, the process has
 * one listener: Node warns of a leak from the eleventh on.
 *
 * @returns stops collecting
 */
export function collectUnhandled(realm: Realm, reasons: unknown[]): () => void {
  if (reasonsOf.size === 0) realProcess().on('unhandledRejection', collect);
  reasonsOf.set(realm, reasons);
  return () => {
    if (reasonsOf.delete(realm) && reasonsOf.size === 0) realProcess().off('unhandledRejection', collect);
  };
}

function collect(reason: unknown, promise: unknown): void {
  for (const [realm, reasons] of reasonsOf) {
    if (promise instanceof realm.intrinsics.Promise) reasons.push(reason);
  }
}

/** A test runner may pass modules a copy of `process` that never emits; a core function reaches the real one. */
function realProcess(): NodeJS.Process {
  const CoreFunction = fs.readFileSync.constructor as FunctionConstructor;
  return CoreFunction('return process')() as NodeJS.Process;
}
