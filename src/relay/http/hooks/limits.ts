import type { FastifyReply, FastifyRequest } from 'fastify';
import { RelayError } from '../../../invocation';
import type { Settings } from '../../options';
import { userOf } from './session';

/** Bodies of the largest size that a user may have under way: a phone runs at most ten requests at once. */
const BODIES = 16;

/**
 * An onRequest hook, after `requireSession`: keeps one user from filling the memory with JSON bodies that are held
 * while they come and until they are answered. One for all paths.
 */
export function limitBufferedBodies({ maxJsonSize }: Pick<Settings, 'maxJsonSize'>) {
  const held = new Map<string, number>();
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    // Who left while the session was looked up closes no more, and would be counted for ever.
    if (!isJson(request) || reply.raw.destroyed) return;
    const userId = userOf(request);
    const bytes = Math.min(Number(request.headers['content-length'] ?? maxJsonSize), maxJsonSize);
    const now = (held.get(userId) ?? 0) + bytes;
    if (now > BODIES * maxJsonSize) {
      throw new RelayError(
        429,
        'Failed to accept the request: too many large requests of this user are under way. Try again when some are answered.',
        { retryAfter: 1 },
      );
    }
    held.set(userId, now);
    reply.raw.once('close', () => {
      const left = (held.get(userId) as number) - bytes;
      if (left > 0) held.set(userId, left);
      else held.delete(userId);
    });
  };
}

/** Whether the body is read into memory. */
export function isJson({ headers }: FastifyRequest): boolean {
  return /^application\/json\b/i.test(headers['content-type'] ?? '');
}
