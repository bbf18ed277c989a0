import type { Realm } from './realm';
import type { Any } from './types';

/** Puts values at paths such as `list[0].name`; what crosses to the view is JSON, as on the platform. */
export function setData(realm: Realm, data: Any, change: Record<string, unknown>): void {
  for (const [path, value] of Object.entries(change)) {
    if (value === undefined) continue;
    const keys = path.replace(/\[(\d+)\]/g, '.$1').split('.');
    const last = keys.pop() as string;
    let target = data;
    for (const [index, key] of keys.entries()) {
      const next = keys[index + 1] ?? last;
      target[key] ??= /^\d+$/.test(next) ? new realm.intrinsics.Array() : new realm.intrinsics.Object();
      target = target[key];
    }
    target[last] = copied(realm, value);
  }
}

function copied(realm: Realm, value: unknown): unknown {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : (realm.intrinsics.JSON.parse(text) as unknown);
}
