'use strict';

const CALLS = 'servicemarket_calls';
const LIMITS = 'servicemarket_limits';
const HOUR = 3600000;
/** Ms that outcomes and the files of long tasks are kept. */
const LIFE = 24 * HOUR;
/** What the cloud database says to a document whose id is taken, and of one that is not there. */
const TAKEN = /duplicate|already exist|E11000/i;
const MISSING = /not exist|cannot find/i;

/** Intents, outcomes and limits in the cloud database. */
function createCalls(cloud) {
  const database = cloud.database();
  const command = database.command;
  const documents = (name) => database.collection(name);

  async function read(name, id) {
    try {
      return (await documents(name).doc(id).get()).data;
    } catch (error) {
      if (MISSING.test(error.errMsg || error.message)) return undefined;
      throw error;
    }
  }

  /** @returns whether the document is new */
  async function add(name, data) {
    try {
      await documents(name).add({ data });
      return true;
    } catch (error) {
      if (TAKEN.test(error.errMsg || error.message)) return false;
      throw error;
    }
  }

  async function removeFiles({ _id, files = [] }) {
    if (files.length === 0) return;
    await cloud.deleteFile({ fileList: files });
    await documents(CALLS)
      .doc(_id)
      .update({ data: { files: [] } });
  }

  return {
    removeFiles,

    async find(key) {
      const call = await read(CALLS, key);
      return call && { hash: call.hash, outcome: call.text ? JSON.parse(call.text) : undefined };
    },

    /** Of several callers with one key just one gets true: an id is unique in the database. */
    claim(key, hash, openid, files) {
      const own = Array.isArray(files) ? files.filter((file) => typeof file === 'string') : [];
      return add(CALLS, { _id: key, hash, openid, files: own, at: Date.now() });
    },

    async settle(key, outcome) {
      const requestId = (outcome.reply && outcome.reply.request_id) || '';
      // As text: the database would make objects of keys with dots, and merge them.
      const data = { text: JSON.stringify(outcome), requestId };
      await documents(CALLS).doc(key).update({ data });
    },

    async release(key) {
      await documents(CALLS).doc(key).remove();
    },

    async findTask(requestId, openid) {
      const { data } = await documents(CALLS).where({ requestId, openid }).limit(1).get();
      return data[0];
    },

    /** @returns false when the user has made all calls of this hour */
    async take(openid, max) {
      const at = Math.floor(Date.now() / HOUR) * HOUR;
      const id = `${openid}-${at}`;
      await add(LIMITS, { _id: id, used: 0, at });
      const { stats } = await documents(LIMITS)
        .where({ _id: id, used: command.lt(max) })
        .update({ data: { used: command.inc(1) } });
      return stats.updated === 1;
    },

    /** Removes what is older than its life, and the files of tasks that nobody asked for. */
    async sweep() {
      const old = { at: command.lt(Date.now() - LIFE) };
      const { data } = await documents(CALLS).where(old).limit(100).get();
      for (const call of data) {
        await removeFiles(call);
        await documents(CALLS).doc(call._id).remove();
      }
      await documents(LIMITS).where(old).remove();
      return { removed: data.length };
    },
  };
}

module.exports = { createCalls };
