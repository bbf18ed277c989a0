'use strict';

const { createHash } = require('crypto');
const { createCalls } = require('./calls');
const { createPlatform } = require('./platform');

/** Ms that a repeat waits for the first call's outcome: within the page's own patience of 20 s. */
const WAIT = 18000;
const PAUSE = 300;
/** The page asks again on this answer: the first call still runs. */
const ASK_AGAIN = { errcode: 0, errmsg: 'ok', scene: 3 };

const UNKNOWN =
  'Failed to tell the result: outcome unknown. The call was sent, may have been billed, and is not sent again under this id.';

/** @returns the cloud function: takes a CloudEvent, gives {errcode, errmsg, data, request_id} */
function createHandler(cloud, settings, env) {
  const calls = createCalls(cloud);
  const platform = createPlatform(cloud, env);

  return async function main(event) {
    const { OPENID: openid } = cloud.getWXContext();
    // A timer has no user; a user who says to be a timer is none.
    if (!openid && event.Type === 'Timer') return calls.sweep();
    if (!openid) return refuse(40001, 'the caller is no user of this app');
    if (event.action === 'retrieve') return retrieve(openid, event);
    if (event.action === 'invoke') return invoke(openid, event);
    return refuse(-1, '"action" must be invoke or retrieve');
  };

  async function invoke(openid, event) {
    const { service, api, client_msg_id: id } = event;
    if (!isName(service) || !isName(api) || !isName(id)) {
      return refuse(-1, '"service", "api" and "client_msg_id" must be texts of 1 to 128 characters');
    }
    const apis =
      Object.prototype.hasOwnProperty.call(settings.services, service) && settings.services[service];
    if (!Array.isArray(apis) || !apis.includes(api)) {
      return refuse(-7, `${service} / ${api} is not listed in settings.json`);
    }
    if (event.async && !platform.hasSecret) {
      return refuse(-1, 'long tasks need WX_APPID and WX_SECRET in the environment of this function');
    }
    const key = digest([openid, id]);
    const hash = digest([service, api, event.async === true, event.data === undefined ? null : event.data]);
    let data;
    try {
      data = withOpenData(event);
    } catch {
      return refuse(-1, '"data" is no JSON text');
    }
    const earlier = await calls.find(key);
    if (earlier) return repeat(key, hash, earlier);
    if (!(await calls.take(openid, settings.callsPerHour)))
      return refuse(-11, 'the limit of calls in this hour is reached');
    if (!(await calls.claim(key, hash, openid, event.files))) return repeat(key, hash, await calls.find(key));
    // The platform reads a text as JSON text; it may know repeats by the id, and another user may have the same.
    const sent = typeof data === 'string' ? JSON.stringify(data) : data;
    return send(key, event.async === true, {
      service,
      api,
      data: sent,
      client_msg_id: `${id}_${digest(openid).slice(0, 16)}`,
    });
  }

  async function send(key, isAsync, call) {
    let outcome;
    try {
      outcome = { reply: await platform.invoke(call, isAsync) };
    } catch (error) {
      if (error.neverLeft) {
        await calls.release(key);
        return refuse(-2, `nothing was sent or billed (${error.message})`);
      }
      outcome = error.reply ? { reply: error.reply } : { lost: true };
    }
    await calls.settle(key, outcome);
    return outcome.reply || { errcode: -2, errmsg: UNKNOWN };
  }

  /** Gives what came of the first call with this id, and never sends it again. */
  async function repeat(key, hash, first) {
    const until = Date.now() + WAIT;
    for (let claim = first; claim; claim = await calls.find(key)) {
      if (claim.hash !== hash) {
        return refuse(-1, 'this client_msg_id was used for another service, api or data. Use a new id');
      }
      if (claim.outcome) return claim.outcome.reply || { errcode: -2, errmsg: UNKNOWN };
      if (Date.now() > until) return ASK_AGAIN;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    return { errcode: -2, errmsg: UNKNOWN };
  }

  async function retrieve(openid, { request_id: requestId }) {
    const task = isName(requestId) && (await calls.findTask(requestId, openid));
    if (!task) return refuse(-1, 'the request id is unknown or has expired');
    try {
      const reply = await platform.retrieve(requestId);
      if (reply.errcode === 0 && reply.status !== 1) await calls.removeFiles(task);
      return reply;
    } catch (error) {
      return error.reply || refuse(-2, 'the platform could not be asked. Ask again later');
    }
  }
}

/** The page's data, with the open data that the platform has put beside it. */
function withOpenData(event) {
  if (event.data === undefined) return undefined;
  const text = typeof event.data === 'string' ? event.data : JSON.stringify(event.data);
  return JSON.parse(text, (_key, value) => {
    const field = value && typeof value.cloudID === 'string' && `cloudID:${value.cloudID}`;
    return field && Object.prototype.hasOwnProperty.call(event, field) ? event[field] : value;
  });
}

function isName(value) {
  return typeof value === 'string' && value.length > 0 && value.length <= 128;
}

function digest(value) {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function refuse(errcode, cause) {
  return { errcode, errmsg: `Failed to call the service: ${cause}.` };
}

module.exports = { createHandler };
