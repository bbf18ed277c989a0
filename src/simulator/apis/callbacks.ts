import { isFailure, NativeFailure } from '../client/natives';
import type { Perform, Reply } from '../client/natives';
import type { Env } from '../host/env';
import { toRealm } from '../realm/realm';
import { omit } from '../text';
import type { Any } from '../types';

/**
 * Calls a function of page code with values of the realm; a throw is reported and goes no further.
 *
 * @returns false when it threw
 */
export function callUser(env: Env, callback: unknown, ...args: unknown[]): boolean {
  if (typeof callback !== 'function') return true;
  try {
    (callback as (...values: unknown[]) => unknown)(...args.map((arg) => toRealm(env.realm, arg) as unknown));
  } catch (error) {
    env.report(error);
    return false;
  }
  return true;
}

/**
 * success or fail, then complete, with one and the same object.
 *
 * @param always - complete is called even after a throw
 */
export function settleCallbacks(env: Env, args: Any, reply: Reply, always = true): void {
  const result = toRealm(env.realm, reply) as unknown;
  const fine = callUser(env, isFailure(reply) ? args?.fail : args?.success, result);
  if (fine || always) callUser(env, args?.complete, result);
}

/** What page code's callbacks leave of its argument: the part that may cross to the client. */
function withoutCallbacks(args: Any): Record<string, unknown> {
  return omit((args ?? {}) as Record<string, unknown>, 'success', 'fail', 'complete');
}

/** A check of one parameter: the platform names the kind it wants and the kind it got. */
export function expectKind(args: Any, name: string, kinds: string[]): void {
  const kind = Object.prototype.toString.call(args?.[name]).slice(8, -1);
  if (!kinds.includes(kind)) {
    throw new NativeFailure(
      `parameter error: parameter.${name} should be ${kinds.join('|')} instead of ${kind};`,
    );
  }
}

export interface NativeWork {
  /** What reaches the client. @default the argument without its callbacks */
  params?: unknown;
  /** Carried out in the client. */
  perform: Perform;
}

/** An ordinary asynchronous member of `wx`. `prepare` refuses bad arguments with a NativeFailure. */
export function asyncApi(
  env: Env,
  name: string,
  prepare: (args: Any) => NativeWork,
): (args?: Any) => unknown {
  return (args) =>
    answering(env, args, (settle) => {
      try {
        const { params = withoutCallbacks(args), perform } = prepare(args ?? {});
        env.natives.call(name, params, perform, settle);
      } catch (error) {
        refuse(env, name, error, settle);
      }
    });
}

/** Callbacks, or a promise on base libraries that give one; `start` settles with the reply. */
export function answering(env: Env, args: Any, start: (settle: (reply: Reply) => void) => void): unknown {
  const wantsPromise = env.profile.promises && !(args?.success || args?.fail || args?.complete);
  if (!wantsPromise) {
    start((reply) => settleCallbacks(env, args, reply));
    return undefined;
  }
  return new env.realm.intrinsics.Promise<unknown>((resolve, reject) => {
    start((reply) => (isFailure(reply) ? reject : resolve)(toRealm(env.realm, reply)));
  });
}

/** Answers a call that never reaches the client, later but soon, as the platform does. */
export function refuse(env: Env, name: string, error: unknown, settle: (reply: Reply) => void): void {
  if (!(error instanceof NativeFailure)) throw error;
  env.clock.setTimer(() => settle({ errMsg: `${name}:fail ${error.failCause}`, ...error.fields }), 0, name);
}

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
