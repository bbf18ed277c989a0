'use strict';

const { randomUUID } = require('crypto');
const { createCalls } = require('./calls');
const { createDatabase } = require('./database');
const { createFiles } = require('./files');
const { compose, readRequest } = require('./http');
const { createServiceMarket } = require('./https');
const { createInvocations } = require('./invocations');
const { Refusal } = require('./refusal');
const { createRoutes } = require('./routes');
const { createSessions } = require('./sessions');

/** What needs no session. */
const OPEN = ['GET healthz', 'POST session'];

/**
 * The HTTPS relay as a function with a URL: the same paths, answers and refusals.
 *
 * @param cloud - uniCloud
 * @param settings - the content of settings.json
 * @param account - see account.js; without any, every request is refused
 * @returns `main` of the function
 */
function createRelay(cloud, settings, account) {
  const database = createDatabase(cloud);
  const calls = createCalls(database);
  const sessions = createSessions(database);
  const files = createFiles(cloud, database);
  const invocations = account && createInvocations(calls, platformOf(account), settings);
  const parts = { account, calls, files, invocations, sessions };
  const routes = createRoutes(parts, settings, (text) => cloud.logger.warn(text));

  async function answer(request) {
    const { path, method, token } = request;
    const methods = ownOf(routes, path);
    if (!methods) throw new Refusal(404, -1, 'Failed to answer: there is no such path.');
    const handle = ownOf(methods, method);
    if (!handle) throw notAllowed(methods);
    if (!account) {
      const fix = 'Its owner has to give it appid and secret';
      throw new Refusal(503, -2, `Failed to answer: this relay has no account. ${fix}.`);
    }
    if (OPEN.includes(`${method} ${path}`)) return handle(request);
    const user = token && (await findUser(token));
    if (user) return handle(request, user);
    throw new Refusal(
      401,
      40001,
      'Failed to accept the request: no valid session. Get one by POST /session.',
    );
  }

  async function findUser(token) {
    try {
      return await sessions.find(token);
    } catch (cause) {
      const text = 'Failed to accept the request: its session cannot be looked up. Try again later.';
      throw new Refusal(503, -2, text, { cause });
    }
  }

  async function serve(request) {
    const requestId = randomUUID();
    const headers = { 'x-request-id': requestId };
    try {
      return compose(200, await answer(request), headers);
    } catch (error) {
      const refusal = error instanceof Refusal ? error : fault(request);
      const cause = refusal === error ? error.cause : error;
      if (cause) cloud.logger.error(requestId, cause.stack);
      const { statusCode, retryAfter } = refusal;
      if (statusCode === 401) headers['www-authenticate'] = 'Bearer';
      if (statusCode === 405) headers.allow = refusal.allow;
      if (retryAfter) headers['retry-after'] = String(retryAfter);
      return compose(statusCode, { ...refusal.reply(), request_id: requestId }, headers);
    }
  }

  async function sweep() {
    await sessions.sweep();
    await calls.sweep();
    await files.sweep();
  }

  return async function main(event, context) {
    if (context.SOURCE === 'timing') return sweep();
    // By callFunction a client could give itself any address.
    if (context.SOURCE !== 'http')
      throw new Error('Failed to answer: this function is called by its URL only.');
    return serve(readRequest(event, context));
  };
}

function platformOf({ send, getToken }) {
  const market = createServiceMarket(send, getToken);
  return {
    hasSecret: true,
    invoke: (call, isAsync) => market.invoke(isAsync ? { ...call, async: true } : call),
    retrieve: market.retrieve,
  };
}

function ownOf(object, name) {
  return Object.prototype.hasOwnProperty.call(object, name) ? object[name] : undefined;
}

function notAllowed(methods) {
  const allow = Object.keys(methods).join(', ');
  const refusal = new Refusal(405, -1, `Failed to answer: this path takes ${allow} only.`);
  return Object.assign(refusal, { allow });
}

/** Calls alone are billed: of any other path no failure can be. */
function fault({ path }) {
  const text = 'Failed to answer: an error inside the relay. Its log names this request id.';
  return new Refusal(500, -2, text, { billing: path === 'invoke' ? 'unknown' : 'none' });
}

module.exports = { createRelay };
