import type { FastifyRequest } from 'fastify';
import { RelayError } from '../errors';
import { textOf } from './error-replies';

/** An onRequest hook that ends a request whose body stops coming for `ms`. */
export function watchForStall(ms: number): (request: FastifyRequest) => Promise<void> {
  return async ({ raw }) => {
    if (ms === 0 || raw.complete) return;
    // Whoever reads the body reports the error; this keeps it harmless while nobody reads.
    raw.on('error', () => {});
    // Emitted rather than destroyed with: the connection still has to carry the answer.
    raw.setTimeout(ms, () => raw.emit('error', new RelayError(408, textOf(408))));
    raw.once('end', () => raw.setTimeout(0));
  };
}
