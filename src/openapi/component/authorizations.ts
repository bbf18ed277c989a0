import { createHash } from 'node:crypto';
import { OpenApiError } from '../open-api-error';
import { SharedToken } from '../shared-token';
import { readToken } from '../token-request';
import type { AccessToken, TokenStore } from '../token-store';
import { tokensInVault, type Vault, VaultError } from './vault';

/** What the platform answers to a call of the third-party platform. Each names itself as its documentation does. */
export type AskPlatform = (
  call: string,
  path: string,
  body: Record<string, string>,
  secrets: readonly string[],
) => Promise<Record<string, unknown>>;

/** What is kept of an app that has authorized the third-party platform. */
interface Authorization {
  refreshToken: string;
  /** Unix seconds. */
  authorizedAt: number;
}

const REFRESH = 'component.getAuthorizerAccessToken';
const EXCHANGE = 'component.getAuthorizerRefreshToken';
const DETAILS = 'component.getAuthorizerInfo';
/** Longer than the platform accepts an authorization code. */
const CODE_TTL_MS = 24 * 3600 * 1000;
const GRANT_ADVICE =
  'The app may have granted no calls. Have its owner grant permission set 67, the service market (66 for an official ' +
  'account), and authorize again.';
const REFRESH_TOKEN_REFUSED = 61023;
/** The code was used before, or has ended. */
const CODE_REFUSED = new Set<unknown>([61009, 61010]);

/** The apps that have authorized a third-party platform: their refresh tokens, and the access tokens that these get. */
export class Authorizations {
  private readonly tokens: TokenStore;

  /**
   * @param prefix - of the names in the vault; the third-party platform's own
   * @param now - the clock, in ms
   */
  constructor(
    private readonly ask: AskPlatform,
    private readonly vault: Vault,
    private readonly prefix: string,
    private readonly now: () => number,
  ) {
    this.tokens = tokensInVault(vault, now);
  }

  /** The access token of an app. It may be asked for before the app has authorized anything. */
  tokenOf(appid: string): SharedToken {
    const fetch = (): Promise<AccessToken> => this.refresh(appid);
    return new SharedToken({ call: REFRESH, key: this.tokenName(appid), fetch }, this.tokens, this.now);
  }

  async has(appid: string): Promise<boolean> {
    return (await this.vault.read(this.refreshName(appid))) !== undefined;
  }

  /**
   * Exchanges an authorization code, which the platform accepts once, for the app's refresh token, and keeps it.
   *
   * @param authorizedAt - Unix seconds
   * @param appid - of the app that has authorized, where it is known: it is asked for when its code was lost
   * @returns the app's appid; also for a code that was exchanged here before
   */
  exchange(code: string, authorizedAt: number, appid?: string): Promise<string> {
    const name = `${this.prefix}:code:${createHash('sha256').update(code).digest('hex')}`;
    return this.vault.exclusive(name, async () => {
      const known = await this.vault.readIfReadable(name);
      if (known !== undefined) return known;
      const authorizer = await this.exchangeOnce(code, authorizedAt, appid);
      await this.vault.write(name, authorizer, CODE_TTL_MS);
      return authorizer;
    });
  }

  /**
   * Takes over an app that has authorized already, whose event nobody here has seen.
   *
   * @param at - Unix seconds
   */
  async adopt(appid: string, at: number): Promise<void> {
    const none = new OpenApiError(DETAILS, `the answer has no refresh token. ${GRANT_ADVICE}`, {
      billing: 'none',
    });
    await this.begin(appid, { refreshToken: await this.recover(appid, none), authorizedAt: at });
  }

  /**
   * Forgets an app.
   *
   * @param removedAt - Unix seconds
   * @returns false where the app has authorized again since, so that nothing is forgotten
   */
  remove(appid: string, removedAt: number): Promise<boolean> {
    return this.vault.exclusive(this.tokenName(appid), async () => {
      const text = await this.vault.readIfReadable(this.refreshName(appid));
      if (text !== undefined && (JSON.parse(text) as Authorization).authorizedAt > removedAt) return false;
      await this.vault.remove(this.refreshName(appid));
      await this.vault.remove(this.tokenName(appid));
      return true;
    });
  }

  private async exchangeOnce(code: string, authorizedAt: number, appid?: string): Promise<string> {
    let info: Record<string, unknown>;
    try {
      const path = '/cgi-bin/component/api_query_auth';
      const answer = await this.ask(EXCHANGE, path, { authorization_code: code }, [code]);
      info = Object(answer.authorization_info);
    } catch (error) {
      // Whoever exchanged it died before it was kept, or the event came late: the authorization is good all the same.
      if (appid === undefined || !CODE_REFUSED.has((error as OpenApiError).errcode)) throw error;
      const refreshToken = await this.recover(appid, error as OpenApiError);
      info = { authorizer_appid: appid, authorizer_refresh_token: refreshToken };
    }
    const { authorizer_appid: authorizer, authorizer_refresh_token: refreshToken } = info;
    if (typeof authorizer !== 'string' || typeof refreshToken !== 'string' || refreshToken === '') {
      throw new OpenApiError(EXCHANGE, `the answer has no refresh token. ${GRANT_ADVICE}`, {
        billing: 'none',
      });
    }
    if (appid !== undefined && authorizer !== appid) {
      throw new OpenApiError(EXCHANGE, 'the answer is for another app.', { billing: 'none' });
    }
    await this.begin(authorizer, { refreshToken, authorizedAt });
    return authorizer;
  }

  /** From now on the app's tokens are got by this authorization. */
  private begin(appid: string, { refreshToken, authorizedAt }: Authorization): Promise<void> {
    return this.vault.exclusive(this.tokenName(appid), async () => {
      // Events come in any order: an older one must not make the end between two authorizations count after the newer.
      const text = await this.vault.readIfReadable(this.refreshName(appid));
      const earlier = text === undefined ? 0 : (JSON.parse(text) as Authorization).authorizedAt;
      await this.keep(appid, { refreshToken, authorizedAt: Math.max(authorizedAt, earlier) });
      // One that was got by an earlier authorization may lack what this one grants.
      await this.vault.remove(this.tokenName(appid));
    });
  }

  /** Gets an access token by the refresh token. Is called while no other instance does. */
  private async refresh(appid: string): Promise<AccessToken> {
    const authorization = await this.read(appid);
    let used = authorization.refreshToken;
    const answer = await this.askForToken(appid, used).catch(async (error: OpenApiError) => {
      if (error.errcode !== REFRESH_TOKEN_REFUSED) throw error;
      used = await this.recover(appid, error, used);
      return this.askForToken(appid, used);
    });
    const token = readToken(REFRESH, answer.authorizer_access_token, answer.expires_in, this.now());
    const { authorizer_refresh_token: rotated } = answer;
    // Before the token is used: without the newest refresh token there is no next one. It is kept although it is the same,
    // by the newest key.
    const refreshToken = typeof rotated === 'string' && rotated !== '' ? rotated : used;
    await this.keep(appid, { ...authorization, refreshToken });
    return token;
  }

  private askForToken(appid: string, refreshToken: string): Promise<Record<string, unknown>> {
    const body = { authorizer_appid: appid, authorizer_refresh_token: refreshToken };
    return this.ask(REFRESH, '/cgi-bin/component/api_authorizer_token', body, [refreshToken]);
  }

  /**
   * Asks the platform for the refresh token of an app whose own was lost: an answer that held a new one may not have come,
   * or was not kept.
   *
   * @param cause - what is thrown where the platform has no other
   * @param lost - the one that does not work
   */
  private async recover(appid: string, cause: OpenApiError, lost?: string): Promise<string> {
    const path = '/cgi-bin/component/api_get_authorizer_info';
    const answer = await this.ask(DETAILS, path, { authorizer_appid: appid }, []);
    const { authorizer_refresh_token: found } = Object(answer.authorization_info) as Record<string, unknown>;
    if (typeof found !== 'string' || found === '' || found === lost) throw cause;
    return found;
  }

  private async read(appid: string): Promise<Authorization> {
    const text = await this.vault.read(this.refreshName(appid)).catch((error: unknown) => {
      if (error instanceof VaultError) throw new OpenApiError(REFRESH, error.message, { billing: 'none' });
      throw error;
    });
    if (text !== undefined) return JSON.parse(text) as Authorization;
    const reason =
      `${appid} has not authorized this third-party platform, or has taken that back. ` +
      'Have its owner authorize it; the platform then pushes "authorized", or call authorize(code).';
    throw new OpenApiError(REFRESH, reason, { billing: 'none' });
  }

  private keep(appid: string, authorization: Authorization): Promise<void> {
    return this.vault.write(this.refreshName(appid), JSON.stringify(authorization));
  }

  private refreshName(appid: string): string {
    return `${this.prefix}:refresh:${appid}`;
  }

  private tokenName(appid: string): string {
    return `${this.prefix}:token:${appid}`;
  }
}
