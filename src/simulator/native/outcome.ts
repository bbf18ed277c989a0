import { callUser } from '../callbacks';
import type { Env } from '../env';
import { toRealm } from '../realm';
import type { Any } from '../types';

/**
 * Callbacks or a promise, decided by truthiness alone; always later, never a throw (protocol 3).
 *
 * @param work - starts at once
 */
export function callbacksOrPromise(env: Env, options: Any, work: () => Promise<unknown>): unknown {
  const { Promise: RealmPromise } = env.realm.intrinsics;
  const promise = new RealmPromise<unknown>((resolve, reject) => {
    work().then(
      (value) => resolve(toRealm(env.realm, value)),
      (reason) => reject(toRealm(env.realm, reason)),
    );
  });
  const { success, fail, complete } = (options ?? {}) as Record<string, unknown>;
  if (!success && !fail && !complete) return promise;
  const tell = (first: unknown) => (outcome: unknown) => {
    callUser(env, first, outcome);
    callUser(env, complete, outcome);
  };
  promise.then(tell(success), tell(fail));
  return undefined;
}

/** An Error of the realm with further properties. */
export function realmError(env: Env, message: string, fields: Record<string, unknown> = {}): Error {
  return Object.assign(new env.realm.intrinsics.Error(message), fields);
}
