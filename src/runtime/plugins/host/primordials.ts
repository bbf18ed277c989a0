/**
 * The language's own functions, taken when the host's file loads: what a plugin puts in their place later does
 * not reach the policy or the checks of what crosses (docs/en/security.md).
 */

/** A method as a function whose first argument is the object; it looks nothing up when it runs. */
function uncurryThis(method: (...args: any[]) => any): (self: unknown, ...args: any[]) => any {
  return Function.prototype.call.bind(method);
}

const { assign } = Object;
export const { defineProperty } = Object;
export const { parse, stringify } = JSON;
export const { now } = Date;
export const OwnPromise = Promise;
export const then = uncurryThis(Promise.prototype.then);
export const exec = uncurryThis(RegExp.prototype.exec);

/** A copy without a prototype: it has the object's own fields and no other. */
export function withoutPrototype<O extends object>(object?: O): O {
  return assign({ __proto__: null } as unknown as O, object);
}

/** Takes away from a function what leads to the other functions of its realm. */
export function dropPrototype<F extends (...args: any[]) => any>(method: F): F {
  method.prototype = (method as any).__proto__ = null;
  return method;
}
