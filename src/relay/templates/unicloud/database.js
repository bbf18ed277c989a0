'use strict';

/** The database of uniCloud by queries: what calls.js, sessions.js and files.js need of it. */
function createDatabase(cloud) {
  const database = cloud.database();
  const where = (name, query) => database.collection(name).where(query);
  return {
    command: database.command,
    add: (name, data) => database.collection(name).add(data),
    list: async (name, query, most) => (await where(name, query).limit(most).get()).data,
    /** @returns how many */
    update: async (name, query, data) => (await where(name, query).update(data)).updated,
    /** @returns how many */
    remove: async (name, query) => (await where(name, query).remove()).deleted,
  };
}

module.exports = { createDatabase };
