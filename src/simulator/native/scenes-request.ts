import type { BridgeRequest } from '../../protocol';
import type { Env } from '../env';
import { omit } from '../text';
import { textWithUrls } from './walk';
import type { Brand } from './walk';
import type { Any } from '../types';

export const SERVICE_MARKET_API = 'webapi_servicemarket_jsapi_comm';
export const RETRIEVE_API = 'webapi_servicemarket_jsapi_retrieve';

/** The request of 2.30.3; absent fields are undefined and do not cross. */
export type ScenesRequest = Omit<BridgeRequest, 'consume_type' | 'consume_appid' | 'req_type'> & {
  consume_type: unknown;
  consume_appid: unknown;
  req_type?: number;
};

export const newMessageId = (env: Env): string => `${Math.random()}_${env.clock.now()}`;

/** The first message of a call (protocol 5, column "2.30.3 device"). */
export function scenesRequest(
  env: Env,
  brand: Brand,
  options: Any,
  urls: Map<unknown, unknown>,
): ScenesRequest {
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
export function devtoolsRequest(request: ScenesRequest): Record<string, unknown> {
  return { ...omit(request, 'call_id', 'scene', 'retry_reason', 'req_type'), version: 1 };
}
