'use strict';

const { Buffer } = require('buffer');
const http = require('http');
const https = require('https');

const PLATFORM = 'https://api.weixin.qq.com';
const INVALID_TOKEN = [40001, 42001];
/** The third only with a token that another run has got, which has so ended the fresh one. */
const TRIES = 3;
/** While a connection is made: the request has not left. On a connection that was there, it may have. */
const UNREACHED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];
/** Ms for a request with its whole answer: a call with its tokens ends within the 60 s that the function may run. */
const TIMEOUT = 45000;
const TOKEN_TIMEOUT = 5000;

/** An Error with `neverLeft`: nothing was sent; with `reply`: the platform's refusal; with neither: unknown. */
function failure(message, details) {
  return Object.assign(new Error(message), details);
}

/**
 * @param baseUrl - of the platform's server
 * @returns sends JSON, or asks with GET where there is none, and gives the answer's object; once, within so many
 *   ms. Its errors never name the path, which may hold a secret
 */
function createSend(baseUrl = PLATFORM) {
  const { request: open } = baseUrl.startsWith('http:') ? http : https;
  return (path, body, timeout = TIMEOUT) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      const options = { method: body === undefined ? 'GET' : 'POST', headers };
      let isConnected = false;
      const request = open(new URL(baseUrl.replace(/\/+$/, '') + path), options, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode !== 200) return reject(failure(`HTTP ${response.statusCode}`));
          try {
            resolve(Object(JSON.parse(Buffer.concat(chunks).toString())));
          } catch {
            reject(failure('the answer is no JSON'));
          }
        });
      });
      request.on('socket', (socket) => {
        isConnected = !socket.connecting;
        if (!isConnected) socket.once('connect', () => (isConnected = true));
      });
      const timer = setTimeout(() => request.destroy(failure('no answer')), timeout);
      request.on('close', () => clearTimeout(timer));
      request.on('error', (error) => {
        const neverLeft = !isConnected && UNREACHED.includes(error.code);
        reject(neverLeft ? failure(error.code, { neverLeft }) : error);
      });
      request.end(text);
    });
}

/** @returns the access token of an app by `stable_token`, which gives every caller the same */
function createTokens(send, { appid, secret }) {
  let token;
  let fetching;
  /**
   * @param refused - the token that does not work any more
   * @param mayForce - false: it is given again where the platform has no other
   */
  return async (refused, mayForce) => {
    if (token && token.value !== refused && token.until > Date.now()) return token.value;
    // One for all who ask meanwhile.
    fetching = fetching || replace(refused, mayForce).finally(() => (fetching = undefined));
    return fetching;
  };

  async function replace(refused, mayForce) {
    token = await fetchToken(false);
    // Forced only where the refused one would be given for ever: each force ends what other runs have just got.
    if (token.value === refused && mayForce) token = await fetchToken(true);
    return token.value;
  }

  async function fetchToken(isForced) {
    const credential = { grant_type: 'client_credential', appid, secret, force_refresh: isForced };
    const {
      access_token: value,
      expires_in: life,
      errcode,
    } = await send('/cgi-bin/stable_token', credential, TOKEN_TIMEOUT);
    if (!value) throw failure(`no access token: ${errcode}`);
    return { value, until: Date.now() + (life - 300) * 1000 };
  }
}

/**
 * The service market by HTTPS.
 *
 * @param send - see createSend
 * @param getToken - gives an access token; see createTokens
 */
function createServiceMarket(send, getToken) {
  return {
    invoke: (call) => post('/wxa/servicemarket', call),
    retrieve: (requestId) => post('/wxa/servicemarketretrieve', { request_id: requestId }),
  };

  async function post(path, body) {
    let refused;
    for (let tries = 0; tries < TRIES; tries++) {
      const token = await tokenBut(refused, tries === 1);
      if (token === refused) break;
      const reply = await send(`${path}?access_token=${encodeURIComponent(token)}`, body);
      if (!INVALID_TOKEN.includes(reply.errcode)) {
        const { errcode = 0, errmsg = 'ok', ...rest } = reply;
        return { ...rest, errcode, errmsg };
      }
      refused = token;
    }
    throw failure('the token was refused', { neverLeft: true });
  }

  async function tokenBut(refused, mayForce) {
    try {
      return await getToken(refused, mayForce);
    } catch {
      throw failure('no access token', { neverLeft: true });
    }
  }
}

module.exports = { createSend, createServiceMarket, createTokens, failure };
