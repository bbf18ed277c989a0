'use strict';

const { URLSearchParams } = require('url');
const { createSend, createTokens, failure } = require('./https');

/** The platform's words for a login code that is invalid, used, or of a user who is blocked. */
const REFUSED = [40029, 40163, 40226];

/**
 * How the app proves itself to the platform: by vk-unicloud, which has a secret and shares its tokens with the
 * rest of the project, else by a secret of its own. No error holds a secret.
 *
 * @param env - environment variables
 * @param vk - an instance of vk-unicloud, or undefined
 * @param createConfig - uni-config-center, or undefined
 * @returns `send` (https.js), `getToken(refused, mayForce)` (https.js), and `getOpenid(code)`, which gives undefined for a code that
 *   is refused; or undefined where there is no secret
 */
function findAccount(env, vk, createConfig) {
  const send = createSend(env.WX_API_URL);
  if (vk) return { send, ...byFramework(vk.openapi.weixin.auth) };
  const configured = createConfig ? createConfig({ pluginId: 'servicemarket' }).config() : {};
  const appid = env.WX_APPID || configured.appid;
  const secret = env.WX_SECRET || configured.secret;
  return appid && secret ? { send, ...bySecret(send, { appid, secret }) } : undefined;
}

function bySecret(send, { appid, secret }) {
  return {
    getToken: createTokens(send, { appid, secret }),

    async getOpenid(code) {
      const query = new URLSearchParams({ appid, secret, js_code: code, grant_type: 'authorization_code' });
      return openidOf(await send(`/sns/jscode2session?${query}`));
    },
  };
}

function byFramework(auth) {
  return {
    async getToken(refused, mayForce) {
      const token = await tokenOf(true);
      // Somebody may have replaced it already.
      return token === refused && mayForce ? tokenOf(false) : token;
    },

    async getOpenid(code) {
      let session;
      try {
        session = await auth.code2Session({ js_code: code });
      } catch (error) {
        // Its text is not passed on: nobody knows what it holds.
        session = { errcode: Object(error).errcode, code: Object(error).code };
      }
      return openidOf(Object(session));
    },
  };

  async function tokenOf(cache) {
    const token = await auth.getAccessToken({ cache });
    return typeof token === 'string' ? token : token.access_token;
  }
}

function openidOf({ openid, errcode, code }) {
  if (openid) return openid;
  if (REFUSED.includes(errcode || code)) return undefined;
  throw failure(`no session: ${errcode || code}`);
}

module.exports = { findAccount };
