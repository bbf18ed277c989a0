import type { FastifyInstance } from 'fastify';
import type { Credential, SessionReply, SessionRequest } from '../../../protocol';
import type { RelayContext } from '../../context';
import { RelayError, storeFailed } from '../../../invocation';
import type { Identity } from '../../apps/app-options';
import { ownerOf } from '../../apps/apps';
import type { RelayApp } from '../../apps/relay-app';
import { keepOrigin } from '../hooks/origins';
import { limitBodyTime } from '../hooks/stall';
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
        appid: { type: 'string', minLength: 1, maxLength: 64 },
      },
    },
  },
};
const MAX_USER_ID_LENGTH = 128;

/** `POST /session`: a credential for a token. `DELETE /session`: the token is worth nothing any more. */
export function addSessionRoute(server: FastifyInstance, context: RelayContext): void {
  const { settings, apps, sessions, clients } = context;
  // Anybody may send this, so a body is not waited for longer than for headers.
  const onRequest = limitBodyTime(settings.timeouts.headers);
  server.post<{ Body: SessionRequest }>(
    '/session',
    { schema: { body }, onRequest },
    async (request, reply) => {
      const { credential } = request.body;
      const app = apps.ofCredential(request, credential);
      keepOrigin(app, request, reply);
      await app.limiter.take('sessions', clients.networkOf(request));
      const { userId, expiresAt = Infinity } = await identify(app, credential);
      app.denied.requireUser(userId);
      // A session must not outlive the credential that opened it.
      const ttl = Math.min(settings.sessionTtl, Math.floor(expiresAt - settings.now() / 1000));
      if (ttl < 1) throw refused();
      const token = await sessions.create(ownerOf(app.settings, userId), ttl).catch(throwStoreFailed);
      return { token, expires_in: ttl } satisfies SessionReply;
    },
  );
  server.delete('/session', { onRequest: requireSession(context) }, async (request, reply) => {
    await sessions.revoke(tokenOf(request) as string).catch(throwStoreFailed);
    return reply.code(204).send();
  });
  refuseOtherMethods(server, '/session', ['POST', 'DELETE']);

  async function identify(
    { settings: { authenticate } }: RelayApp,
    credential: Credential,
  ): Promise<Exclude<Identity, string>> {
    let identity;
    try {
      identity = await authenticate(credential);
    } catch (cause) {
      if (cause instanceof RelayError) throw cause;
      throw new RelayError(502, 'Failed to check the credential. Try again later.', { cause });
    }
    if (!identity) throw refused();
    const { userId, expiresAt } = typeof identity === 'string' ? { userId: identity } : identity;
    if (typeof userId !== 'string' || userId === '' || userId.length > MAX_USER_ID_LENGTH) {
      throw new Error(
        `Failed to open a session: authenticate() returned no user id of 1 to ${MAX_USER_ID_LENGTH} characters.`,
      );
    }
    return { userId, expiresAt };
  }
}

function refused(): RelayError {
  return new RelayError(401, 'Failed to open a session: the credential was refused. Get a fresh one.');
}

function throwStoreFailed(cause: unknown): never {
  throw storeFailed(cause);
}
