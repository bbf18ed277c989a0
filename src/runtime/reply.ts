import {
  ERR_ARGUMENT,
  ERR_ASYNC,
  ERR_EMPTY,
  ERR_PROVIDER,
  ERR_SCENE,
  SCENE_FINAL_RESPONSE,
  SCENE_PRE_RESPONSE,
} from '../protocol';
import type { RelayReply } from '../protocol';
import type { Call } from './call';

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
 * Reads the answer to a call and ends the call with it (protocol 6; design.md, "Reading a reply"). What is
 * neither a version 2 nor a version 1 answer is the provider's own: a paid answer is never lost to a rule.
 *
 * @param body - the answer's text, or its value where the host has parsed it
 * @param isAsync - the call asked for a long task
 * @param where - ends the texts that name the call: ` (callId: C) (trace: T)`
 * @returns true when the service says "not yet, ask again" (PreResp): the call goes on
 */
export function takeReply(call: Call, body: any, isAsync: unknown, where: string): boolean | void {
  const reply = parse(body);
  if (reply === undefined || reply === null) return call.fail(ERR_EMPTY, '101 . empty call result', { body });

  const { scene, errcode, errmsg, request_id: requestId, data, provider_errmsg: providerMessage } = reply;
  const ids = { requestId, requestID: requestId };
  const details = Object.assign({ body }, ids);
  const isNumber = typeof errcode === 'number';
  const isVersion2 = typeof scene === 'number' && (errcode !== undefined || requestId !== undefined);

  function done(value?: unknown): void {
    call.done(Object.assign({ errMsg: 'invokeService:ok' }, isAsync ? undefined : { data: value }, ids));
  }
  function failed(code: number, message: string): void {
    const text = code + ' . requestID ' + requestId + ', error message ' + (message || 'unknown');
    call.fail((isNumber && errcode) || code, text + ' (callid ' + call.callId + ')', details);
  }

  if (isAsync) {
    if (errcode === 0 && (!isVersion2 || scene === SCENE_FINAL_RESPONSE)) done();
    else failed(ERR_ASYNC, errmsg);
  } else if (isVersion2) {
    if (scene === SCENE_PRE_RESPONSE) return true;
    if (scene !== SCENE_FINAL_RESPONSE) call.fail(ERR_SCENE, '107 . unknown scene ' + scene + where, details);
    else if (errcode === 0) done(parse(data));
    else failed(ERR_PROVIDER, providerMessage);
  } else if (isNumber && errcode !== 0) {
    call.fail(errcode, errcode + ' ' + errmsg + ' (requestId: ' + requestId + ')', details);
  } else if (isNumber && typeof data === 'string') {
    try {
      done(JSON.parse(data));
    } catch {
      call.fail(
        ERR_ARGUMENT,
        'inner protocol parse failed (requestId: ' + (requestId || 'empty') + ')',
        details,
      );
    }
  } else {
    done(reply);
  }
}

/** Ends the call with what a relay or cloud function answers: always an envelope, whatever its data is. */
export function takeEnvelope(call: Call, reply: RelayReply, isAsync: unknown): void {
  if (typeof reply.errcode !== 'number')
    return call.fail(ERR_EMPTY, '101 . empty call result', { body: reply });
  takeReply(call, reply.errcode ? reply : Object.assign({ scene: SCENE_FINAL_RESPONSE }, reply), isAsync, '');
}
