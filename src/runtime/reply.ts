import {
  ERR_ARGUMENT,
  ERR_ASYNC,
  ERR_EMPTY,
  ERR_PROVIDER,
  ERR_SCENE,
  SCENE_FINAL_RESPONSE,
  SCENE_PRE_RESPONSE,
} from '../protocol';
import type { InvokeServiceResult, RelayReply } from '../protocol';
import type { Call } from './call';
import { type Failure, failure } from './failure';

/** The value of a JSON text; what is no JSON text stays as it is. */
export function parse(text: any): any {
  try {
    return typeof text === 'string' ? JSON.parse(text) : text;
  } catch {
    return text;
  }
}

/** The object of a JSON text, or an empty one where there is none. */
export function parseObject(text: any): any {
  return Object(parse(text));
}

/**
 * Reads the answer to a call (protocol 6; design.md, "Reading a reply"). What is neither a version 2 nor a
 * version 1 answer is the provider's own: a paid answer is never lost to a rule.
 *
 * @param body - the answer's text, or its value where the host has parsed it
 * @param isAsync - the call asked for a long task
 * @param where - ends the texts that name the call: ` (callId: C) (trace: T)`
 * @returns the page's result, or undefined when the service says "not yet, ask again" (PreResp)
 * @throws Failure as protocol 7 has it
 */
export function readReply(
  call: Call,
  body: any,
  isAsync: unknown,
  where: string,
): InvokeServiceResult | undefined {
  const reply = parse(body);
  if (reply === undefined || reply === null) throw failure(ERR_EMPTY, '101 . empty call result', { body });

  const { scene, errcode, errmsg, request_id: requestId, data, provider_errmsg: providerMessage } = reply;
  const ids = { requestId, requestID: requestId };
  const isNumber = typeof errcode === 'number';
  const isVersion2 = typeof scene === 'number' && (errcode !== undefined || requestId !== undefined);

  function failed(code: number, text: string): Failure {
    return failure(code, text, Object.assign({ body }, ids));
  }
  function refused(code: number, message: string): Failure {
    const text = code + ' . requestID ' + requestId + ', error message ' + (message || 'unknown');
    return failed((isNumber && errcode) || code, text + ' (callid ' + call.callId + ')');
  }
  function done(result: object): any {
    return Object.assign({ errMsg: 'invokeService:ok' }, result, ids);
  }

  if (isAsync) {
    if (errcode === 0 && (!isVersion2 || scene === SCENE_FINAL_RESPONSE)) return done({});
    throw refused(ERR_ASYNC, errmsg);
  }
  if (isVersion2) {
    if (scene === SCENE_PRE_RESPONSE) return undefined;
    if (scene !== SCENE_FINAL_RESPONSE) throw failed(ERR_SCENE, '107 . unknown scene ' + scene + where);
    if (errcode !== 0) throw refused(ERR_PROVIDER, providerMessage);
    return done({ data: parse(data) });
  }
  if (isNumber && errcode !== 0) {
    throw failed(errcode, errcode + ' ' + errmsg + ' (requestId: ' + requestId + ')');
  }
  if (!isNumber || typeof data !== 'string') return done({ data: reply });
  try {
    return done({ data: JSON.parse(data) });
  } catch {
    throw failed(ERR_ARGUMENT, 'inner protocol parse failed (requestId: ' + (requestId || 'empty') + ')');
  }
}

/** Reads what a relay or cloud function answers to a call: always an envelope, whatever its data is. */
export function readEnvelope(call: Call, reply: RelayReply, isAsync: unknown): InvokeServiceResult {
  if (typeof reply.errcode !== 'number') throw failure(ERR_EMPTY, '101 . empty call result', { body: reply });
  const body = reply.errcode ? reply : Object.assign({ scene: SCENE_FINAL_RESPONSE }, reply);
  return readReply(call, body, isAsync, '')!;
}
