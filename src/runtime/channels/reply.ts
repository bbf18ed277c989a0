import {
  ERR_ARGUMENT,
  ERR_ASYNC,
  ERR_EMPTY,
  ERR_PROVIDER,
  ERR_SCENE,
  SCENE_FINAL_RESPONSE,
  SCENE_PRE_RESPONSE,
} from '../../protocol';
import type { InvokeServiceResult } from '../../protocol';
import { failure } from '../core/failure';
import type { Call } from '../core/types';

/** The value of a JSON string; anything else is returned as it is. */
export function parse(text: any): any {
  try {
    return typeof text === 'string' ? JSON.parse(text) : text;
  } catch {
    return text;
  }
}

/** The object of a JSON string; an empty one where there is none. */
export function parseObject(text: any): any {
  return Object(parse(text));
}

/** The id of an answer, in both spellings of the platform. */
export function idsOf({ request_id: requestId }: { request_id?: string }): object {
  return { requestId, requestID: requestId };
}

/** The platform's words for an error of the server. */
export function textOfError(reply: { request_id?: string }, message: string | undefined): string {
  return 'requestID ' + reply.request_id + ', error message ' + (message || 'unknown');
}

/**
 * Reads the answer to a call (protocol 6; design.md, "Reading a reply"). An answer of neither version 2 nor
 * version 1 is the provider's own: a paid answer is never lost to a rule.
 *
 * @param body - the answer as a JSON string, or its value where the host has parsed it
 * @param isAsync - the call asked for a long task
 * @param traceSuffix - returns the end of the texts that name the call: ` (callId: C) (trace: T)`
 * @returns the page's result, or undefined when the service says "not yet, ask again" (PreResp)
 * @throws Failure as protocol 7 has it
 */
export function readReply(
  call: Call,
  body: any,
  isAsync: unknown,
  traceSuffix?: () => string,
): InvokeServiceResult | undefined {
  const reply = parse(body);
  if (reply === undefined || reply === null) throw failure(ERR_EMPTY, '101 . empty call result', { body });

  const { scene, errcode, data, request_id: requestId } = reply;
  const isNumber = typeof errcode === 'number';
  // A preliminary answer may come without anything else.
  const isBare = scene === SCENE_PRE_RESPONSE && Object.keys(reply).length === 1;
  const isVersion2 =
    typeof scene === 'number' && (isBare || errcode !== undefined || requestId !== undefined);
  let result: object = { data: reply };

  function fail(code: number, text: string): never {
    throw failure(code, text, Object.assign({ body }, idsOf(reply)));
  }
  function refuse(code: number, message: string): void {
    const text = code + ' . ' + textOfError(reply, message) + ' (callid ' + call.callId + ')';
    fail((isNumber && errcode) || code, text);
  }

  if (isAsync) {
    if (errcode !== 0 || (isVersion2 && scene !== SCENE_FINAL_RESPONSE)) refuse(ERR_ASYNC, reply.errmsg);
    result = {};
  } else if (isVersion2) {
    if (scene === SCENE_PRE_RESPONSE) return undefined;
    if (scene !== SCENE_FINAL_RESPONSE)
      fail(ERR_SCENE, '107 . unknown scene ' + scene + (traceSuffix ? traceSuffix() : ''));
    if (errcode !== 0) refuse(ERR_PROVIDER, reply.provider_errmsg);
    result = { data: parse(data) };
  } else if (isNumber && errcode !== 0) {
    fail(errcode, errcode + ' ' + reply.errmsg + ' (requestId: ' + requestId + ')');
  } else if (isNumber && typeof data === 'string') {
    try {
      result = { data: JSON.parse(data) };
    } catch {
      fail(ERR_ARGUMENT, 'inner protocol parse failed (requestId: ' + (requestId || 'empty') + ')');
    }
  }
  return Object.assign({ errMsg: 'invokeService:ok' }, result, idsOf(reply));
}
