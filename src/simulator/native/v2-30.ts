import { callbackOrPromise, realmError } from '../apis/callbacks';
import { isFailure } from '../client/natives';
import type { Env } from '../host/env';
import { INVOKE_API, RETRIEVE_API } from '../market/types';
import type { Any } from '../types';
import type { Authority } from './bridge';
import { uploadMarkers } from './markers';
import type { Brand, UploadFailure } from './markers';
import {
  callAndPoll,
  coded,
  devtoolsRequest,
  NativeReplyFailed,
  operate,
  rejectionOfNative,
  callRequest,
} from './v2-30-conversation';

/** The host's own invokeService as base library 2.30.3 has it (protocol 2 to 7). */
export function invokeServiceV2_30(env: Env, brand: Brand, authority: Authority) {
  return (argument: Any): unknown => {
    // Top-level fields are fixed at the call, nested data is not.
    const options = { ...(argument as object) };
    return callbackOrPromise(env, options, (resolve, reject) => {
      void invoke(env, brand, authority, options).then(resolve, reject);
    });
  };
}

async function invoke(env: Env, brand: Brand, authority: Authority, options: Any): Promise<unknown> {
  try {
    if (!options.service || !options.api) {
      throw realmError(env, "field 'service' and 'api' must be provided");
    }
    const urls = await uploaded(env, brand, options.data);
    const request = callRequest(env, brand, options, urls);
    if (options.async) {
      return asyncResult(env, request.call_id, await operate(env, authority, INVOKE_API, request));
    }
    if (env.platform !== 'devtools') return await callAndPoll(env, authority, request);
    return devtoolsResult(env, await operate(env, authority, INVOKE_API, devtoolsRequest(request)));
  } catch (error) {
    throw rejectionOfNative(env, error);
  }
}

async function uploaded(env: Env, brand: Brand, data: unknown): Promise<Map<unknown, unknown>> {
  try {
    return await uploadMarkers(env, brand, data);
  } catch (error) {
    const { reply } = error as Partial<UploadFailure>;
    if (reply && isFailure(reply)) throw new NativeReplyFailed(reply);
    throw error;
  }
}

/** The answer to a long task: accepted, or 108 for anything else (protocol 6). */
function asyncResult(env: Env, callId: string, body: Any): unknown {
  const { scene, errcode, errmsg, request_id: requestId } = (body ?? {}) as Record<string, unknown>;
  if (scene === 4 && errcode === 0) return { errMsg: 'invokeService:ok', requestId };
  const text = `requestID ${String(requestId)}, error message ${String(errmsg || 'unknown')} (callid ${callId})`;
  throw coded(env, 108, `invokeService:fail 108 . ${text}`, { requestID: requestId });
}

/** Version 1 (protocol 6, devtools). */
function devtoolsResult(env: Env, body: Any): unknown {
  const { errcode, errmsg, request_id: requestId, data } = (body ?? {}) as Record<string, unknown>;
  if (errcode === undefined) {
    throw realmError(
      env,
      `invokeService:fail ${String(errcode)} ${String(errmsg)} (requestId: ${String(requestId)})`,
    );
  }
  if (errcode !== 0) {
    const message = `invokeService:fail ${String(errcode)} ${String(errmsg)} (requestId: ${String(requestId)})`;
    throw coded(env, errcode as number, message, { requestId });
  }
  try {
    return { errMsg: 'invokeService:ok', data: JSON.parse(data as string) as unknown, requestId };
  } catch {
    const message = `invokeService:fail inner protocol parse failed (requestId: ${String(requestId ?? 'empty')})`;
    throw coded(env, -1, message, { requestId });
  }
}

/** The host's own getAsyncResult (protocol 8). */
export function getAsyncResultV2_30(env: Env, authority: Authority) {
  return (options: Any): unknown =>
    callbackOrPromise(env, options, (resolve, reject) => {
      void retrieve(env, authority, options).then(resolve, reject);
    });
}

async function retrieve(env: Env, authority: Authority, options: Any): Promise<unknown> {
  const request = { request_id: options?.requestId as unknown };
  let body: Any;
  try {
    body = await operate(env, authority, RETRIEVE_API, request);
  } catch (error) {
    throw error instanceof NativeReplyFailed ? error.reply : error;
  }
  return retrieved(env, body);
}

function retrieved(env: Env, body: Any): unknown {
  const { errcode, errmsg, status, data, request_id: requestId, provider_errmsg: cause } = body;
  if (errcode !== 0) {
    const text = `requestID ${requestId}, error message ${errmsg || 'unknown'}`;
    throw realmError(env, `getAsyncResult:fail ${text}`, { errCode: errcode, errMsg: errmsg });
  }
  if (cause) {
    const errMsg = 'getAsyncResult:fail provider execution error';
    return { errCode: 0, errMsg, status, providerErrMsg: cause, requestId };
  }
  // Also while pending: data that is no JSON is an error (protocol 8).
  return { errCode: 0, errMsg: 'getAsyncResult:ok', data: JSON.parse(data) as unknown, status, requestId };
}
