import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RelaySession } from '../../apps/relay-app';
import type { RelayContext } from '../../context';
import { RelayError, storeFailed } from '../../../invocation';
import { keepOrigin } from './origins';

const BEARER = /^Bearer ([\w-]{43})$/i;
const SESSION = 'relaySession';

/** The decoration that `requireSession` fills. */
export const sessionDecoration = [SESSION, null] as const;

/** An onRequest hook: lets only requests with a live session pass, before anything of their body is read. */
export function requireSession({
  sessions,
  apps,
}: Pick<RelayContext, 'sessions' | 'apps'>): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async (request, reply) => {
    const token = tokenOf(request);
    const owner =
      token &&
      (await sessions.find(token).catch((cause: unknown) => {
        throw storeFailed(cause);
      }));
    const session = owner ? apps.ofOwner(owner) : undefined;
    if (!session) {
      throw new RelayError(401, 'Failed to accept the request: no valid session. Get one by POST /session.');
    }
    request.setDecorator(SESSION, session);
    keepOrigin(session.app, request, reply);
    session.app.denied.requireUser(session.userId);
  };
}

/** The token that the request carries, good or not. */
export function tokenOf(request: FastifyRequest): string | undefined {
  return BEARER.exec(request.headers.authorization ?? '')?.[1];
}

/** The session that the request carries; after `requireSession`. */
export function sessionOf(request: FastifyRequest): RelaySession {
  return request.getDecorator<RelaySession>(SESSION);
}

/** The same where it may have none. */
export function findSession(request: FastifyRequest): RelaySession | null {
  return request.getDecorator<RelaySession | null>(SESSION);
}
