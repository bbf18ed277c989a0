'use strict';

const { Buffer } = require('buffer');
const https = require('https');

/** Codes of the cloud itself, not of the service market; what they say of the call is not known … */
const CLOUD_CODE = -400000;
/** … except: no such call, and no permission for it. */
const NEVER_LEFT = [-604100, -604101];
const INVALID_TOKEN = [40001, 42001];
const UNREACHED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];
const TIMEOUT = 50000;

/**
 * The service market: by cloud call, which needs no secret; long tasks by HTTPS, because asking for their
 * result has no cloud call.
 */
function createPlatform(cloud, env) {
  const { WX_APPID: appid, WX_SECRET: secret } = env;
  const hasSecret = Boolean(appid && secret);
  const host = env.WX_API_HOST || 'api.weixin.qq.com';
  let token;

  return {
    hasSecret,

    /** @throws an Error with `reply` (the platform's refusal), with `neverLeft`, or with neither: unknown */
    invoke(call, isAsync) {
      return isAsync ? post('/wxa/servicemarket', { ...call, async: true }) : callCloud(call);
    },

    retrieve(requestId) {
      return post('/wxa/servicemarketretrieve', { request_id: requestId });
    },
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
      if (NEVER_LEFT.includes(code)) throw failure(error.errMsg, { neverLeft: true });
      if (typeof code !== 'number' || code <= CLOUD_CODE) throw failure(error.errMsg || error.message);
      throw failure(error.errMsg, { reply: { errcode: code, errmsg: error.errMsg } });
    }
  }

  async function post(path, body) {
    const first = await send(`${path}?access_token=${await fetchToken(false)}`, body);
    const reply = INVALID_TOKEN.includes(first.errcode)
      ? await send(`${path}?access_token=${await fetchToken(true)}`, body)
      : first;
    if (INVALID_TOKEN.includes(reply.errcode)) throw failure('the token was refused', { neverLeft: true });
    const { errcode = 0, errmsg = 'ok', ...rest } = reply;
    return { ...rest, errcode, errmsg };
  }

  async function fetchToken(force) {
    if (!force && token && token.until > Date.now()) return token.value;
    let reply;
    try {
      const credential = { grant_type: 'client_credential', appid, secret, force_refresh: force };
      reply = await send('/cgi-bin/stable_token', credential);
    } catch {
      throw failure('no access token', { neverLeft: true });
    }
    if (!reply.access_token) throw failure(`no access token: ${reply.errcode}`, { neverLeft: true });
    token = { value: reply.access_token, until: Date.now() + (reply.expires_in - 300) * 1000 };
    return token.value;
  }

  /** Sends once. An answer that cannot be read is an Error. */
  function send(path, body) {
    return new Promise((resolve, reject) => {
      const text = JSON.stringify(body);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      const request = https.request({ host, path, method: 'POST', headers, timeout: TIMEOUT }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          try {
            resolve(Object(JSON.parse(Buffer.concat(chunks).toString())));
          } catch {
            reject(failure('the answer is no JSON'));
          }
        });
      });
      request.on('timeout', () => request.destroy(failure('no answer')));
      request.on('error', (error) =>
        reject(UNREACHED.includes(error.code) ? failure(error.code, { neverLeft: true }) : error),
      );
      request.end(text);
    });
  }
}

function failure(message, details) {
  return Object.assign(new Error(message), details);
}

module.exports = { createPlatform };
