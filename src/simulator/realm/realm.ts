import type { Any } from '../types';

/** A JavaScript world of its own, in which page code runs. `node/vm-realm.ts` makes one with node:vm. */
export interface Realm {
  /** The realm's global object. */
  global: Any;
  /** The realm's own constructors, taken before any page code ran. */
  intrinsics: Intrinsics;
  /** Runs source as a plain script and returns its value. */
  script(source: string, name?: string): Any;
  /** Makes a function of the realm from the source of its body. */
  compile(source: string, parameters: string[], name: string): (...args: unknown[]) => Any;
}

export interface RealmOptions {
  /** Removes the built-ins that engines of the time of base library 2.11 lack. */
  oldEngine: boolean;
  /** Removes Proxy and Reflect too, which iOS 9 lacks. */
  withoutProxy: boolean;
  /** protocol 1: 2.11.0 on ios has no Promise.prototype.finally. */
  promiseFinally: boolean;
}

export interface Intrinsics {
  Object: ObjectConstructor;
  Array: ArrayConstructor;
  Error: ErrorConstructor;
  TypeError: TypeErrorConstructor;
  Promise: PromiseConstructor;
  ArrayBuffer: ArrayBufferConstructor;
  Uint8Array: Uint8ArrayConstructor;
  JSON: JSON;
}

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

/** Whether it is an ArrayBuffer, of whichever realm. */
export const isArrayBuffer = (value: unknown): value is ArrayBuffer => tagOf(value) === 'ArrayBuffer';

/** Whether it is an object literal's kind of object, of whichever realm (protocol 4: [[Class]] Object). */
export const isObject = (value: unknown): value is Record<string, unknown> => tagOf(value) === 'Object';

const isError = (value: unknown): value is Error => tagOf(value) === 'Error';

/** The bytes of a buffer of any realm, copied. */
export function bytesOf(buffer: ArrayBuffer): Uint8Array {
  return new Uint8Array(buffer).slice();
}

const isOfRealm = (realm: Realm, value: object): boolean => value instanceof realm.intrinsics.Object;

/**
 * A deep copy of plain data made of the realm's own objects, so that page code sees nothing foreign.
 * Bytes become an ArrayBuffer; values of the realm, functions and instances of classes are returned unchanged.
 */
export function toRealm(realm: Realm, value: unknown): Any {
  const { intrinsics } = realm;
  if (value === null || typeof value !== 'object' || isOfRealm(realm, value)) return value;
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const copy = new intrinsics.Uint8Array(bytes.length);
    copy.set(bytes);
    return copy.buffer;
  }
  if (isArrayBuffer(value)) return toRealm(realm, new Uint8Array(value));
  if (Array.isArray(value)) {
    const copy = new intrinsics.Array<unknown>();
    for (const item of value) copy.push(toRealm(realm, item));
    return copy;
  }
  if (isError(value)) {
    const Kind = value.name === 'TypeError' ? intrinsics.TypeError : intrinsics.Error;
    return Object.assign(new Kind(value.message), value);
  }
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return value;
  const copy = new intrinsics.Object() as Record<string, unknown>;
  for (const key of Object.keys(value)) copy[key] = toRealm(realm, (value as Record<string, unknown>)[key]);
  return copy;
}

/** A deep copy of plain data of the realm for a record; functions are left out, ArrayBuffers become Uint8Array. */
export function snapshot(value: unknown): Any {
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (value === null || typeof value !== 'object') return value;
  if (isArrayBuffer(value)) return bytesOf(value);
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  }
  if (Array.isArray(value)) return Array.from(value, (item) => snapshot(item) as unknown);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (typeof item !== 'function') copy[key] = snapshot(item);
  }
  return copy;
}

/** Wraps a host function as a function of the realm, which returns and throws values of the realm. */
export function toRealmFunction(realm: Realm, name: string, host: (...args: Any[]) => unknown): Any {
  const factory = makers.get(realm) ?? maker(realm);
  return factory(name, (self: unknown, args: ArrayLike<unknown>) => {
    try {
      return toRealm(realm, host.apply(self, Array.from(args))) as unknown;
    } catch (error) {
      throw toRealm(realm, error);
    }
  });
}

type Maker = (name: string, host: (self: unknown, args: ArrayLike<unknown>) => unknown) => unknown;
const makers = new WeakMap<Realm, Maker>();

function maker(realm: Realm): Maker {
  // A method has neither `prototype` nor [[Construct]], like a native function.
  const made = realm.script(
    '(function (name, host) { return { [name]() { return host(this, arguments); } }[name]; })',
    'host-function',
  ) as Maker;
  makers.set(realm, made);
  return made;
}

/** A table of host functions and values as an object of the realm. */
export function toRealmTable(realm: Realm, table: Record<string, unknown>): Any {
  const object = new realm.intrinsics.Object() as Record<string, unknown>;
  for (const [name, value] of Object.entries(table)) {
    object[name] =
      typeof value === 'function'
        ? toRealmFunction(realm, name, value as (...args: unknown[]) => unknown)
        : toRealm(realm, value);
  }
  return object;
}
