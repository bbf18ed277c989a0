import { expectKind, refuse, runCallbacks } from '../apis/callbacks';
import { isFailure, NativeFailure } from '../client/natives';
import type { Reply } from '../client/natives';
import type { Env } from '../host/env';
import { parsedOr, randomWord } from '../text';
import type { Any } from '../types';

/** The api names that belong to the service market; others always work and answer `{}`. */
const SERVICE_MARKET = /^webapi_servicemarket_/;

/** What a plugin's `wx.login` calls (protocol 12.6). */
export const PLUGIN_LOGIN = 'webapi_plugin_login';

const API = 'operateWXData';

/** A plugin's calls carry its appid beside the request (protocol 12.6 and 12.8). */
export interface Authority {
  pluginAppid?: string;
}

export interface BridgeCall {
  apiName: string;
  request: Any;
  /** True for page code's own calls, false for the library's. */
  direct: boolean;
  authority: Authority;
  /** What crosses beside `data`. */
  extra: Record<string, unknown>;
}

/** A decoded reply; `data` is undefined where `reply.data` was missing or unreadable. */
type BridgeReply = Reply & { data?: Any };

/** One native operateWXData; `settle` gets the reply as it crossed. */
export function operateNative(env: Env, call: BridgeCall, settle: (reply: Reply) => void): void {
  const { apiName, direct, authority, extra } = call;
  // Only JSON crosses this line.
  const request = JSON.parse(JSON.stringify(call.request ?? {})) as unknown;
  const plugin = authority.pluginAppid === undefined ? {} : { plugin_appid: authority.pluginAppid };
  const params = {
    data: { api_name: apiName, data: request, operate_directly: direct, ...plugin },
    ...extra,
  };
  env.natives.call(
    API,
    params,
    () => perform(env, call, request),
    settle,
    (reply) => pack(env, reply),
  );
}

async function perform(
  env: Env,
  { apiName, direct, authority }: BridgeCall,
  request: unknown,
): Promise<unknown> {
  if (apiName === PLUGIN_LOGIN) return { body: JSON.stringify({ code: `code-${randomWord()}` }) };
  if (!SERVICE_MARKET.test(apiName)) return { body: '{}' };
  if (direct && env.permissions.bridge === 'denied') throw new NativeFailure('permission denied');
  const channel = direct ? 'bridge' : 'native';
  const sender = { channel, appid: env.appid, pluginAppid: authority.pluginAppid } as const;
  return { body: await env.market.handle(sender, apiName, request) };
}

/** android passes `reply.data` as a JSON string, ios and devtools as an object (protocol 6). */
function pack(env: Env, reply: Reply): Reply {
  const { body, ...rest } = reply;
  if ('rawReply' in rest) {
    const { rawReply, ...others } = rest;
    return rawReply === undefined ? others : ({ ...others, data: rawReply } as Reply);
  }
  return {
    ...rest,
    data: env.platform === 'android' ? JSON.stringify({ data: body }) : { data: body },
  } as Reply;
}

/** `reply.data` as the library reads it: a string on android, an object elsewhere. */
export function unpack(env: Env, reply: Reply): { data: Any; readable: boolean } {
  const { data } = reply as BridgeReply;
  if (env.platform !== 'android') return { data, readable: data !== null && typeof data === 'object' };
  const parsed = typeof data === 'string' ? parsedOr(data, undefined) : undefined;
  return { data: parsed, readable: parsed !== undefined && parsed !== null };
}

/** `wx.operateWXData` as pages have it (protocol 9). */
export function operateWXData(env: Env, authority: Authority): (args: Any) => undefined {
  return (args) => {
    try {
      expectKind(args, 'apiName', ['String']);
    } catch (error) {
      refuse(env, API, error, (reply) => runCallbacks(env, args, reply));
      return undefined;
    }
    const { apiName, reqData } = args as { apiName: string; reqData?: unknown };
    const leaked = env.profile.looseBridge ? { apiName, reqData } : {};
    if (authority.pluginAppid !== undefined) Reflect.set(args as object, 'pluginId', authority.pluginAppid);
    const call = { apiName, request: reqData, direct: true, authority, extra: leaked };
    // protocol 12.6: 2.30.3 drops complete when success throws.
    const always = env.profile.looseBridge;
    operateNative(env, call, (reply) => {
      const answer = pageAnswer(env, reply);
      if (answer) runCallbacks(env, args, answer, always);
    });
    return undefined;
  };
}

/** What the callbacks of a page get; undefined where the library calls none (protocol 9). */
function pageAnswer(env: Env, reply: Reply): Reply | undefined {
  if (isFailure(reply)) return reply;
  const { data, readable } = unpack(env, reply);
  if (readable) return { errMsg: reply.errMsg, rawData: data.data as unknown, respData: data as unknown };
  if (env.profile.looseBridge) return { rawData: undefined, ...reply };
  const raw = (reply as BridgeReply).data as unknown;
  if (raw === undefined) return undefined;
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
  return { errMsg: `${API}:fail json parse error, json="${text}"` };
}

/** Whether pages of this host have `wx.operateWXData` at all. */
export const hasBridge = (env: Env): boolean => env.permissions.bridge !== 'absent';
