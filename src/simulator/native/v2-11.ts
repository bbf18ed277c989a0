import { callbackOrPromise, realmError } from '../apis/callbacks';
import { isFailure } from '../client/natives';
import type { Reply } from '../client/natives';
import type { Env } from '../host/env';
import { INVOKE_API } from '../market/types';
import { parsedOr } from '../text';
import type { Any } from '../types';
import { operateNative, unpack } from './bridge';
import type { Authority } from './bridge';
import { textWithUrls, uploadMarkers } from './markers';
import type { Brand, UploadFailure } from './markers';

/**
 * The host's own invokeService as base library 2.11.0 has it (protocol 2 to 7): one message without a
 * version, and its body is the result.
 *
 * @param asText - 2.9.4: `data` of the result stays a JSON string
 */
export function invokeServiceV2_11(env: Env, brand: Brand, authority: Authority, asText: boolean) {
  return (options: Any): unknown =>
    callbackOrPromise(env, options, (resolve, reject) => {
      void invoke(env, brand, authority, asText, options).then(resolve, reject);
    });
}

async function invoke(
  env: Env,
  brand: Brand,
  authority: Authority,
  asText: boolean,
  options: Any,
): Promise<unknown> {
  try {
    // Read without a guard: for a missing argument the engine's own TypeError is the message.
    if (!options.service || !options.api) {
      throw realmError(env, "field 'service' and 'api' must be provided");
    }
    const urls = await uploadMarkers(env, brand, options.data);
    // The caller's object is read again, so changes during the uploads are seen.
    const request = {
      service_id: options.service as unknown,
      api_name: options.api as unknown,
      data: textWithUrls(brand, options.data, urls),
      client_msg_id: `${Math.random()}_${Math.floor(env.clock.now())}`,
    };
    const reply = await send(env, authority, request);
    if (isFailure(reply)) throw { reply } satisfies UploadFailure;
    return { errMsg: 'invokeService:ok', data: resultOf(env, reply, asText) };
  } catch (error) {
    throw rejection(env, error);
  }
}

function send(env: Env, authority: Authority, request: unknown): Promise<Reply> {
  const extra = { isImportant: false, requestInQueue: true, apiName: INVOKE_API, reqData: request };
  const call = { apiName: INVOKE_API, request, direct: false, authority, extra };
  return new Promise((resolve) => operateNative(env, call, resolve));
}

function resultOf(env: Env, reply: Reply, asText: boolean): unknown {
  const { data, readable } = unpack(env, reply);
  const body = readable ? (data.data as unknown) : undefined;
  if (typeof body !== 'string') {
    env.log('error', 'operateWXData: the reply cannot be read');
    return undefined;
  }
  return asText ? body : parsedOr(body, body);
}

function rejection(env: Env, error: unknown): Error {
  const { reply } = error as Partial<UploadFailure>;
  if (!reply) return realmError(env, `invokeService:fail ${String(error)}`);
  const code = reply.err_code;
  if (code === undefined) return realmError(env, `invokeService:fail ${reply.errMsg}`);
  return realmError(env, `invokeService:fail ${reply.errMsg}(err_code ${String(code)})`, { errCode: code });
}
