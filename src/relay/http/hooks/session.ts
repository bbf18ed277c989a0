import type { FastifyRequest } from 'fastify';
import type { RelayContext } from '../../context';
import { RelayError, storeFailed } from '../../../invocation';

const BEARER = /^Bearer ([\w-]{43})$/i;
const USER = 'relayUser';

/** The decoration that `requireSession` fills. */
export const userDecoration = [USER, ''] as const;

/** An onRequest hook: lets only requests with a live session pass, before anything of their body is read. */
export function requireSession({
  sessions,
  denied,
}: RelayContext): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const token = tokenOf(request);
    const userId =
      token &&
      (await sessions.find(token).catch((cause: unknown) => {
        throw storeFailed(cause);
      }));
    if (!userId) {
      throw new RelayError(401, 'Failed to accept the request: no valid session. Get one by POST /session.');
    }
    denied.requireUser(userId);
    request.setDecorator(USER, userId);
  };
}

/** The token that the request carries, good or not. */
export function tokenOf(request: FastifyRequest): string | undefined {
  return BEARER.exec(request.headers.authorization ?? '')?.[1];
}

/** The user whose session the request carries. */
export function userOf(request: FastifyRequest): string {
  return request.getDecorator<string>(USER);
}
