import type { Env } from '../env';
import { omit, parsedOr } from '../text';
import type { Any } from '../types';
import type { Authority } from './bridge';
import { realmError } from './outcome';
import { NativeReplyFailed, operateScenes } from './scenes-operate';
import { SERVICE_MARKET_API } from './scenes-request';
import type { ScenesRequest } from './scenes-request';
import { newMessageId } from './scenes-request';

/** protocol 7: one call and 51 polls. */
const MOST_MESSAGES = 52;
const MESSAGE_TIMEOUT = 20000;

const PRE_RESPONSE = 3;
const FINAL_RESPONSE = 4;

const TIMED_OUT = Symbol('timed out');

/** Call and polls of 2.30.3 on a device, up to the final answer (protocol 6 and 7). */
export async function callAndPoll(env: Env, authority: Authority, first: ScenesRequest): Promise<unknown> {
  const callId = first.call_id;
  const trace: string[] = [];
  const mark = (what: string): void => {
    const time = new Date(env.clock.now());
    trace.push(`${time.getHours()}:${time.getMinutes()}:${time.getSeconds()} ${what}`);
  };
  const where = (): string => `(callId: ${callId}) (trace: ${trace.join('->')})`;
  mark('start');
  for (let sent = 1, request = first; ; sent++) {
    let body: Any;
    try {
      body = await withTimer(env, operateScenes(env, authority, SERVICE_MARKET_API, request));
    } catch (error) {
      const native = JSON.stringify((error as NativeReplyFailed).reply);
      mark(`system error (${native}), abort`);
      throw coded(env, -1, `invokeService:fail ${native} ${where()}`);
    }
    if (body === TIMED_OUT) {
      mark('timeout, abort');
      const text = 'timeout for retry, cannot retry fetching the result anymore';
      throw coded(env, 104, `invokeService:fail 104 . ${text} ${where()}`);
    }
    if (body === null) throw coded(env, 101, 'invokeService:fail 101 . empty call result');
    const scene = body?.scene as unknown;
    if (scene === FINAL_RESPONSE) return finalResult(env, callId, body);
    if (scene !== PRE_RESPONSE) {
      throw coded(env, 107, `invokeService:fail 107 . unknown scene ${String(scene)} ${where()}`);
    }
    if (sent === MOST_MESSAGES) {
      throw coded(env, 102, `invokeService:fail 102 . exceed max poll retry ${where()}`);
    }
    mark('normal poll');
    request = { ...omit(first, 'data'), scene: 2, client_msg_id: newMessageId(env) };
  }
}

/** A reply that breaks the library (no data at all) is never handled, so only the timer ends the wait. */
async function withTimer(env: Env, reply: Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = env.clock.setTimer(() => resolve(TIMED_OUT), MESSAGE_TIMEOUT, 'invokeService message');
    reply.then(
      (body) => {
        env.clock.clearTimer(timer);
        resolve(body);
      },
      (error) => {
        if (!(error instanceof NativeReplyFailed)) return env.report(error);
        env.clock.clearTimer(timer);
        return reject(error);
      },
    );
  });
}

function finalResult(env: Env, callId: string, body: Any): unknown {
  const { errcode, request_id: requestId, provider_errmsg: cause, data } = body;
  if (errcode === 0) {
    const value = typeof data === 'string' ? parsedOr(data, data) : (data as unknown);
    return { errMsg: 'invokeService:ok', data: value, requestId };
  }
  const text = `requestID ${requestId}, error message ${cause || 'unknown'} (callid ${callId})`;
  throw coded(env, 103, `invokeService:fail 103 . ${text}`, { requestID: requestId });
}

/** An Error of 2.30.3 with a code. */
export function coded(env: Env, errCode: number, message: string, fields: object = {}): Error {
  return realmError(env, message, { errCode, errMsg: message, ...fields });
}
