import type { Realm } from '../realm/realm';
import type { Any } from '../types';

/**
 * A deep copy of plain data of the realm, made of this side's own objects: tests compare with those. ArrayBuffers become
 * Uint8Array; functions and instances of page code's classes are returned unchanged.
 */
export function fromRealm(realm: Realm, value: unknown, seen = new Map<unknown, unknown>()): Any {
  if (value === null || typeof value !== 'object') return value;
  if (!(value instanceof realm.intrinsics.Object)) return value;
  const before = seen.get(value);
  if (before !== undefined) return before;
  const keep = <T>(copy: T): T => {
    seen.set(value, copy);
    return copy;
  };
  const fill = <T extends object>(copy: T): T => {
    for (const key of Object.keys(value)) {
      Reflect.set(copy, key, fromRealm(realm, (value as Record<string, unknown>)[key], seen));
    }
    return copy;
  };
  if (Array.isArray(value)) return fill(keep(new Array<unknown>(value.length)));
  if (value instanceof realm.intrinsics.ArrayBuffer) return new Uint8Array(value).slice();
  if (value instanceof realm.intrinsics.Error) return errorOf(value, keep, fill);
  return Object.getPrototypeOf(value) === realm.intrinsics.Object.prototype ? fill(keep({})) : value;
}

/** With the stack of page code, whose lines are those of its sources. */
function errorOf(
  { message, name, stack }: Error,
  keep: (copy: Error) => Error,
  fill: (copy: Error) => Error,
): Error {
  const copy = keep(new Error(message));
  Object.defineProperty(copy, 'name', { value: name, configurable: true, writable: true });
  Object.defineProperty(copy, 'stack', { value: stack, configurable: true, writable: true });
  return fill(copy);
}
