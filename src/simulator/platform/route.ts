import type { MarketServer } from '../market/market';
import type { Any } from '../types';
import type { ComponentAccount } from './component';
import type { Tokens } from './tokens';
import { PlatformError } from './types';
import type { PlatformOptions } from './types';
import type { Users } from './users';

/** What routes work with. */
export interface Platform {
  options: PlatformOptions;
  tokens: Tokens;
  /** The users of an app. */
  usersOf(appid: string): Users;
  /** A third-party platform. */
  component?: ComponentAccount;
  market: MarketServer;
}

export interface RouteCall {
  query: Record<string, string>;
  /** A file of a multipart body; undefined where there is none of that name. */
  file(name: string): Promise<Blob | undefined>;
  /** The body as JSON. @throws PlatformError 47001 */
  json(): Any;
  /** The appid of the call's access token. */
  appid: string;
}

/** Bytes with their type, in place of a JSON answer. */
export interface Binary {
  type: string;
  bytes: Uint8Array;
}

export interface Route {
  method: 'GET' | 'POST';
  /** Whether the query must carry a good access token, and of which account. @default 'mini' */
  token?: 'none' | 'mini' | 'official';
  answer(platform: Platform, call: RouteCall): object | Promise<object>;
}

export type Routes = Record<string, Route>;

export const OK = { errcode: 0, errmsg: 'ok' };

/** @throws PlatformError when `good` is false */
export function demand(good: unknown, errcode: number, errmsg: string): void {
  if (!good) throw new PlatformError(errcode, errmsg);
}

/** @throws PlatformError 41030 when the mini-program has no such page */
export function demandPage({ options }: Platform, page: unknown): void {
  const path = String(page ?? '').split('?')[0];
  demand(!path || !options.pages || options.pages.includes(path), 41030, 'invalid page');
}
