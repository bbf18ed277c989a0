import { MAX_TIMER_MS } from '../protocol';
import { AccessTokens, type Account, type TokenMode } from './access-tokens';
import type { AppAccount } from './app-account';
import { CALL_TABLE, type CallRow, type RemoteName } from './call-table';
import type { CallName, CallTypes } from './call-types';
import { COMPONENT_REFUSALS } from './component/refusals';
import { createSend, type Answer } from './http-client';
import { OpenApiError } from './open-api-error';
import { decryptPhoneNumber } from './phone-number';
import { readJson } from './read-json';
import { readSecurityKeys, type SecurityOptions } from './security/keys';
import { securedCalls } from './security/secured-calls';
import { createSecuredSend } from './security/secured-send';
import type { TokenHolder } from './shared-token';
import { MemoryTokenStore, type TokenStore } from './token-store';
import { withToken } from './with-token';

/** Options of `createOpenApi`. */
export interface OpenApiOptions {
  appid: string;
  /** The app's own; or else `account`. */
  secret?: string;
  /** What a third-party platform may do for the app: `component.forApp(appid)`. */
  account?: AppAccount;
  /** The official account, for calls with its token. */
  h5?: Account | AppAccount;
  /** @default 'https://api.weixin.qq.com' */
  baseUrl?: string;
  /** Encrypts and signs calls, for owners who have switched on API security in the console. @default plain calls */
  security?: SecurityOptions;
  /** @default 'stable' */
  tokenMode?: TokenMode;
  /** Ms for one answer. @default 60000 */
  timeout?: number;
  /** To share tokens between instances. @default this process alone */
  tokens?: TokenStore;
  /** The clock, in ms. @default Date.now */
  now?: () => number;
}

type Head<K> = K extends `${infer H}.${string}` ? H : K;
type Method<C> = C extends [infer A, infer R]
  ? object extends A
    ? (args?: A) => Promise<R>
    : (args: A) => Promise<R>
  : never;
type Tree<C> = {
  [H in Head<keyof C> & string]: H extends keyof C
    ? Method<C[H]>
    : Tree<{ [K in keyof C as K extends `${H}.${infer Rest}` ? Rest : never]: C[K] }>;
};

/** The platform's server calls by their names: `openApi.security.msgSecCheck({content})`. */
export type OpenApi = Tree<CallTypes>;

/** The tokens that a client has. */
const tokenHolders = new WeakMap<OpenApi, TokenHolder[]>();

/**
 * Calls `listener` for each access token that the client fetches; never for a client that is not `createOpenApi`'s.
 *
 * @returns what ends that
 */
export function onTokenFetch(openApi: OpenApi, listener: () => void): () => void {
  const ends = (tokenHolders.get(openApi) ?? []).map((holder) => holder.onFetch?.(listener));
  return () => ends.forEach((end) => end?.());
}

/**
 * A client of the platform's server. Every call is carried out once; only when its token was refused (40001, 40014,
 * 42001) it is sent again with a fresh one.
 *
 * @throws Each call: OpenApiError, which names the call
 * @example
 * const openApi = createOpenApi({ appid: process.env.WX_APPID, secret: process.env.WX_SECRET });
 * await openApi.security.msgSecCheck({ content: 'hello' });
 */
export function createOpenApi(options: OpenApiOptions): OpenApi {
  const { appid, h5, tokenMode = 'stable', now = Date.now } = options;
  const account = accountOf(options);
  const { timeout = 60_000 } = options;
  if (!Number.isSafeInteger(timeout) || timeout < 1 || timeout > MAX_TIMER_MS) {
    refuseOption(`"timeout" must be an integer from 1 to ${MAX_TIMER_MS}`);
  }
  const { baseUrl = 'https://api.weixin.qq.com', security } = options;
  const plainSend = createSend(baseUrl, timeout);
  const send = security
    ? createSecuredSend(plainSend, {
        keys: readSecurityKeys(security),
        calls: securedCalls(security.calls),
        appid,
        baseUrl,
        now,
      })
    : plainSend;
  const store = options.tokens ?? new MemoryTokenStore();
  const tokensOf = (owner: Account | AppAccount): TokenHolder =>
    'tokens' in owner ? owner.tokens : new AccessTokens(owner, send, store, tokenMode, now);
  const tokens = { app: tokensOf(account), h5: h5 && tokensOf(h5) };

  const calls: { [N in CallName]: (args: CallTypes[N][0]) => Promise<unknown> } = {
    ...(Object.fromEntries(
      Object.keys(CALL_TABLE).map((name) => [name, (args: never) => callRemote(name as RemoteName, args)]),
    ) as { [N in RemoteName]: (args: CallTypes[N][0]) => Promise<unknown> }),
    async 'auth.getAccessToken'({ cache = true } = {}) {
      const current = await tokens.app.get();
      const token = cache ? current : await tokens.app.renew(current.value);
      return { access_token: token.value, expires_in: Math.floor((token.expiresAt - now()) / 1000) };
    },
    async 'auth.code2Session'({ js_code }) {
      if ('tokens' in account) return account.code2Session({ js_code });
      const query = { ...account, js_code, grant_type: 'authorization_code' };
      const answer = await send('auth.code2Session', { method: 'GET', path: '/sns/jscode2session', query });
      return readJson('auth.code2Session', answer);
    },
    async 'decrypt.getPhoneNumber'(args) {
      return decryptPhoneNumber(appid, args);
    },
  };
  const openApi = asTree(calls) as OpenApi;
  tokenHolders.set(openApi, h5 ? [tokens.app, tokens.h5 as TokenHolder] : [tokens.app]);
  return openApi;

  async function callRemote<N extends RemoteName>(name: N, args: CallTypes[N][0]): Promise<unknown> {
    const row = CALL_TABLE[name] as CallRow<CallTypes[N][0]>;
    const fault = row.fault?.(args);
    if (fault) throw new OpenApiError(name, fault, { billing: 'none' });
    const holder = row.h5 === 'token' ? tokens.h5 : tokens.app;
    if (!holder || (row.h5 && !h5)) {
      throw new OpenApiError(name, 'it needs the official account. Give option "h5".', { billing: 'none' });
    }
    return withToken(holder, (token) => sendOnce(name, row, args, token));
  }

  async function sendOnce<A>(name: string, row: CallRow<A>, args: A, token: string): Promise<unknown> {
    const body = row.body?.(args, { appid, h5: h5?.appid }) ?? args ?? {};
    const answer = await send(name, {
      method: 'POST',
      path: row.path,
      query: { access_token: token },
      body: body instanceof FormData ? body : JSON.stringify(body),
    });
    return row.binary && !looksLikeJson(answer)
      ? { contentType: answer.contentType, buffer: answer.bytes }
      : readJson(name, answer, 'unknown', COMPONENT_REFUSALS);
  }
}

function accountOf({ appid, secret, account }: OpenApiOptions): Account | AppAccount {
  if (!appid || !secret === !account) refuseOption('"appid" and either "secret" or "account" are required');
  if (account && account.appid !== appid) refuseOption('"account" is that of another app than "appid"');
  return account ?? { appid, secret: secret as string };
}

function refuseOption(cause: string): never {
  throw new TypeError(`Failed to make the platform client: ${cause}.`);
}

function looksLikeJson({ contentType, bytes }: Answer): boolean {
  return /json|text\/plain/.test(contentType) || bytes[0] === '{'.charCodeAt(0);
}

function asTree(calls: Record<string, unknown>): object {
  const tree: Record<string, unknown> = {};
  for (const [name, call] of Object.entries(calls)) {
    const path = name.split('.');
    const last = path.pop() as string;
    let node = tree;
    for (const step of path) node = (node[step] ??= {}) as Record<string, unknown>;
    node[last] = call;
  }
  return tree;
}
