import { omit } from '../text';
import type { Any } from '../types';
import { demand } from './route';
import type { Routes } from './route';

const INVOKE = 'webapi_servicemarket_jsapi_comm';
const RETRIEVE = 'webapi_servicemarket_jsapi_retrieve';

/** The service market over HTTPS (protocol 11). */
export const serviceMarketRoutes: Routes = {
  '/wxa/servicemarket': {
    method: 'POST',
    async answer({ market }, call) {
      const { service, api, data, client_msg_id: id, async } = call.json();
      demand(typeof service === 'string' && typeof api === 'string', -1, 'service or api missing');
      demand(typeof id === 'string' && id !== '', -1, 'client_msg_id missing');
      const request = {
        service_id: service as string,
        api_name: api as string,
        // Documented as an object; JSON text is taken as well.
        data: typeof data === 'string' || data === undefined ? (data as unknown) : JSON.stringify(data),
        client_msg_id: id as string,
        version: 1,
        req_type: async === true ? 2 : undefined,
      };
      const sender = { channel: 'https', appid: call.appid } as const;
      const reply = JSON.parse(await market.handle(sender, INVOKE, request)) as Any;
      return async === true ? reply : omit(reply, 'request_id');
    },
  },
  '/wxa/servicemarketretrieve': {
    method: 'POST',
    async answer({ market }, call) {
      const { request_id: id } = call.json();
      const sender = { channel: 'https', appid: call.appid } as const;
      return JSON.parse(await market.handle(sender, RETRIEVE, { request_id: id as unknown })) as Any;
    },
  },
};
