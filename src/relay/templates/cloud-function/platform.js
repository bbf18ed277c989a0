'use strict';

const { createSend, createServiceMarket, createTokens, failure } = require('./https');

/** Codes of the cloud itself, not of the service market; what they say of the call is not known … */
const CLOUD_CODE = -400000;
/** … except: no such call, and no permission for it. */
const NEVER_LEFT = [-604100, -604101];
/** What the SDK puts before the platform's own words. */
const SDK_PREFIX = /^[\w.]+:fail /;

/**
 * The service market: by cloud call, which needs no secret; long tasks by HTTPS, because asking for their
 * result has no cloud call.
 */
function createPlatform(cloud, env) {
  const { WX_APPID: appid, WX_SECRET: secret } = env;
  const send = createSend(env.WX_API_URL);
  const market = createServiceMarket(send, createTokens(send, { appid, secret }));
  return {
    hasSecret: Boolean(appid && secret),

    /** @throws an Error as https.js says */
    invoke: (call, isAsync) => (isAsync ? market.invoke({ ...call, async: true }) : callCloud(call)),

    retrieve: market.retrieve,
  };

  async function callCloud(call) {
    try {
      // Keys stay as the page wrote them, as over HTTPS.
      const result = await cloud.openapi({ convertCase: false }).serviceMarket.invokeService(call);
      const reply = { ...result, errcode: 0, errmsg: 'ok' };
      delete reply.errCode;
      delete reply.errMsg;
      return reply;
    } catch (error) {
      const code = error.errCode;
      const text = String(error.errMsg || error.message).replace(SDK_PREFIX, '');
      if (NEVER_LEFT.includes(code)) throw failure(text, { neverLeft: true });
      if (typeof code !== 'number' || code <= CLOUD_CODE) throw failure(text);
      throw failure(text, { reply: { errcode: code, errmsg: text } });
    }
  }
}

module.exports = { createPlatform };
