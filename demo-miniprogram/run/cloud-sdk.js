'use strict';

const DATABASE_FAILED = -502001;

/** A command of the database's language, for example `command.lt(5)`. */
const command = { lt: (lt) => ({ lt }), inc: (inc) => ({ inc }) };

/** An error as the SDK throws it. @param errCode - by default that of a failed request to the database */
function failure(errMsg, errCode = DATABASE_FAILED) {
  return Object.assign(new Error(errMsg), { errCode, errMsg });
}

function matches(row, query) {
  return Object.entries(query).every(([key, wanted]) =>
    wanted?.lt === undefined ? row[key] === wanted : row[key] < wanted.lt,
  );
}

function change(row, data) {
  for (const [key, value] of Object.entries(data)) {
    row[key] = value?.inc === undefined ? value : row[key] + value.inc;
  }
}

/** A collection in memory. */
function createCollection() {
  const rows = new Map();
  const found = (query) => [...rows.values()].filter((row) => matches(row, query));
  return {
    async add({ data }) {
      if (rows.has(data._id)) throw failure(`document.add:fail E11000 duplicate key ${data._id}`);
      rows.set(data._id, { ...data });
    },
    where: (query) => ({
      limit: (most) => ({ get: async () => ({ data: found(query).slice(0, most) }) }),
      async update({ data }) {
        const chosen = found(query);
        for (const row of chosen) change(row, data);
        return { stats: { updated: chosen.length } };
      },
      async remove() {
        const chosen = found(query);
        for (const { _id } of chosen) rows.delete(_id);
        return { stats: { removed: chosen.length } };
      },
    }),
  };
}

/**
 * As much of `wx-server-sdk` as the cloud function uses: a database in memory, and the platform by HTTPS in place of
 * the cloud's own way to it.
 *
 * @param {{openApi: object}} platform
 * @param {(fileID: string) => unknown} removeFile
 * @returns {{sdk: object, run(openid: string, work: () => Promise<any>): Promise<any>}} `run` does work for a user
 */
function createCloudSdk({ openApi }, removeFile) {
  const collections = new Map();
  let user;
  const sdk = {
    DYNAMIC_CURRENT_ENV: Symbol('env'),
    init() {},
    getWXContext: () => ({ OPENID: user }),
    database: () => ({
      command,
      collection(name) {
        if (!collections.has(name)) collections.set(name, createCollection());
        return collections.get(name);
      },
    }),
    deleteFile: async ({ fileList }) => fileList.forEach(removeFile),
    openapi: () => ({
      serviceMarket: {
        async invokeService(call) {
          try {
            const { errcode, errmsg, ...reply } = await openApi.serviceMarket.invokeService(call);
            return { ...reply, errCode: errcode ?? 0, errMsg: errmsg ?? 'ok' };
          } catch ({ errcode, errmsg, message }) {
            throw failure(errmsg ?? message, errcode);
          }
        },
      },
    }),
  };
  return {
    sdk,
    run(openid, work) {
      user = openid;
      return work();
    },
  };
}

module.exports = { createCloudSdk };
