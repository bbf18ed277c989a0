import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RelayError } from '../../../invocation';
import type { Timeouts } from '../../options';
import { textOf } from './errors';

/** Bytes per second that a client sends of its body, and reads of its answer, at least, over the time of a stall. */
const MIN_BYTES_PER_S = 4096;
/** Characters of an answer whose reader's speed is watched. */
const MIN_WATCHED_LENGTH = 65_536;

/** Ends what comes or goes too slowly: bodies, answers, and the rest of a body that was refused. */
export function limitSlowness(app: FastifyInstance, { stall, headers }: Timeouts): void {
  app.addHook('onRequest', watchBody(stall));
  app.addHook('onSend', watchReader(stall));
  app.addHook('onResponse', async ({ raw }) => {
    if (headers === 0 || raw.complete) return;
    const timer = setTimeout(() => raw.socket.destroy(), headers).unref();
    raw.once('close', () => clearTimeout(timer));
    // It is read to its end, so that the connection can go on: Node does it only where nobody had begun to read.
    raw.unpipe().resume();
  });
}

/** An onRequest hook: a body that needs no session has to come within `ms`. */
export function limitBodyTime(ms: number) {
  return async ({ raw }: FastifyRequest): Promise<void> => {
    if (ms === 0 || raw.complete) return;
    const timer = setTimeout(() => raw.emit('error', tooSlow()), ms).unref();
    raw.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
  };
}

function watchBody(ms: number) {
  return async ({ raw }: FastifyRequest, { raw: answer }: FastifyReply): Promise<void> => {
    if (ms === 0 || raw.complete) return;
    // Whoever reads the body reports the error; this keeps it harmless while nobody reads.
    raw.on('error', () => {});
    const cutOff = (): void => {
      if (answer.writableEnded) raw.destroy();
      // Emitted instead of destroying: the 408 goes out on this socket. Deferred, because Node emits "timeout" on
      // the response too.
      else setImmediate(() => raw.emit('error', tooSlow()));
    };
    raw.setTimeout(ms, cutOff);
    const stop = watchSpeed(
      ms,
      () => raw.socket.bytesRead,
      // What is here and not read yet is not the client's delay.
      () => raw.readableLength < raw.readableHighWaterMark,
      cutOff,
    );
    raw.once('close', stop).once('end', () => {
      stop();
      // After an early answer the timer is the one that ends an idle connection.
      if (!answer.writableEnded) raw.setTimeout(0);
    });
  };
}

function watchReader(ms: number) {
  return async (_request: FastifyRequest, { raw: answer }: FastifyReply, payload: unknown): Promise<void> => {
    if (ms === 0) return;
    const { socket } = answer;
    answer.setTimeout(ms, () => answer.destroy());
    // The next request may be there already, and take its time. Prepended: Node's own "finish" listener sets the
    // keep-alive timer.
    answer.prependOnceListener('finish', () => answer.setTimeout(0));
    // A small answer is out of hand at once.
    if (typeof payload === 'string' && payload.length < MIN_WATCHED_LENGTH) return;
    const stop = watchSpeed(
      ms,
      () => (socket ? socket.bytesWritten - socket.writableLength : 0),
      // Else the relay waits for the file, and not for the reader.
      () => !!socket && socket.writableLength > 0,
      () => answer.destroy(),
    );
    answer.once('close', stop);
  };
}

/**
 * @param isWaiting - whether it is the client who is waited for
 * @returns what ends the watch
 */
function watchSpeed(
  ms: number,
  progress: () => number,
  isWaiting: () => boolean,
  cutOff: () => void,
): () => void {
  let before = progress();
  const timer = setInterval(() => {
    const now = progress();
    if (now - before < (MIN_BYTES_PER_S * ms) / 1000 && isWaiting()) cutOff();
    before = now;
  }, ms).unref();
  return () => clearInterval(timer);
}

function tooSlow(): RelayError {
  return new RelayError(408, textOf(408));
}
