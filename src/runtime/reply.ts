import {
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
export function takeReply(call: Call, body: any, isAsync: unknown, where: string): boolean | void {
  const reply = parse(body);
  if (reply === undefined || reply === null) return call.fail(ERR_EMPTY, '101 . empty call result', { body });

  const { scene, errcode, errmsg, request_id: requestId, data, provider_errmsg: providerMessage } = reply;
  const ids = { requestId, requestID: requestId };
  const details = Object.assign({ body }, ids);
  const isVersion2 = typeof scene === 'number' && (errcode !== undefined || requestId !== undefined);
  const isVersion1 = typeof errcode === 'number' && (errcode !== 0 || typeof data === 'string');

  if (isVersion2 && !isAsync && scene === SCENE_PRE_RESPONSE) return true;
  if (isVersion2 && !isAsync && scene !== SCENE_FINAL_RESPONSE) {
    call.fail(ERR_SCENE, '107 . unknown scene ' + scene + where, details);
  } else if (
    isAsync ? errcode !== 0 || scene === SCENE_PRE_RESPONSE : (isVersion2 || isVersion1) && errcode !== 0
  ) {
    const code = isAsync ? ERR_ASYNC : ERR_PROVIDER;
    const message = (isAsync ? errmsg : providerMessage) || 'unknown';
    call.fail(
      +errcode || code,
      isVersion1 && !isVersion2 && !isAsync
        ? errcode + ' ' + errmsg + ' (requestId: ' + requestId + ')'
        : code + ' . requestID ' + requestId + ', error message ' + message + ' (callid ' + call.callId + ')',
      details,
    );
  } else {
    const result: any = Object.assign({ errMsg: 'invokeService:ok' }, ids);
    if (!isAsync) result.data = isVersion2 || isVersion1 ? parse(data) : reply;
    call.done(result);
  }
}
