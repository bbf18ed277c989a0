'use strict';

const { randomBytes } = require('crypto');

const CALLS = 'servicemarket_calls';
const LIMITS = 'servicemarket_limits';
const HOUR = 3600000;
/** Ms that outcomes, and the files of long tasks, are kept. */
const LIFE = 24 * HOUR;
/** Files of one call. */
const MOST_FILES = 100;
/** Ms after which a sweep leaves the rest to the next one. */
const SWEEP = 20000;
const BATCH = 100;
const EMPTY = { files: [], hasFiles: false };
/** An upload of the channel "cloud": a user must not have any other file of the owner removed. */
const OWN_FILE = /^cloud:\/\/[^/]+\/servicemarket\/[^/]+$/;

/**
 * Intents, outcomes and limits in the database.
 *
 * @param database - see database.js
 * @param deleteFile - removes a file of the cloud's storage by its id, where calls have files
 */
function createCalls(database, deleteFile) {
  const { command } = database;

  /** @returns whether the document is new: of several callers with one id just one gets true */
  async function add(name, data) {
    try {
      await database.add(name, data);
      return true;
    } catch (error) {
      // Told by the document itself: the words for an id that is taken differ from cloud to cloud.
      const [there] = await database.list(name, { _id: data._id }, 1);
      // With the same mark it was written although the answer was lost.
      if (there) return data.mark !== undefined && there.mark === data.mark;
      throw error;
    }
  }

  /** Removes the files of a task that is over. */
  async function removeFiles({ _id, files }) {
    if (files.length === 0) return;
    for (const file of files) await deleteFile(file);
    await database.update(CALLS, { _id }, EMPTY);
  }

  /** @returns whether all were removed; what is left is noted when there is no time */
  async function removeInTime({ _id, files }, until) {
    for (let done = 0; done < files.length; done++) {
      if (Date.now() >= until) {
        await database.update(CALLS, { _id }, { files: files.slice(done) });
        return false;
      }
      await deleteFile(files[done]);
    }
    return true;
  }

  return {
    removeFiles,

    async find(key) {
      const [call] = await database.list(CALLS, { _id: key }, 1);
      return call && { hash: call.hash, at: call.at, outcome: call.text && JSON.parse(call.text) };
    },

    /** @param files - of the task, to be removed when it is over; the first hundred */
    claim(key, hash, openid, files) {
      const own = Array.isArray(files)
        ? files.filter((file) => typeof file === 'string' && OWN_FILE.test(file)).slice(0, MOST_FILES)
        : [];
      const mark = randomBytes(16).toString('hex');
      const data = { _id: key, hash, openid, mark, files: own, hasFiles: own.length > 0, at: Date.now() };
      return add(CALLS, data);
    },

    async settle(key, outcome) {
      const requestId = (outcome.reply && outcome.reply.request_id) || '';
      // As text: the database would make objects of keys with dots, and merge them.
      await database.update(CALLS, { _id: key }, { text: JSON.stringify(outcome), requestId });
    },

    async release(key) {
      await database.remove(CALLS, { _id: key });
    },

    async findTask(requestId, openid) {
      return (await database.list(CALLS, { requestId, openid }, 1))[0];
    },

    /** @returns seconds to wait when `amount` more of `kind` would be too much for `who` in this hour, else 0 */
    async take(kind, who, max, amount = 1) {
      const { _id, at } = windowOf(kind, who);
      const room = { _id, used: command.lt(max - amount + 1) };
      const count = async () => (await database.update(LIMITS, room, { used: command.inc(amount) })) === 1;
      if (await count()) return 0;
      await add(LIMITS, { _id, used: 0, at });
      return (await count()) ? 0 : Math.ceil((at + HOUR - Date.now()) / 1000);
    },

    /** Gives back what was taken in this hour and not used. */
    async giveBack(kind, who, amount = 1) {
      await database.update(LIMITS, { _id: windowOf(kind, who)._id }, { used: command.inc(-amount) });
    },

    /** Removes what is older than its life, and the files of tasks that nobody asked for. */
    async sweep() {
      const until = Date.now() + SWEEP;
      const old = { at: command.lt(Date.now() - LIFE) };
      await database.remove(LIMITS, old);
      let removed = await database.remove(CALLS, { ...old, hasFiles: false });
      for (let batch = [{}]; batch.length > 0 && Date.now() < until;) {
        batch = await database.list(CALLS, { ...old, hasFiles: true }, BATCH);
        for (const call of batch) {
          const { _id } = call;
          try {
            if (!(await removeInTime(call, until))) return { removed };
            removed += await database.remove(CALLS, { _id });
          } catch {
            // Again a day later, so that it does not hold up the others.
            await database.update(CALLS, { _id }, { at: Date.now() });
          }
        }
      }
      return { removed };
    },
  };
}

function windowOf(kind, who) {
  const at = Math.floor(Date.now() / HOUR) * HOUR;
  return { _id: `${kind}-${who}-${at}`, at };
}

module.exports = { createCalls };
