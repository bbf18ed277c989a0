import type { Env } from '../env';
import { isFailure } from '../natives';
import type { Reply } from '../natives';
import { parsedOr } from '../text';
import type { Any } from '../types';
import type { Authority } from './bridge';
import { operateNative, unpack } from './bridge';
import { realmError } from './outcome';

/** Thrown with the native object of a call that failed. */
export class NativeReplyFailed extends Error {
  constructor(readonly reply: Reply) {
    super(reply.errMsg);
  }
}

const NOT_JSON = Symbol('not JSON');

/**
 * One message of base library 2.30.3; gives the parsed body, undefined when there is none.
 *
 * @throws NativeReplyFailed for a native failure, also for a body that is no JSON (protocol 6);
 *   TypeError for a reply without data, which the library does not expect
 */
export async function operateScenes(
  env: Env,
  authority: Authority,
  apiName: string,
  request: unknown,
): Promise<Any> {
  const extra = { timeout: 180000, requestInQueue: false, isImportant: false };
  const call = { apiName, request, direct: false, authority, extra };
  const reply = await new Promise<Reply>((resolve) => operateNative(env, call, resolve));
  if (isFailure(reply)) throw new NativeReplyFailed(reply);
  const { data, readable } = unpack(env, reply);
  if (!readable) {
    if (reply.data === undefined) throw new TypeError('the reply has no data');
    throw jsonParseError(String(reply.data));
  }
  const body = data.data as unknown;
  if (body === undefined) return undefined;
  const parsed = typeof body === 'string' ? parsedOr(body, NOT_JSON) : body;
  if (parsed === NOT_JSON) throw jsonParseError(String(body));
  return parsed;
}

function jsonParseError(text: string): NativeReplyFailed {
  return new NativeReplyFailed({ errMsg: `operateWXData:fail json parse error, json="${text}"` });
}

/**
 * What 2.30.3 makes of a native failure outside its polling (protocol 7): an Error with the code where there
 * is `err_code`, the raw object where there is `errCode`, else a text that says nothing.
 */
export function rejectionOfNative(env: Env, error: unknown): unknown {
  if (error instanceof NativeReplyFailed) {
    const { errMsg, err_code: code, errCode } = error.reply;
    if (errCode !== undefined) return error.reply;
    if (code === undefined) return realmError(env, 'invokeService:fail [object Object]');
    return realmError(env, `invokeService:fail ${errMsg}(err_code ${String(code)})`, { errCode: code });
  }
  if (error instanceof env.realm.intrinsics.Error && 'errCode' in error) return error;
  return realmError(env, `invokeService:fail ${String(error)}`);
}
