import type { BridgeRequest } from '../../protocol';
import { realmError } from '../apis/callbacks';
import { isFailure } from '../client/natives';
import type { Reply } from '../client/natives';
import type { Env } from '../host/env';
import { INVOKE_API } from '../market/types';
import { omit, parsedOr } from '../text';
import type { Any } from '../types';
import { operateNative, unpack } from './bridge';
import type { Authority } from './bridge';
import { textWithUrls } from './markers';
import type { Brand } from './markers';

/** The request of 2.30.3; absent fields are undefined and do not cross. */
export type Request = Omit<BridgeRequest, 'consume_type' | 'consume_appid' | 'req_type'> & {
  consume_type: unknown;
  consume_appid: unknown;
  req_type?: number;
};

const newMessageId = (env: Env): string => `${Math.random()}_${Math.floor(env.clock.now())}`;

/** The first message of a call (protocol 5, column "2.30.3 device"). */
export function callRequest(env: Env, brand: Brand, options: Any, urls: Map<unknown, unknown>): Request {
  return {
    service_id: options.service as string,
    api_name: options.api as string,
    data: textWithUrls(brand, options.data, urls),
    client_msg_id: newMessageId(env),
    consume_type: options.consumeType as unknown,
    consume_appid: options.consumeAppid as unknown,
    version: 2,
    call_id: newMessageId(env),
    scene: 1,
    retry_reason: 0,
    req_type: options.async ? 2 : undefined,
  };
}

/** What devtools sends instead, unless the call is async: version 1 without the fields of the conversation. */
export function devtoolsRequest(request: Request): Record<string, unknown> {
  return { ...omit(request, 'call_id', 'scene', 'retry_reason', 'req_type'), version: 1 };
}

/** Thrown with the native object of a call that failed. */
export class NativeReplyFailed extends Error {
  constructor(readonly reply: Reply) {
    super(reply.errMsg);
  }
}

const NOT_JSON = Symbol('not JSON');

/**
 * One message of base library 2.30.3.
 *
 * @returns the parsed body, undefined where there is none
 *
 * @throws NativeReplyFailed for a native failure, also for a body that is no JSON (protocol 6);
 *   TypeError for a reply without data, which the library does not expect
 */
export async function operate(
  env: Env,
  authority: Authority,
  apiName: string,
  request: unknown,
): Promise<Any> {
  const extra = { timeout: 180000, requestInQueue: false, isImportant: false };
  const call = { apiName, request, direct: false, authority, extra };
  const reply = await new Promise<Reply>((resolve) => operateNative(env, call, resolve));
  if (isFailure(reply)) throw new NativeReplyFailed(reply);
  const { data, readable } = unpack(env, reply);
  if (!readable) {
    if (reply.data === undefined) throw new TypeError('the reply has no data');
    throw jsonParseError(String(reply.data));
  }
  const body = data.data as unknown;
  if (body === undefined) return undefined;
  const parsed = typeof body === 'string' ? parsedOr(body, NOT_JSON) : body;
  if (parsed === NOT_JSON) throw jsonParseError(String(body));
  return parsed;
}

function jsonParseError(text: string): NativeReplyFailed {
  return new NativeReplyFailed({ errMsg: `operateWXData:fail json parse error, json="${text}"` });
}

/**
 * What 2.30.3 makes of a native failure outside its polling (protocol 7): an Error with the code where there
 * is `err_code`, the raw object where there is `errCode`, else a string without any cause.
 */
export function rejectionOfNative(env: Env, error: unknown): unknown {
  if (error instanceof NativeReplyFailed) {
    const { errMsg, err_code: code, errCode } = error.reply;
    if (errCode !== undefined) return error.reply;
    if (code === undefined) return realmError(env, 'invokeService:fail [object Object]');
    return realmError(env, `invokeService:fail ${errMsg}(err_code ${String(code)})`, { errCode: code });
  }
  if (error instanceof env.realm.intrinsics.Error && 'errCode' in error) return error;
  return realmError(env, `invokeService:fail ${String(error)}`);
}

/** protocol 7: one call and 51 polls. */
const MAX_MESSAGES = 52;
const MESSAGE_TIMEOUT_MS = 20000;

const PRE_RESPONSE = 3;
const FINAL_RESPONSE = 4;

const TIMED_OUT = Symbol('timed out');

/** Call and polls of 2.30.3 on a device, up to the final answer (protocol 6 and 7). */
export async function callAndPoll(env: Env, authority: Authority, first: Request): Promise<unknown> {
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
      body = await withTimer(env, operate(env, authority, INVOKE_API, request));
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
    if (sent === MAX_MESSAGES) {
      throw coded(env, 102, `invokeService:fail 102 . exceed max poll retry ${where()}`);
    }
    mark('normal poll');
    request = { ...omit(first, 'data'), scene: 2, client_msg_id: newMessageId(env) };
  }
}

/** A reply that breaks the library (no data at all) is never handled, so only the timer ends the wait. */
async function withTimer(env: Env, reply: Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = env.clock.setTimer(() => resolve(TIMED_OUT), MESSAGE_TIMEOUT_MS, 'invokeService message');
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
