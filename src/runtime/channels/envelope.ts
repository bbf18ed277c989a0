import { ERR_EMPTY, SCENE_FINAL_RESPONSE, SCENE_PRE_RESPONSE } from '../../protocol';
import type {
  InvokeServiceOptions,
  InvokeServiceResult,
  RelayInvokeRequest,
  RelayReply,
} from '../../protocol';
import { failure } from '../core/failure';
import type { Call } from '../core/types';
import { readReply } from './reply';

/** What a relay or cloud function is sent for a call. @param data - the payload */
export function toEnvelope(
  { clientMsgId }: Call,
  { service, api, async: isAsync }: InvokeServiceOptions,
  data: string | undefined,
): RelayInvokeRequest {
  return { service, api, data, client_msg_id: clientMsgId, async: isAsync ? true : undefined };
}

/**
 * Reads the answer of a relay or cloud function to a call: always an envelope, whatever its data is.
 *
 * @returns the page's result, or undefined when the same call is still running there
 * @throws Failure as protocol 7 has it
 */
export function readEnvelope(
  call: Call,
  reply: RelayReply & { scene?: number },
  isAsync: unknown,
): InvokeServiceResult | undefined {
  if (reply.scene === SCENE_PRE_RESPONSE) return undefined;
  if (typeof reply.errcode !== 'number') throw failure(ERR_EMPTY, '101 . empty call result', { body: reply });
  const body = reply.errcode ? reply : Object.assign({ scene: SCENE_FINAL_RESPONSE }, reply);
  return readReply(call, body, isAsync);
}
