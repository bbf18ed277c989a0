'use strict';

const { createHash } = require('crypto');
const { Refusal } = require('./refusal');

/** Ms that a repeat waits for the first call's outcome: within the page's own patience of 20 s. */
const WAIT = 18000;
const PAUSE = 300;
/** How often an outcome is stored at most, until it succeeds. */
const TRIES = 3;
/** The page asks again on this answer: the first call still runs. */
const ASK_AGAIN = { errcode: 0, errmsg: 'ok', scene: 3 };
/** Ms that no function runs: a call without an outcome after it was killed. */
const LONGEST_RUN = 125000;
/** Levels of lists and objects that data may have. */
const DEEPEST = 1000;
const LIMITS = { callsPerHour: 600, pollsPerHour: 6000 };

/**
 * Calls each service once per user and id, whatever happens: the id is claimed before anything is sent, and
 * the outcome is kept for whoever asks again.
 *
 * @param calls - see calls.js
 * @param platform - see platform.js
 * @param settings - the content of settings.json
 * @returns `invoke` and `retrieve`, which give a RelayReply. @throws Both: Refusal
 */
function createInvocations(calls, platform, settings) {
  const limits = { ...LIMITS, ...settings };
  return { invoke, retrieve };

  /**
   * @param request - a RelayInvokeRequest; its fields may be anything
   * @param ways.read - makes of the data's JSON text what is sent
   * @param ways.content - makes of that text what has to be equal in a repeat
   */
  async function invoke(user, request, { read = JSON.parse, content = String } = {}) {
    const { service, api, client_msg_id: id } = request;
    const isAsync = request.async === true;
    if (!isName(service) || !isName(api) || !isName(id)) {
      throw refusal(400, -1, '"service", "api" and "client_msg_id" must be texts of 1 to 128 characters');
    }
    requireListed(service, api);
    if (isAsync && !platform.hasSecret) {
      throw refusal(400, -1, 'long tasks need WX_APPID and WX_SECRET in the environment of this function');
    }
    const text = textOf(request.data);
    const data = text === undefined ? undefined : readData(text, read);
    const key = digest([user, id]);
    const hash = digest([service, api, isAsync, text === undefined ? null : content(text)]);
    const call = {
      service,
      api,
      // The platform reads a text as JSON text.
      data: typeof data === 'string' ? JSON.stringify(data) : data,
      // It may know repeats by the id, and another user may have the same.
      client_msg_id: `${id}_${digest(user).slice(0, 16)}`,
    };
    const until = Date.now() + WAIT;
    do {
      const earlier = await stored(calls.find(key));
      if (!earlier && (await claim(key, hash, user, request.files))) return send(key, user, isAsync, call);
      const reply = earlier && (await repeat(key, hash, earlier, until));
      // Else the first call never left, and this one may try.
      if (reply) return reply;
    } while (Date.now() < until);
    return ASK_AGAIN;
  }

  /** @returns whether the id is this run's */
  async function claim(key, hash, user, files) {
    await take('calls', user, limits.callsPerHour);
    let isMine = false;
    try {
      isMine = await stored(calls.claim(key, hash, user, files));
    } finally {
      if (!isMine) await giveBack(user);
    }
    return isMine;
  }

  function requireListed(service, api) {
    const apis =
      Object.prototype.hasOwnProperty.call(settings.services, service) && settings.services[service];
    if (Array.isArray(apis) && apis.includes(api)) return;
    throw refusal(403, -7, `${service} / ${api} is not listed in settings.json`);
  }

  async function take(kind, user, max) {
    const retryAfter = await stored(calls.take(kind, user, max));
    if (retryAfter > 0) {
      throw refusal(429, -11, `the limit of ${kind} in this hour is reached`, { retryAfter });
    }
  }

  /** What cannot be given back ends with the hour. */
  async function giveBack(user) {
    await calls.giveBack('calls', user).catch(() => {});
  }

  async function send(key, user, isAsync, call) {
    let outcome;
    try {
      outcome = { reply: await platform.invoke(call, isAsync) };
    } catch (error) {
      if (error.neverLeft) {
        // Whether it can be stored or not, nothing was sent.
        await calls.release(key).catch(() => {});
        await giveBack(user);
        throw refusal(502, -2, `nothing was sent or billed (${error.message})`);
      }
      outcome = error.reply ? { reply: error.reply } : { lost: true };
    }
    // The paid answer is given even when it cannot be stored; a repeat is then told "unknown".
    await keep(key, outcome);
    return answer(outcome);
  }

  /** More than once: the result of a paid task is found by what is stored here alone. */
  async function keep(key, outcome) {
    for (let tries = 1; tries <= TRIES; tries++) {
      try {
        return await calls.settle(key, outcome);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    }
    return undefined;
  }

  /** Gives what came of the first call with this id, and never sends it again; nothing when that never left. */
  async function repeat(key, hash, first, until) {
    for (let claim = first; claim; claim = await stored(calls.find(key), 'unknown')) {
      if (claim.hash !== hash) {
        const cause = 'this client_msg_id was used for another service, api or data. Use a new id';
        throw refusal(409, -1, cause, { billing: 'unknown' });
      }
      if (claim.outcome) return answer(claim.outcome);
      if (Date.now() > claim.at + LONGEST_RUN) return answer({ lost: true });
      if (Date.now() > until) return ASK_AGAIN;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    return undefined;
  }

  async function retrieve(user, { request_id: requestId }) {
    await take('polls', user, limits.pollsPerHour);
    const task = isName(requestId) && (await stored(calls.findTask(requestId, user)));
    if (!task) throw refusal(404, -1, 'the request id is unknown or has expired');
    try {
      const reply = await platform.retrieve(requestId);
      // What is left of the files the sweep removes.
      if (reply.errcode === 0 && reply.status !== 1) await calls.removeFiles(task).catch(() => {});
      return reply;
    } catch (error) {
      if (error.reply) return error.reply;
      throw refusal(502, -2, 'the platform could not be asked. Ask again later');
    }
  }
}

/** The database, before anything is sent: a failure then costs nothing. */
async function stored(work, billing) {
  try {
    return await work;
  } catch (cause) {
    throw refusal(503, -2, 'its database cannot be used. Ask again later', { billing, cause });
  }
}

function answer({ reply }) {
  if (reply) return reply;
  const text =
    'Failed to tell the result: outcome unknown. The call was sent, may have been billed, and is not sent again under this id.';
  throw new Refusal(504, -2, text, { billing: 'unknown' });
}

function textOf(data) {
  try {
    return typeof data === 'string' ? data : JSON.stringify(data);
  } catch {
    throw tooDeep();
  }
}

function readData(text, read) {
  if (isTooDeep(text)) throw tooDeep();
  try {
    return read(text);
  } catch {
    throw refusal(400, -1, '"data" is no JSON text');
  }
}

/** From some thousands of levels on the engine cannot write again what it has read. */
function isTooDeep(json) {
  let depth = 0;
  let isText = false;
  for (let i = 0; i < json.length; i++) {
    const char = json[i];
    if (char === '"') isText = !isText;
    else if (isText) i += char === '\\' ? 1 : 0;
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    if (depth > DEEPEST) return true;
  }
  return false;
}

function tooDeep() {
  return refusal(400, -1, `"data" is nested deeper than ${DEEPEST} levels`);
}

function isName(value) {
  return typeof value === 'string' && value.length > 0 && value.length <= 128;
}

function digest(value) {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function refusal(statusCode, errcode, cause, details) {
  return new Refusal(statusCode, errcode, `Failed to call the service: ${cause}.`, details);
}

module.exports = { createInvocations };
