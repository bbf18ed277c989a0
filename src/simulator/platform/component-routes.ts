import type { Any } from '../types';
import type { ComponentAccount } from './component';
import { demand, OK } from './route';
import type { Platform, RouteCall, Routes } from './route';

/** What an app of these tests grants: among others the service market (66, 67). */
const GRANTED = [17, 18, 19, 66, 67].map((id) => ({ funcscope_category: { id } }));

function componentOf({ component }: Platform): ComponentAccount {
  demand(component, 61011, 'invalid component');
  return component as ComponentAccount;
}

/** Either name of the token is documented. @throws PlatformError */
function authenticated(platform: Platform, { query, json }: RouteCall): [ComponentAccount, Any] {
  const component = componentOf(platform);
  const body = json();
  component.check(query.component_access_token ?? query.access_token, body.component_appid);
  return [component, body];
}

/** The calls of a third-party platform (protocol 18). */
export const componentRoutes: Routes = {
  '/cgi-bin/component/api_start_push_ticket': {
    method: 'POST',
    token: 'none',
    answer(platform, call) {
      const component = componentOf(platform);
      const { component_appid: appid, component_secret: secret } = call.json();
      component.authenticate(appid, secret);
      void component.sendTicket();
      return OK;
    },
  },
  '/cgi-bin/component/api_component_token': {
    method: 'POST',
    token: 'none',
    answer(platform, call) {
      const component = componentOf(platform);
      const body = call.json();
      component.authenticate(body.component_appid, body.component_appsecret);
      component.checkTicket(body.component_verify_ticket);
      const { appid } = component.settings;
      const { access_token: token, expires_in } = platform.tokens.refresh({ appid }, 'component');
      return { component_access_token: token, expires_in };
    },
  },
  '/cgi-bin/component/api_query_auth': {
    method: 'POST',
    token: 'none',
    answer(platform, call) {
      const [component, { authorization_code: code }] = authenticated(platform, call);
      const appid = component.redeem(code);
      return {
        authorization_info: {
          authorizer_appid: appid,
          ...component.accessToken(appid),
          func_info: GRANTED,
        },
      };
    },
  },
  '/cgi-bin/component/api_authorizer_token': {
    method: 'POST',
    token: 'none',
    answer(platform, call) {
      const [component, body] = authenticated(platform, call);
      return component.refresh(String(body.authorizer_appid), body.authorizer_refresh_token);
    },
  },
  '/cgi-bin/component/api_get_authorizer_info': {
    method: 'POST',
    token: 'none',
    answer(platform, call) {
      const [component, { authorizer_appid: appid }] = authenticated(platform, call);
      component.demandAuthorized(appid);
      return {
        authorizer_info: { nick_name: 'An app', user_name: 'gh_app' },
        authorization_info: {
          authorizer_appid: appid as string,
          authorizer_refresh_token: component.refreshTokenOf(appid as string),
          func_info: GRANTED,
        },
      };
    },
  },
  '/sns/component/jscode2session': {
    method: 'GET',
    token: 'none',
    answer(platform, { query }) {
      const component = componentOf(platform);
      demand(query.grant_type === 'authorization_code', 40002, 'invalid grant_type');
      component.check(query.component_access_token, query.component_appid);
      component.demandAuthorized(query.appid);
      return platform.usersOf(query.appid).redeem(query.js_code);
    },
  },
};
