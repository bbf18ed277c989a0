/**
 * The language's own functions, taken when the host's file loads: what a plugin puts in their place later does
 * not reach the policy or the checks of what crosses (docs/security.md).
 */

/** A method as a function of its object, which looks nothing up when it runs. */
function detach(method: (...args: any[]) => any): (self: unknown, ...args: any[]) => any {
  return Function.prototype.call.bind(method);
}

const { assign } = Object;
export const { defineProperty } = Object;
export const { parse, stringify } = JSON;
export const { now } = Date;
export const OwnPromise = Promise;
export const then = detach(Promise.prototype.then);
export const exec = detach(RegExp.prototype.exec);

/** A copy without a prototype: it has the object's own fields and no other. */
export function bare<O extends object>(object?: O): O {
  return assign({ __proto__: null } as unknown as O, object);
}

/** Takes from a function what leads to the other functions of its realm. */
export function seal<F extends (...args: any[]) => any>(method: F): F {
  method.prototype = (method as any).__proto__ = null;
  return method;
}
