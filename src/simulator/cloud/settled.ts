import { callUser } from '../callbacks';
import type { Env } from '../env';
import { isFailure, NativeFailure } from '../natives';
import type { Reply } from '../natives';
import { toRealm } from '../realm';
import type { Any } from '../types';

/**
 * Callbacks, or a promise on every base library that has the cloud; a failure is an Error with errCode.
 *
 * @param start - settles with the reply, or throws a NativeFailure
 * @returns the promise, or undefined where callbacks are given
 */
export function settled(
  env: Env,
  name: string,
  args: Any,
  start: (settle: (reply: Reply) => void) => void,
): unknown {
  const { Promise: RealmPromise, Error: RealmError } = env.realm.intrinsics;
  const promise = new RealmPromise<unknown>((resolve, reject) => {
    const settle = (reply: Reply): void => {
      if (!isFailure(reply)) return resolve(toRealm(env.realm, reply));
      return reject(Object.assign(new RealmError(reply.errMsg), reply));
    };
    try {
      start(settle);
    } catch (error) {
      if (!(error instanceof NativeFailure)) throw error;
      settle({ errMsg: `${name}:fail ${error.failCause}`, ...error.fields });
    }
  });
  if (!args?.success && !args?.fail && !args?.complete) return promise;
  const tell = (first: unknown) => (outcome: unknown) => {
    callUser(env, first, outcome);
    callUser(env, args.complete, outcome);
  };
  promise.then(tell(args.success), tell(args.fail));
  return undefined;
}
