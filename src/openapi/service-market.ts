import type { ServiceMarketAnswer, ServiceMarketCall } from '../protocol';
import type { TokenHolder } from './shared-token';
import type { Send } from './http-client';
import { readJson } from './read-json';
import { withToken } from './with-token';

export const INVOKE_PATH = '/wxa/servicemarket';
export const RETRIEVE_PATH = '/wxa/servicemarketretrieve';

/** The platform's two calls of the service market. Each throws an OpenApiError. */
export interface ServiceMarketCalls {
  invokeService(call: ServiceMarketCall): Promise<ServiceMarketAnswer>;
  retrieve(question: { request_id: string }): Promise<ServiceMarketAnswer>;
}

/** A client that has no calls but these two, for the functions. */
export function createServiceMarket(send: Send, holder: TokenHolder): ServiceMarketCalls {
  return {
    invokeService: (call) => post('serviceMarket.invokeService', INVOKE_PATH, call),
    retrieve: (question) => post('serviceMarket.retrieve', RETRIEVE_PATH, question),
  };

  function post(name: string, path: string, body: object): Promise<ServiceMarketAnswer> {
    return withToken(holder, async (token) => {
      const query = { access_token: token };
      return readJson(name, await send(name, { method: 'POST', path, query, body: JSON.stringify(body) }));
    });
  }
}
