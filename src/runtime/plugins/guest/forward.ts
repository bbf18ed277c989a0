import { ERR_CALL } from '../../../protocol';
import type { Progress, Task } from '../../../protocol';
import { newId } from '../../core/call';
import { callSafely, serveCallbacks, wantsCallbacks } from '../../core/callbacks';
import { failure, type Failure } from '../../core/failure';
import { has } from '../../core/host';
import type { Reply, Stop } from '../types';
import { pluginState } from './environment';
import { serializeData } from './wire-data';

/** From base library 2.11.1 on: what the host exports to its plugins. */
declare const requireMiniProgram: () => any;

let connectTimeout = 10000;

/** Sets how long a call waits for the host, in ms. */
export function setConnectTimeout(ms: number): void {
  connectTimeout = ms;
}

/** The `serviceMarket` that the host exports to its plugins, if it is complete. */
function exportedMarket(): any {
  try {
    const { serviceMarket } = requireMiniProgram();
    return has(serviceMarket, 'getAsyncResult') ? serviceMarket : undefined;
  } catch {
    // Older, or the host's files are not there yet.
  }
}

/** Lets the calls that wait go, in order, once there is a way. */
export function flushQueue(): void {
  while (pluginState.waiting.length && (pluginState.send || exportedMarket())) pluginState.waiting.shift()!();
}

/**
 * Forwards a call to the host, as soon as there is one.
 *
 * @param method - `invokeService` or `getAsyncResult`
 * @param options - the plugin's argument
 * @returns settles as the host's own call would; `undefined` where the options have callbacks
 */
export function forwardToHost(method: string, options: any): Task<any> | undefined {
  const own = Object.assign({}, options);
  const clientMsgId = own.clientMsgId || newId();
  const listeners: Array<(progress: Progress) => void> = [];
  const reportProgress = (progress: Progress) =>
    listeners.forEach((listener) => callSafely(listener, progress));
  let stop: Stop | undefined;
  let fail: (cause: Failure) => void;

  const task = new Promise((resolve, reject) => {
    let data: unknown[];
    let timer: unknown;
    let isOver: boolean | undefined;

    const reply: Reply = (kind, text) => {
      const value = JSON.parse(text);
      if (kind === 'progress') return reportProgress(value);
      if (kind === 'ok') return resolve(value);
      reject(Object.assign(new Error(value.errMsg), value, { clientMsgId }));
    };
    fail = (cause) => {
      const errMsg = method + ':fail ' + cause.errMsg;
      isOver = true;
      clearTimeout(timer);
      const details = { errMsg, billing: 'none', callId: newId(), clientMsgId };
      reject(Object.assign(new Error(errMsg), cause, details));
    };
    try {
      data = serializeData(own.data);
    } catch (cause) {
      return fail(cause as Failure);
    }
    const fields = JSON.stringify(options && Object.assign({}, own, { data: undefined, clientMsgId }));
    function send(): void {
      if (isOver) return;
      clearTimeout(timer);
      if (!pluginState.send) {
        // The callbacks are served here, for every way alike.
        const withoutCallbacks = { success: undefined, fail: undefined, complete: undefined };
        const asked = exportedMarket()[method](Object.assign({}, own, withoutCallbacks));
        if (has(asked, 'abort')) stop = () => asked.abort();
        if (has(asked, 'onProgressUpdate')) asked.onProgressUpdate(reportProgress);
        return resolve(asked);
      }
      const args = [method, fields, reply].concat(data as any);
      // Not by a method of the host's function, which has no prototype.
      stop = Function.prototype.apply.call(pluginState.send, undefined, args);
    }
    pluginState.waiting.push(send);
    flushQueue();
    if (pluginState.waiting.length) {
      // The host's files load after those of its plugins, in the same turn.
      setTimeout(flushQueue, 0);
      timer = setTimeout(() => {
        const text =
          'no host has connected in ' +
          connectTimeout +
          ' ms. Plugin: let main export connectServiceMarket. Host: name it in servicemarket.config.json or connectPlugin({name, plugin})';
        fail(failure(ERR_CALL, text));
      }, connectTimeout);
    }
  }) as Task<any>;

  task.abort = () => (stop ? stop() : fail(failure(ERR_CALL, 'abort')));
  task.onProgressUpdate = (listener) => {
    listeners.push(listener);
  };
  serveCallbacks(own, task);
  return wantsCallbacks(own) ? undefined : task;
}
