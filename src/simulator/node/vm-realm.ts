import fs from 'node:fs';
import vm from 'node:vm';
import { shapeRealm } from '../realm/engines';
import type { Intrinsics, Realm, RealmOptions } from '../realm/realm';

/** A realm in a node:vm context. */
export function createVmRealm(options: RealmOptions): Realm {
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } });
  const script = (source: string, name = 'script'): unknown =>
    new vm.Script(source, { filename: name }).runInContext(context);

  const intrinsics = script(
    '({ Object, Array, Error, TypeError, Promise, ArrayBuffer, Uint8Array, JSON })',
  ) as Intrinsics;
  const global = script('this') as Record<string, unknown>;
  const json = shapeRealm(script, intrinsics, options);
  return {
    global,
    intrinsics: { ...intrinsics, JSON: json },
    script,
    compile: (source, parameters, name) =>
      vm.compileFunction(source, parameters, { parsingContext: context, filename: name }) as (
        ...args: unknown[]
      ) => unknown,
  };
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
