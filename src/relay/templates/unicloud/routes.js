'use strict';

const { contentOf } = require('./files');
const { networkOf } = require('./network');
const { Refusal } = require('./refusal');
const { readUpload } = require('./upload');

const LIMITS = {
  filesPerHour: 300,
  bytesPerHour: 536870912,
  sessionsPerHour: 3000,
  maxFileSize: 20971520,
};
const CALL = ['service', 'api', 'data', 'client_msg_id', 'async'];
const LONGEST_CREDENTIAL = 8192;

/**
 * What each path does, by method: takes a request (http.js) and its user, gives the answer's body.
 *
 * @param parts - `account`, `calls`, `files`, `invocations`, `sessions`
 * @param settings - the content of settings.json
 * @param log - told what the client need not know
 */
function createRoutes({ account, calls, files, invocations, sessions }, settings, log) {
  const limits = { ...LIMITS, ...settings };
  return {
    healthz: { GET: check },
    session: { POST: signIn, DELETE: async ({ token }) => void (await sessions.revoke(token)) },
    files: { POST: storeFile },
    invoke: { POST: (request, user) => invocations.invoke(user, readCall(request), { content: contentOf }) },
    retrieve: { POST: (request, user) => invocations.retrieve(user, request.json(['request_id'])) },
  };

  async function check() {
    try {
      await calls.find('healthz');
    } catch (error) {
      log(error.message);
      throw new Refusal(503, -2, 'Failed to reach the database. The log names the cause.');
    }
    return { status: 'ok' };
  }

  async function signIn(request) {
    await take('sessions', networkOf(request.address), limits.sessionsPerHour);
    const { type, value } = Object(request.json(['credential']).credential);
    const isText = typeof type === 'string' && typeof value === 'string';
    if (!isText || value.length < 1 || value.length > LONGEST_CREDENTIAL) {
      throw new Refusal(400, -1, 'Failed to read the request: "credential" has to be {type, value}.');
    }
    const openid = type === 'wx' ? await identify(value) : undefined;
    if (openid) return sessions.create(openid);
    throw new Refusal(401, 40001, 'Failed to open a session: the credential was refused. Get a fresh one.');
  }

  async function identify(code) {
    try {
      return await account.getOpenid(code);
    } catch (error) {
      log(error.message);
      throw new Refusal(502, -2, 'Failed to check the credential. Try again later.');
    }
  }

  async function storeFile(request, user) {
    const { bytes, type } = readUpload(request);
    if (bytes.length > limits.maxFileSize) {
      const text = `it is larger than ${limits.maxFileSize} bytes. Send a smaller one`;
      throw new Refusal(413, -1, `Failed to store the file: ${text}.`);
    }
    await take('files', user, limits.filesPerHour);
    await take('bytes', user, limits.bytesPerHour, Math.max(bytes.length, 1));
    return files.store(bytes, type);
  }

  async function take(kind, who, max, amount) {
    const retryAfter = await calls.take(kind, who, max, amount);
    if (retryAfter === 0) return;
    const text = `the limit of ${kind} in this hour is reached. Try again in ${retryAfter} seconds`;
    throw new Refusal(429, -11, `Failed to accept the request: ${text}.`, { retryAfter });
  }
}

function readCall(request) {
  const call = request.json(CALL);
  if (call.async === undefined || typeof call.async === 'boolean') return call;
  throw new Refusal(400, -1, 'Failed to read the request: "async" has to be true or false.');
}

module.exports = { createRoutes };
