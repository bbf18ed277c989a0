import type { Answer, Send } from './http-client';
import { OpenApiError } from './open-api-error';
import { readJson } from './read-json';
import type { AccessToken, TokenStore } from './token-store';

export interface Account {
  appid: string;
  secret: string;
}

/** `stable`: POST /cgi-bin/stable_token, the same for every caller. `plain`: GET /cgi-bin/token. */
export type TokenMode = 'stable' | 'plain';

/** A token is not handed out any more this long before it expires, or half its life if that is less. */
const MARGIN_MS = 300_000;

const CALL = 'auth.getAccessToken';

/** Gives the access token of one account. */
export interface TokenHolder {
  /**
   * @returns a token that should work
   * @throws OpenApiError with billing `none`
   */
  get(): Promise<AccessToken>;
  /**
   * @param refused - the token that does not work any more; when another caller has replaced it already, that one is
   *   returned
   * @param mayForce - false: the refused one is returned where the platform has no other
   */
  renew(refused: string | undefined, mayForce?: boolean): Promise<AccessToken>;
}

/** The access token of one account: cached, fetched by one caller at a time, shared through the store. */
export class AccessTokens implements TokenHolder {
  private readonly account: Account;
  private readonly send: Send;
  private readonly store: TokenStore;
  private readonly mode: TokenMode;
  private readonly now: () => number;
  private fetching: Promise<AccessToken> | undefined;

  constructor(account: Account, send: Send, store: TokenStore, mode: TokenMode, now: () => number) {
    this.account = account;
    this.send = send;
    this.store = store;
    this.mode = mode;
    this.now = now;
  }

  async get(): Promise<AccessToken> {
    const token = await this.store.read(this.account.appid).catch(storeFailed);
    return token && token.expiresAt > this.now() ? token : this.renew(token?.value);
  }

  async renew(refused: string | undefined, mayForce = true): Promise<AccessToken> {
    this.fetching ??= this.replace(refused, mayForce)
      .catch(storeFailed)
      .finally(() => {
        this.fetching = undefined;
      });
    return this.fetching;
  }

  private replace(refused: string | undefined, mayForce: boolean): Promise<AccessToken> {
    return this.store.exclusive(this.account.appid, async () => {
      const current = await this.store.read(this.account.appid);
      if (current && current.value !== refused && current.expiresAt > this.now()) return current;
      const expired = current !== undefined && current.expiresAt <= this.now();
      const given = await this.fetch(false);
      // Forced only where the platform would give the refused one for ever: each force ends the token that
      // another holder has just got, and the platform permits few.
      const token = given.value === refused && !expired && mayForce ? await this.fetch(true) : given;
      await this.store.write(this.account.appid, token);
      return token;
    });
  }

  /** @param force - the platform must make a new one, because the one it would give again was refused */
  private async fetch(force: boolean): Promise<AccessToken> {
    const { appid, secret } = this.account;
    const credential = { grant_type: 'client_credential', appid, secret };
    const answer = await this.send(
      CALL,
      this.mode === 'stable'
        ? {
            method: 'POST',
            path: '/cgi-bin/stable_token',
            query: {},
            body: JSON.stringify({ ...credential, force_refresh: force }),
          }
        : { method: 'GET', path: '/cgi-bin/token', query: credential },
    ).catch((error: OpenApiError) => {
      throw new OpenApiError(CALL, error.reason, { billing: 'none', timedOut: error.timedOut });
    });
    const { access_token: value, expires_in: life } = this.read(answer);
    if (typeof value !== 'string' || typeof life !== 'number') {
      throw new OpenApiError(CALL, 'the answer has no token.', { billing: 'none' });
    }
    return { value, expiresAt: this.now() + life * 1000 - Math.min(MARGIN_MS, life * 500) };
  }

  /** The platform's text goes into logs, and it may repeat the secret that it was sent. */
  private read(answer: Answer): Record<string, unknown> {
    try {
      return readJson(CALL, answer, 'none');
    } catch (error) {
      const { reason, errcode, errmsg } = error as OpenApiError;
      const redact = (text: string): string => text.split(this.account.secret).join('***');
      throw new OpenApiError(CALL, redact(reason), {
        errcode,
        errmsg: errmsg && redact(errmsg),
        billing: 'none',
      });
    }
  }
}

/** Without a token nothing was sent, whatever the store's failure. */
function storeFailed(cause: unknown): never {
  if (cause instanceof OpenApiError) throw cause;
  throw new OpenApiError(CALL, 'the token store failed.', { billing: 'none', cause });
}
