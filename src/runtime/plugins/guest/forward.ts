import { ERR_ARGUMENT, ERR_CALL } from '../../../protocol';
import type { Progress, Task } from '../../../protocol';
import { newId } from '../../core/call';
import { has } from '../../core/host';
import { run, wantsCallbacks } from '../../core/task';
import type { Reply, Stop } from '../types';
import { shared } from './environment';
import { type Fault, pack } from './wire-data';

/** From base library 2.11.1 on: what the host exports to its plugins. */
declare const requireMiniProgram: () => any;

let limit = 10000;

/** Sets how long a call waits for the host, in ms. */
export function setLimit(ms: number): void {
  limit = ms;
}

/** The `serviceMarket` that the host exports to its plugins, where it is complete. */
function exported(): any {
  try {
    const { serviceMarket } = requireMiniProgram();
    return has(serviceMarket, 'getAsyncResult') ? serviceMarket : undefined;
  } catch {
    // Older, or the host's files are not there yet.
  }
}

/** Lets the calls that wait go, in order, once there is a way. */
export function release(): void {
  while (shared.waiting.length && (shared.send || exported())) shared.waiting.shift()!();
}

/**
 * Asks the host, as soon as there is one.
 *
 * @param method - `invokeService` or `getAsyncResult`
 * @param options - the plugin's argument
 * @returns settles as the host's own call would; `undefined` where the options have callbacks
 */
export function ask(method: string, options: any): Task<any> | undefined {
  const given = Object.assign({}, options);
  const clientMsgId = given.clientMsgId || newId();
  const listeners: Array<(progress: Progress) => void> = [];
  let stop: Stop | undefined;
  const tellProgress = (progress: Progress) => listeners.forEach((listener) => run(listener, progress));
  let fail: (errCode: number, text: string, details?: object) => void;

  const task = new Promise((resolve, reject) => {
    let parcel: unknown[];
    let timer: unknown;
    let isOver: boolean | undefined;

    const reply: Reply = (kind, text) => {
      const value = JSON.parse(text);
      if (kind === 'progress') return tellProgress(value);
      if (kind === 'ok') return resolve(value);
      reject(Object.assign(new Error(value.errMsg), value, { clientMsgId }));
    };
    fail = (errCode, text, details) => {
      const errMsg = method + ':fail ' + text;
      isOver = true;
      clearTimeout(timer);
      reject(
        Object.assign(
          new Error(errMsg),
          { errMsg, errCode, billing: 'none', callId: newId(), clientMsgId },
          details,
        ),
      );
    };
    try {
      parcel = pack(given.data);
    } catch (fault) {
      const { text, cause, path } = fault as Fault;
      return fail(ERR_ARGUMENT, text, { cause, path });
    }
    const fields = JSON.stringify(options && Object.assign({}, given, { data: undefined, clientMsgId }));
    function go(): void {
      if (isOver) return;
      clearTimeout(timer);
      if (!shared.send) {
        const asked = exported()[method](Object.assign({}, given, { success: 0, fail: 0, complete: 0 }));
        if (has(asked, 'abort')) stop = () => asked.abort();
        if (has(asked, 'onProgressUpdate')) asked.onProgressUpdate(tellProgress);
        return resolve(asked);
      }
      const call = [method, fields, reply].concat(parcel as any);
      stop = Function.prototype.apply.call(shared.send, undefined, call);
    }
    shared.waiting.push(go);
    release();
    if (shared.waiting.length) {
      // The host's files come after those of its plugins, in the same turn.
      setTimeout(release, 0);
      timer = setTimeout(() => {
        fail(
          ERR_CALL,
          'no host has connected in ' +
            limit +
            ' ms. Plugin: let main export connectServiceMarket. Host: name it in servicemarket.config.json or connectPlugin({name, plugin})',
        );
      }, limit);
    }
  }) as Task<any>;

  task.abort = () => (stop ? stop() : fail(ERR_CALL, 'abort'));
  task.onProgressUpdate = (listener) => {
    listeners.push(listener);
  };
  if (!wantsCallbacks(given)) return task;
  const tell = (callback: unknown) => (outcome: unknown) => {
    run(callback, outcome);
    run(given.complete, outcome);
  };
  task.then(tell(given.success), tell(given.fail));
}
