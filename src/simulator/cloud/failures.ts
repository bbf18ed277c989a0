import { realmError } from '../apis/callbacks';
import type { Reply } from '../client/natives';
import type { Env } from '../host/env';

/** What the phone noted of one try of a call, for the trace in its error: `system error (Error: timeout), retry`. */
export type TraceEntry = { at: number; text: string };

/** Codes of the library itself. */
const NO_CODE = -1;
const WRONG_KIND = -401003;
const FUNCTION_FAILED = -404011;
const NO_ANSWER = -404012;

const DESCRIPTIONS: Record<number, string> = {
  [WRONG_KIND]: 'api parameter type error',
  [FUNCTION_FAILED]: 'cloud function execution error',
  [NO_ANSWER]: 'polling exceed max timeout retry',
};

const CALL_FUNCTION = 'cloud.callFunction';

/** A failure without a code is the client's: the message did not get through. */
export const isUnanswered = ({ errCode }: Reply): boolean => errCode === undefined;

/** An Error of the library itself, without any request. */
export function notReadyError(env: Env, text: string): Error {
  return plainError(env, NO_CODE, text);
}

export function wrongKindError(env: Env, text: string): Error {
  return plainError(env, WRONG_KIND, text);
}

/**
 * The Error that page code gets for a failed native call.
 *
 * @param name - such as `cloud.callFunction`
 * @param callId - of the call of a function
 * @param trace - of the same
 */
export function cloudError(
  env: Env,
  name: string,
  reply: Reply,
  callId = '',
  trace: TraceEntry[] = [],
): Error {
  const { errCode, requestID } = reply as Reply & { errCode?: number; requestID?: string };
  const { cloudFailures: form } = env.profile;
  const text = reply.errMsg.replace(/^[\w.]+:fail (cloud\.\w+:fail )?/, '');
  const steps = (): string => ` (callId: ${callId}) (trace: ${traceText(trace)})`;

  if (errCode === undefined) {
    if (isTransfer(reply)) return transferError(env, name, text === 'abort' ? text : reply.errMsg);
    const cause = causeOf(text);
    if (form === 'v2_3') return wrappedError(env, name, NO_CODE, text);
    if (name !== CALL_FUNCTION) return realmError(env, cause, { errMsg: cause, operateWXDataFail: true });
    return wrappedError(env, name, NO_CODE, `Error: ${cause}${steps()}`);
  }
  if (name === CALL_FUNCTION && errCode === NO_ANSWER) {
    const words = form === 'v2_30' ? `${NO_ANSWER} ${DESCRIPTIONS[NO_ANSWER]}.` : DESCRIPTIONS[NO_ANSWER];
    return wrappedError(env, name, NO_ANSWER, `${words}${steps()}`);
  }
  if (hasRun(errCode)) {
    const said = functionText(form, { errCode, text, requestID, callId });
    return Object.assign(wrappedError(env, name, FUNCTION_FAILED, said), { requestID });
  }
  if (name !== CALL_FUNCTION || form === 'v2_3') return plainError(env, errCode, text);
  return wrappedError(env, name, NO_CODE, `${refusalText(errCode, text)}${steps()}`);
}

/** Whether the upload to the storage failed, and not the message before it, in which the cloud names its address. */
const isTransfer = ({ errMsg }: Reply): boolean => /^uploadFile:fail (?!operateWXData:)/.test(errMsg);

/** The words of a failed try in the trace. */
export function traceWords(reply: Reply): string {
  const { errCode, errMsg } = reply as Reply & { errCode?: number };
  const text = errMsg.replace(/^[\w.]+:fail /, '');
  return `system error (${errCode === undefined ? `Error: ${causeOf(text)}` : refusalText(errCode, text)})`;
}

/** The reply for a call that the cloud never answered. */
export const unanswered = (name: string): Reply => ({ errMsg: `${name}:fail`, errCode: NO_ANSWER });

/** Whether a code of the cloud says that the function ran, and failed. */
const hasRun = (code: number): boolean => Math.trunc(code / 1000) === -504;

/** A failure of the client as newer libraries quote it. */
function causeOf(text: string): string {
  const cause = text.replace(/^operateWXData:fail /, '');
  return cause.includes('invalid scope') ? 'invalid scope 没有权限，请先开通云服务' : cause;
}

const refusalText = (code: number, text: string): string => `Error: ${codeText(code, text)}`;

const codeText = (code: number, text: string): string =>
  `errCode: ${code} ${DESCRIPTIONS[code] ?? ''} | errMsg: ${text}`;

function functionText(
  form: Env['profile']['cloudFailures'],
  { errCode, text, requestID, callId }: { errCode: number; text: string; requestID?: string; callId: string },
): string {
  if (form === 'v2_30') {
    const ids = `(requestId ${requestID}, callid ${callId})`;
    const head = `${FUNCTION_FAILED} ${DESCRIPTIONS[FUNCTION_FAILED]}.`;
    return errCode === -504002
      ? `${head} 云函数执行错误\n云端堆栈信息(error stack)${ids}:\n${text}`
      : `${head} \n云函数调用失败${ids}:\n${errCode} ${text}`;
  }
  const said = `requestID ${requestID}, cloud function service error code ${errCode}, error message ${text}`;
  return form === 'v2_3' ? said : `${said} (callid ${callId})`;
}

/** With the code in front of the text. */
function plainError(env: Env, errCode: number, errMsg: string): Error {
  const requestID = env.profile.generation === 'new' ? { requestID: undefined } : {};
  return realmError(env, codeText(errCode, errMsg), { errCode, errMsg, ...requestID });
}

/** With the member's name in front, and until 2.30.3 behind it too. */
function wrappedError(env: Env, name: string, errCode: number, text: string): Error {
  if (env.profile.cloudFailures === 'v2_30') {
    const errMsg = `${name}:fail ${text}`;
    return realmError(env, errMsg, { errCode, errMsg });
  }
  const errMsg = `${name}:fail ${text}; at ${name} api; `;
  return realmError(env, codeText(errCode, errMsg), { errCode, errMsg });
}

/** The storage's own: 2.30.3 looks for a description that it has not. */
const transferError = (env: Env, name: string, text: string): Error =>
  wrappedError(env, name, NO_CODE, env.profile.cloudFailures === 'v2_30' ? `undefined . ${text}` : text);

/** Local time without zero padding, as in the trace of the service market (protocol 7). */
function traceText(trace: TraceEntry[]): string {
  return trace
    .map(({ at, text }) => {
      const time = new Date(at);
      return `${time.getHours()}:${time.getMinutes()}:${time.getSeconds()} ${text}`;
    })
    .join('->');
}
