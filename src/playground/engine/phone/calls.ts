import type { Any } from '../../../simulator/types';
import { fromRealm } from '../../../simulator/kit/from-realm';
import type { Env } from '../../../simulator/host/env';
import { adviceFor } from '../advice';
import { markText } from '../marked-text';
import type { CallError, CallEvent } from '../types';

/** The global by which the watching code in the mini-program reaches the phone. */
export const REPORT = '__playground';

/**
 * Runs in the mini-program, in front of its own code: hands every call and what page code gets of it to the phone, and
 * changes nothing of either. In ES5, which each base library runs.
 */
export const WATCH_SOURCE = `
function wantsCallbacks(options) { return !!options && !!(options.success || options.fail || options.complete); }
function watched(owner, api, original) {
  return function (options) {
    var seq = ${REPORT}('started', api, 0, options);
    var isOver = false;
    function end(state) { return function (outcome) { if (!isOver) ${REPORT}(state, api, seq, outcome); isOver = true; }; }
    if (wantsCallbacks(options)) {
      var own = {};
      for (var key in options) own[key] = options[key];
      own.success = function (result) { end('done')(result); if (typeof options.success === 'function') options.success.apply(this, arguments); };
      own.fail = function (error) { end('failed')(error); if (typeof options.fail === 'function') options.fail.apply(this, arguments); };
      options = own;
    }
    var task = original.call(owner, options);
    ${REPORT}('task', api, seq, task);
    if (task && task.onProgressUpdate) task.onProgressUpdate(function (progress) { ${REPORT}('progress', api, seq, progress); });
    if (task && task.then) task.then(end('done'), end('failed'));
    return task;
  };
}
exports.watch = function (owner) {
  // Some base libraries make the members as they are read.
  var copy = Object.create(owner);
  Object.getOwnPropertyNames(owner).forEach(function (name) {
    Object.defineProperty(copy, name, Object.getOwnPropertyDescriptor(owner, name));
  });
  ['invokeService', 'getAsyncResult', 'waitForResult'].forEach(function (name) {
    if (typeof owner[name] !== 'function') return;
    Object.defineProperty(copy, name,
      { value: watched(owner, name, owner[name]), enumerable: true, configurable: true, writable: true });
  });
  return copy;
};
`;

/** What the mini-program's copy of the package is made of. */
export const PACKAGE_SOURCE = "module.exports = require('./watch').watch(require('./package'));";

/** Puts the watching code around what injection has installed. */
export const MARKET_SOURCE = `
var market = wx.serviceMarket;
if (market) Object.defineProperty(wx, 'serviceMarket', { value: require('./watch').watch(market), configurable: true, enumerable: true, writable: true });
`;

/** Keeps the calls of page code. */
export class CallWatch {
  private last = 0;
  private readonly tasks = new Map<number, { abort?: () => void }>();

  constructor(private readonly tell: (event: Omit<CallEvent, 'at' | 'type'>) => void) {}

  /** Is called by the code above. @returns the number of a call that has started */
  readonly report = (
    state: CallEvent['state'] | 'task',
    api: CallEvent['api'],
    seq: number,
    value: Any,
  ): number => {
    if (state === 'started') {
      this.tell({ api, seq: ++this.last, state, payload: markText(value) });
      return this.last;
    }
    if (state === 'task') {
      if (typeof value?.abort === 'function') this.tasks.set(seq, value as { abort(): void });
      return seq;
    }
    if (state === 'progress') {
      this.tell({ api, seq, state, progress: Number(value?.progress ?? value) });
      return seq;
    }
    this.tasks.delete(seq);
    const outcome = state === 'failed' ? { error: errorOf(value) } : { payload: markText(value) };
    this.tell({ api, seq, state, ...outcome });
    return seq;
  };

  /** Aborts the calls that run. */
  abort(): void {
    for (const task of this.tasks.values()) task.abort?.();
  }
}

/** An error of page code, with its own fields in their order of use. */
function errorOf(error: Any): CallError {
  const { errCode, billing } = Object(error) as { errCode?: number; billing?: CallError['billing'] };
  const message = String(error?.errMsg ?? error?.message ?? error);
  const names = [...new Set(['errCode', 'errMsg', 'billing', ...Object.keys(Object(error) as object)])];
  const fields = names
    .map((name) => [name, error?.[name]] as [string, unknown])
    .filter(([name, value]) => name !== 'stack' && value !== undefined);
  const payload = markText(Object.fromEntries(fields.map(([name, value]) => [name, readable(value)])));
  return { errCode, message, billing, advice: adviceFor(errCode, message), payload };
}

const readable = (value: Any): unknown =>
  value && typeof value === 'object' && 'message' in value && Object.keys(value as object).length === 0
    ? String(value.message)
    : (value as unknown);

/** An error that nobody caught, as this side has it. */
export function uncaught(env: Env, error: unknown): { message: string; stack?: string } {
  const { message, errMsg, stack } = Object(fromRealm(env.realm, error)) as Record<
    string,
    string | undefined
  >;
  return { message: message ?? errMsg ?? String(error), stack };
}
