import type { FastifyReply, FastifyRequest } from 'fastify';
import { RelayError } from '../../../invocation';
import { textOf } from './errors';

/** An onRequest hook that ends a request whose body stops coming for `ms`. */
export function watchForStall(ms: number) {
  return async ({ raw }: FastifyRequest, { raw: answer }: FastifyReply): Promise<void> => {
    if (ms === 0 || raw.complete) return;
    // Whoever reads the body reports the error; this keeps it harmless while nobody reads.
    raw.on('error', () => {});
    raw.setTimeout(ms, () => {
      if (answer.writableEnded) raw.destroy();
      // Emitted rather than destroyed with: the connection still has to carry the answer. Afterwards, because
      // Node tells the answer of the same timeout, which it must not take for its own.
      else setImmediate(() => raw.emit('error', new RelayError(408, textOf(408))));
    });
    raw.once('end', () => {
      // After an early answer the timer is the one that ends an idle connection.
      if (!answer.writableEnded) raw.setTimeout(0);
    });
  };
}

/** An onSend hook that cuts off a client that takes nothing more of its answer for `ms`. */
export function watchForSlowReader(ms: number) {
  return async (_request: FastifyRequest, { raw: answer }: FastifyReply): Promise<void> => {
    if (ms === 0) return;
    answer.setTimeout(ms, () => answer.destroy());
    // The next request may be there already, and take its time. First, because Node then sets its own timer.
    answer.prependOnceListener('finish', () => answer.setTimeout(0));
  };
}
