import type { MarketServer } from '../market/market';
import type { Any } from '../types';
import { omit } from '../text';

const INVOKE = 'webapi_servicemarket_jsapi_comm';

/** The platform's code for a function that lacks the permission in its config.json. */
const NO_PERMISSION = -604101;

/**
 * An open interface as a cloud function calls it. Only the service market is played, and it takes the same
 * arguments as over HTTPS (protocol 11).
 *
 * @param permissions - `permissions.openapi` of the function's config.json
 */
export async function callOpenInterface(
  market: MarketServer,
  appid: string,
  permissions: string[],
  name: string,
  args: Record<string, unknown>,
): Promise<object> {
  if (!permissions.includes(name)) {
    return { errcode: NO_PERMISSION, errmsg: `function has no permission to call this API ${name}` };
  }
  if (name !== 'serviceMarket.invokeService') return { errcode: -1, errmsg: `${name} is not played here` };
  const { service, api, data, client_msg_id: id } = args;
  if (!service || !api || !id) return { errcode: -1, errmsg: 'service, api or client_msg_id missing' };
  const request = {
    service_id: service,
    api_name: api,
    data: typeof data === 'string' || data === undefined ? data : JSON.stringify(data),
    client_msg_id: id,
    version: 1,
  };
  const body = await market.handle({ channel: 'cloud', appid }, INVOKE, request);
  return omit(JSON.parse(body) as Any, 'request_id') as object;
}
