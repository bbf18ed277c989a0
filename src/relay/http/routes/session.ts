import type { FastifyInstance } from 'fastify';
import type { SessionReply, SessionRequest } from '../../../protocol';
import type { RelayContext } from '../../context';
import { networkOf, RelayError } from '../../../invocation';
import { requireSession, tokenOf } from '../hooks/session';
import { refuseOtherMethods } from '../refuse-other-methods';

const body = {
  type: 'object',
  required: ['credential'],
  additionalProperties: false,
  properties: {
    credential: {
      type: 'object',
      required: ['type', 'value'],
      additionalProperties: false,
      properties: {
        type: { type: 'string', minLength: 1, maxLength: 32 },
        value: { type: 'string', minLength: 1, maxLength: 8192 },
      },
    },
  },
};
const LONGEST_USER_ID = 128;

/** `POST /session`: a credential for a token. `DELETE /session`: the token is worth nothing any more. */
export function addSessionRoute(app: FastifyInstance, context: RelayContext): void {
  const { settings, sessions, limiter } = context;
  const bodyLimit = 16 * 1024;
  app.post<{ Body: SessionRequest }>('/session', { schema: { body }, bodyLimit }, async (request) => {
    await limiter.take('sessions', networkOf(request.ip));
    const userId = await identify(request.body.credential);
    const reply: SessionReply = {
      token: await sessions.create(userId, settings.sessionTtl),
      expires_in: settings.sessionTtl,
    };
    return reply;
  });
  app.delete('/session', { onRequest: requireSession(context) }, async (request, reply) => {
    await sessions.revoke(tokenOf(request) as string);
    return reply.code(204).send();
  });
  refuseOtherMethods(app, '/session', ['POST', 'DELETE']);

  async function identify(credential: SessionRequest['credential']): Promise<string> {
    let userId;
    try {
      userId = await settings.authenticate(credential);
    } catch (cause) {
      if (cause instanceof RelayError) throw cause;
      throw new RelayError(502, 'Failed to check the credential. Try again later.', { cause });
    }
    if (!userId) {
      throw new RelayError(401, 'Failed to open a session: the credential was refused. Get a fresh one.');
    }
    if (typeof userId !== 'string' || userId.length > LONGEST_USER_ID) {
      throw new Error(`Failed to open a session: authenticate() gave no string of 1 to ${LONGEST_USER_ID}.`);
    }
    return userId;
  }
}
