import { NativeFailure } from '../client/natives';
import type { Env } from '../host/env';
import { toRealm } from '../realm/realm';
import type { Any } from '../types';
import { asyncApi } from './callbacks';

/** The key-value store of one app; values are kept as JSON. */
export function storageApis(env: Env, store: Map<string, string>, prefix = ''): Record<string, unknown> {
  const read = (key: unknown): unknown => {
    const text = store.get(prefix + String(key));
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  };
  const write = (key: unknown, data: unknown): void => {
    store.set(prefix + String(key), JSON.stringify(data) ?? '""');
  };
  return {
    getStorage: asyncApi(env, 'getStorage', ({ key }) => ({
      perform() {
        const data = read(key);
        if (data === undefined) throw new NativeFailure('data not found');
        return { data };
      },
    })),
    setStorage: asyncApi(env, 'setStorage', ({ key, data }) => ({
      perform() {
        write(key, data);
        return {};
      },
    })),
    removeStorage: asyncApi(env, 'removeStorage', ({ key }) => ({
      perform: () => ({ removed: store.delete(prefix + String(key)) }),
    })),
    getStorageSync: (key: unknown) => toRealm(env.realm, read(key) ?? '') as unknown,
    setStorageSync: (key: unknown, data: Any) => write(key, data),
    removeStorageSync: (key: unknown) => void store.delete(prefix + String(key)),
    clearStorageSync: () => store.clear(),
  };
}
