'use strict';

const { createHash, randomBytes } = require('crypto');

const SESSIONS = 'servicemarket_sessions';
/** Seconds. */
const LIFE = 7200;

/** Who is behind a token. Only its digest is kept, so whoever reads the database cannot use it. */
function createSessions(database) {
  return {
    /** @returns a SessionReply */
    async create(openid) {
      const token = randomBytes(32).toString('base64url');
      await database.add(SESSIONS, { _id: digest(token), openid, until: Date.now() + LIFE * 1000 });
      return { token, expires_in: LIFE };
    },

    /** @returns the user, or undefined for a token that is unknown, expired or revoked */
    async find(token) {
      const [session] = await database.list(SESSIONS, { _id: digest(token) }, 1);
      return session && session.until > Date.now() ? session.openid : undefined;
    },

    revoke: (token) => database.remove(SESSIONS, { _id: digest(token) }),

    sweep: () => database.remove(SESSIONS, { until: database.command.lt(Date.now()) }),
  };
}

function digest(token) {
  return createHash('sha256').update(token).digest('hex');
}

module.exports = { createSessions };
