'use strict';

const log = require('console');
const { createCalls } = require('./calls');
const { createDatabase } = require('./database');
const { createInvocations } = require('./invocations');
const { createPlatform } = require('./platform');
const { Refusal } = require('./refusal');

/** @returns the cloud function: takes a CloudEvent, gives {errcode, errmsg, data, billing, request_id} */
function createHandler(cloud, settings, env) {
  const calls = createCalls(createDatabase(cloud), (file) => cloud.deleteFile({ fileList: [file] }));
  const invocations = createInvocations(calls, createPlatform(cloud, env), settings);

  async function answer(openid, event) {
    if (!openid) throw new Refusal(401, 40001, 'Failed to know the caller: it is no user of this app.');
    if (event.action === 'retrieve') return invocations.retrieve(openid, event);
    if (event.action === 'invoke') {
      return invocations.invoke(openid, event, { read: (text) => withOpenData(text, event) });
    }
    throw new Refusal(400, -1, 'Failed to read the event: "action" must be invoke or retrieve.');
  }

  return async function main(event) {
    const { OPENID: openid } = cloud.getWXContext();
    // A timer has no user; a user who says to be a timer is none.
    if (!openid && event.Type === 'Timer') return calls.sweep();
    try {
      return await answer(openid, event);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // Into the log of the cloud.
      if (error.cause) log.error(error.cause);
      return error.reply();
    }
  };
}

/** The page's data, with the open data that the platform has put beside it. */
function withOpenData(text, event) {
  return JSON.parse(text, (_key, value) => {
    const field = value && typeof value.cloudID === 'string' && `cloudID:${value.cloudID}`;
    return field && Object.prototype.hasOwnProperty.call(event, field) ? event[field] : value;
  });
}

module.exports = { createHandler };
