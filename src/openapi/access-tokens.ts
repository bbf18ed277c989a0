import type { OutgoingRequest, Send } from './http-client';
import { SharedToken } from './shared-token';
import { readToken, requestTokens } from './token-request';
import type { AccessToken, TokenStore } from './token-store';

export interface Account {
  appid: string;
  secret: string;
}

/** `stable`: POST /cgi-bin/stable_token, the same for every caller. `plain`: GET /cgi-bin/token. */
export type TokenMode = 'stable' | 'plain';

const CALL = 'auth.getAccessToken';

/** The access token of one account, by its secret. */
export class AccessTokens extends SharedToken {
  constructor(account: Account, send: Send, store: TokenStore, mode: TokenMode, now: () => number) {
    const ask = async (force: boolean): Promise<AccessToken> => {
      const answer = await requestTokens(send, CALL, requestOf(account, mode, force), [account.secret]);
      return readToken(CALL, answer.access_token, answer.expires_in, now());
    };
    const fetch = async (refused: string | undefined): Promise<AccessToken> => {
      const given = await ask(false);
      // Forced only where the platform would give the refused one for ever: each force ends the token that
      // another holder has just got, and the platform permits few.
      return given.value === refused ? ask(true) : given;
    };
    super({ call: CALL, key: account.appid, fetch }, store, now);
  }
}

/** @param force - the platform must make a new one, because the one it would give again was refused */
function requestOf({ appid, secret }: Account, mode: TokenMode, force: boolean): OutgoingRequest {
  const credential = { grant_type: 'client_credential', appid, secret };
  if (mode === 'plain') return { method: 'GET', path: '/cgi-bin/token', query: credential };
  const body = JSON.stringify({ ...credential, force_refresh: force });
  return { method: 'POST', path: '/cgi-bin/stable_token', query: {}, body };
}
