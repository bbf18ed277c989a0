import type { Callbacks } from '../../protocol';

/** Calls a function of the page. If it throws, the error is reported on the console and harms nothing (protocol 3). */
export function callSafely(callback: unknown, value?: unknown): void {
  try {
    if (typeof callback === 'function') callback(value);
  } catch (error) {
    if (typeof console !== 'undefined') console.error(error);
  }
}

/** Whether the platform would answer by callbacks alone: any of the three is truthy (protocol 3). */
export function wantsCallbacks(options: Callbacks<any> | undefined): unknown {
  return options && (options.success || options.fail || options.complete);
}

/** Calls `success` or `fail`, then `complete`, when `outcome` settles; nothing where the options have none of them. */
export function serveCallbacks(options: Callbacks<any> | undefined, outcome: Promise<unknown>): void {
  function caller(callback: unknown): (value: unknown) => void {
    return (value) => {
      callSafely(callback, value);
      callSafely(options!.complete, value);
    };
  }
  // Otherwise the promise is left alone: a handler here would hide a rejection that nobody handles.
  if (wantsCallbacks(options)) outcome.then(caller(options!.success), caller(options!.fail));
}
