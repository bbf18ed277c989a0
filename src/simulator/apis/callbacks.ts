import { isFailure, NativeFailure, ParameterFailure } from '../client/natives';
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
 * Calls success or fail, then complete, with one and the same object.
 *
 * @param always - complete is called even if the first one threw
 */
export function runCallbacks(env: Env, args: Any, reply: Reply, always = true): void {
  const result = toRealm(env.realm, reply) as unknown;
  const fine = callUser(env, isFailure(reply) ? args?.fail : args?.success, result);
  if (fine || always) callUser(env, args?.complete, result);
}

/** What page code's callbacks leave of its argument: the part that may cross to the client. */
function withoutCallbacks(args: Any): Record<string, unknown> {
  return omit((args ?? {}) as Record<string, unknown>, 'success', 'fail', 'complete');
}

/** `errno` of a parameter of a wrong kind. */
const PARAMETER_ERROR = 1001;

/** A check of one parameter: the platform names the kind it wants and the kind it got. */
export function expectKind(args: Any, name: string, kinds: string[]): void {
  const kind = Object.prototype.toString.call(args?.[name]).slice(8, -1);
  if (!kinds.includes(kind)) {
    throw new ParameterFailure(
      `parameter error: parameter.${name} should be ${kinds.join('|')} instead of ${kind};`,
      PARAMETER_ERROR,
    );
  }
}

export interface NativeWork {
  /** What reaches the client. @default the argument without its callbacks */
  params?: unknown;
  /** Carried out in the client. */
  perform: Perform;
  /** Called before the page learns of the end. */
  onEnd?: () => void;
}

/** An ordinary asynchronous member of `wx`. `prepare` refuses bad arguments with a NativeFailure. */
export function asyncApi(
  env: Env,
  name: string,
  prepare: (args: Any) => NativeWork,
  hasPromise = env.profile.promises,
): (args?: Any) => unknown {
  return (args) =>
    callbackOrPromise(
      env,
      args,
      (resolve, reject) => {
        const settle = (reply: Reply): void => (isFailure(reply) ? reject : resolve)(reply);
        try {
          const { params = withoutCallbacks(args), perform, onEnd } = prepare(args ?? {});
          env.natives.call(name, params, perform, (reply) => {
            onEnd?.();
            settle(reply);
          });
        } catch (error) {
          refuse(env, name, error, settle);
        }
      },
      hasPromise,
    );
}

/**
 * How every asynchronous member ends: by the callbacks of its argument, or by a promise where it has none. Which of the
 * two is decided by truthiness alone (protocol 3). A callback that throws is reported and goes no further.
 *
 * @param start - begins the work at once; may end it more than once, which only callbacks notice
 * @param hasPromise - false on base libraries whose member returns nothing without callbacks either
 * @returns the promise of the realm, or undefined
 */
export function callbackOrPromise(
  env: Env,
  args: Any,
  start: (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => void,
  hasPromise = true,
): unknown {
  const { success, fail, complete } = (args ?? {}) as Record<string, unknown>;
  if (hasPromise && !success && !fail && !complete) {
    return new env.realm.intrinsics.Promise<unknown>((resolve, reject) => {
      start(
        (value) => resolve(toRealm(env.realm, value)),
        (reason) => reject(toRealm(env.realm, reason)),
      );
    });
  }
  const end = (callback: unknown) => (outcome: unknown) => {
    const value = toRealm(env.realm, outcome) as unknown;
    callUser(env, callback, value);
    callUser(env, complete, value);
  };
  start(end(success), end(fail));
  return undefined;
}

/** Answers a call that never reaches the client: at once for a bad argument, else later but soon. */
export function refuse(env: Env, name: string, error: unknown, settle: (reply: Reply) => void): void {
  const reply = refusalOf(name, error);
  if (!(error instanceof ParameterFailure)) {
    env.clock.setTimer(() => settle(reply), 0, name);
  } else if (error.errno === undefined || env.profile.generation === 'old') settle(reply);
  else settle({ ...reply, errno: error.errno });
}

/** The reply for a NativeFailure. @throws any other error, which is a fault of the simulator */
export function refusalOf(name: string, error: unknown): Reply {
  if (!(error instanceof NativeFailure)) throw error;
  return { errMsg: `${name}:fail ${error.failCause}`, ...error.fields };
}

/** An Error of the realm with further properties. */
export function realmError(env: Env, message: string, fields: Record<string, unknown> = {}): Error {
  return Object.assign(new env.realm.intrinsics.Error(message), fields);
}
