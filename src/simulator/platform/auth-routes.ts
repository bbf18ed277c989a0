import { demand } from './route';
import type { Routes } from './route';

/** Tokens and sessions. */
export const authRoutes: Routes = {
  '/cgi-bin/token': {
    method: 'GET',
    token: 'none',
    answer({ tokens }, { query }) {
      demand(query.grant_type === 'client_credential', 40002, 'invalid grant_type');
      return tokens.refresh(tokens.authenticate(query.appid, query.secret), 'plain');
    },
  },
  '/cgi-bin/stable_token': {
    method: 'POST',
    token: 'none',
    answer({ tokens }, call) {
      const { grant_type: type, appid, secret, force_refresh: force } = call.json();
      demand(type === 'client_credential', 40002, 'invalid grant_type');
      return tokens.stable(tokens.authenticate(appid, secret), force === true);
    },
  },
  '/sns/jscode2session': {
    method: 'GET',
    token: 'none',
    answer({ tokens, users, options }, { query }) {
      demand(query.grant_type === 'authorization_code', 40002, 'invalid grant_type');
      const { appid } = tokens.authenticate(query.appid, query.secret);
      demand(appid === options.appid, 40013, 'invalid appid');
      return users.redeem(query.js_code);
    },
  },
};
