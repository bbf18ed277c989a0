import { randomWord } from '../text';
import { PlatformError } from './types';
import type { Account } from './types';

interface Token {
  value: string;
  appid: string;
  expiresAt: number;
  valid: boolean;
  /** stable_token, token and the third-party platform do not disturb each other. */
  kind: 'plain' | 'stable' | 'component' | 'authorizer';
}

/** Access tokens of the known accounts (protocol 11 and 14). */
export class Tokens {
  readonly issued: Token[] = [];

  constructor(
    private readonly accounts: Account[],
    /** ms. */
    private readonly life: number,
  ) {}

  /** @throws PlatformError for a wrong appid or secret */
  authenticate(appid: unknown, secret: unknown): Account {
    if (!appid) throw new PlatformError(41002, 'appid missing');
    if (!secret) throw new PlatformError(41004, 'appsecret missing');
    const account = this.accounts.find((known) => known.appid === appid);
    if (!account) throw new PlatformError(40013, 'invalid appid');
    if (account.secret !== secret) throw new PlatformError(40125, 'invalid appsecret');
    return account;
  }

  /** A fresh token; the one before it is invalid from now on. */
  refresh(
    { appid }: Pick<Account, 'appid'>,
    kind: Token['kind'],
  ): { access_token: string; expires_in: number } {
    for (const token of this.issued) if (token.appid === appid && token.kind === kind) token.valid = false;
    const value = `token-${randomWord()}${randomWord()}`;
    this.issued.push({ value, appid, kind, valid: true, expiresAt: Date.now() + this.life });
    return { access_token: value, expires_in: Math.floor(this.life / 1000) };
  }

  /** The same token for every caller until it expires, unless a new one is forced. */
  stable(account: Account, force: boolean): { access_token: string; expires_in: number } {
    const current = this.issued.find(
      ({ appid, kind, valid, expiresAt }) =>
        appid === account.appid && kind === 'stable' && valid && expiresAt > Date.now(),
    );
    if (!current || force) return this.refresh(account, 'stable');
    return {
      access_token: current.value,
      expires_in: Math.floor((current.expiresAt - Date.now()) / 1000),
    };
  }

  /** The appid that a token speaks for. @throws PlatformError 41001, 40001 or 42001 */
  check(value: string | undefined): string {
    if (!value) throw new PlatformError(41001, 'access_token missing');
    const token = this.issued.find((known) => known.value === value);
    if (!token?.valid) {
      throw new PlatformError(40001, 'invalid credential, access_token is invalid or not latest');
    }
    if (token.expiresAt <= Date.now()) throw new PlatformError(42001, 'access_token expired');
    return token.appid;
  }

  /** Whether a third-party platform has got it for an app. */
  isAuthorizers(value: string): boolean {
    return this.issued.some((known) => known.value === value && known.kind === 'authorizer');
  }

  expireAll(): void {
    for (const token of this.issued) token.expiresAt = 0;
  }

  /** @param value - of one alone */
  revoke(value?: string): void {
    for (const token of this.issued) if (value === undefined || token.value === value) token.valid = false;
  }
}
