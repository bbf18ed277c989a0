import {
  ERR_ARGUMENT,
  ERR_ASYNC,
  ERR_EMPTY,
  ERR_PROVIDER,
  ERR_SCENE,
  SCENE_FINAL_RESPONSE,
  SCENE_PRE_RESPONSE,
} from '../protocol';
import type { Call } from './call';

/** The value of a JSON text; what is no JSON text stays as it is. */
export function parse(text: any): any {
  try {
    return typeof text === 'string' ? JSON.parse(text) : text;
  } catch {
    return text;
  }
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
export function takeReply(call: Call, body: any, isAsync: boolean | undefined, where: string): boolean {
  const reply = parse(body);
  if (reply === undefined || reply === null) {
    call.fail(ERR_EMPTY, '101 . empty call result', { body });
    return false;
  }
  const { scene, errcode, errmsg, request_id: requestId, data, provider_errmsg: providerMessage } = reply;
  const details = { requestId, body };

  function done(value: unknown): void {
    const result: any = { errMsg: 'invokeService:ok', data: value };
    if (isAsync) delete result.data;
    if (requestId !== undefined) result.requestId = result.requestID = requestId;
    call.done(result);
  }
  function failed(code: number, text: string): void {
    const message = ' . requestID ' + requestId + ', error message ' + (text || 'unknown');
    call.fail(errcode || code, code + message + ' (callid ' + call.callId + ')', details);
  }

  const isVersion2 = typeof scene === 'number' && (errcode !== undefined || requestId !== undefined);
  if (isAsync) {
    if (errcode === 0 && (!isVersion2 || scene === SCENE_FINAL_RESPONSE)) done(undefined);
    else failed(ERR_ASYNC, errmsg);
  } else if (isVersion2) {
    if (scene === SCENE_PRE_RESPONSE) return true;
    if (scene !== SCENE_FINAL_RESPONSE) call.fail(ERR_SCENE, '107 . unknown scene ' + scene + where, details);
    else if (errcode === 0) done(parse(data));
    else failed(ERR_PROVIDER, providerMessage);
  } else if (typeof errcode === 'number' && errcode !== 0) {
    call.fail(errcode, errcode + ' ' + errmsg + ' (requestId: ' + requestId + ')', details);
  } else if (errcode === 0 && typeof data === 'string') {
    try {
      done(JSON.parse(data));
    } catch {
      const text = 'inner protocol parse failed (requestId: ' + (requestId || 'empty') + ')';
      call.fail(ERR_ARGUMENT, text, details);
    }
  } else {
    done(reply);
  }
  return false;
}
