import type { RelayInvokeRequest } from '../protocol';
import { digest } from './digest';

/**
 * One hash of what an invocation asks for: a repeat has the same, and the same id with another hash is refused.
 *
 * @param data - the JSON string of the call's data, with the digest of an upload in place of its URL: a page that
 *   repeats a call uploads the same content again, and so sends other URLs
 */
export function hashCall(
  { service, api, async }: Pick<RelayInvokeRequest, 'service' | 'api' | 'async'>,
  data: string | undefined,
): string {
  return digest(JSON.stringify([service, api, async === true, data ?? null]));
}
