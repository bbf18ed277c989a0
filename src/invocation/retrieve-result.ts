import type { RelayReply } from '../protocol';
import type { Market } from './invoker';
import type { Limiter } from './limits';
import type { Outcomes } from './outcomes';
import { RelayError, storeFailed } from './relay-error';

/** Waits for the result of a task that is pushed. */
export interface ResultWatch {
  /** @returns true when the result may be there; false when the wait is over */
  next(): Promise<boolean>;
  /** Ends the wait. */
  end(): void;
}

export interface RetrieveOptions {
  limiter: Limiter;
  outcomes: Pick<Outcomes, 'isOwner' | 'findResult'>;
  market: Pick<Market, 'retrieve'>;
  /** Begins to wait, where results are pushed and this question may be held. @default it is answered at once */
  watch?: () => ResultWatch | undefined;
}

/** `status` of a task that is not done yet (protocol 11). */
const PENDING = 1;

/**
 * The result of a long task, for the user who started it. It is never billed.
 *
 * @returns the result that was pushed, else the platform's answer: `status` 1 while the task runs
 * @throws RelayError 404 for a task that is not this user's, 429 over the limit, 502 or 504 when the platform gives no
 *   answer, 503 when the store fails
 */
export async function retrieveResult(
  userId: string,
  requestId: string,
  { limiter, outcomes, market, watch: startWatch }: RetrieveOptions,
): Promise<RelayReply> {
  await limiter.take('polls', userId);
  const isOwner = await outcomes.isOwner(requestId, userId).catch((cause: unknown) => {
    throw storeFailed(cause, 'none');
  });
  if (!isOwner) {
    throw new RelayError(404, 'Failed to find the task: the request id is unknown or has expired.');
  }
  // Begun before anything is asked, so that no push falls between an answer and the wait.
  const watch = startWatch?.();
  try {
    let reply = await findOrAsk(requestId, outcomes, market);
    while (watch && isPending(reply) && (await watch.next())) {
      reply = await findOrAsk(requestId, outcomes, market);
    }
    return reply;
  } finally {
    watch?.end();
  }
}

/** Without its store a result is still there at the platform. */
async function findOrAsk(
  requestId: string,
  outcomes: RetrieveOptions['outcomes'],
  market: RetrieveOptions['market'],
): Promise<RelayReply> {
  const pushed = await outcomes.findResult(requestId).catch(() => undefined);
  if (pushed) return pushed;
  const sent = await market.retrieve(requestId);
  if (sent.kind === 'answer') return sent.reply;
  const status = sent.kind === 'lost' && sent.isTimeout ? 504 : 502;
  throw new RelayError(status, 'Failed to ask the platform for the result. Ask again later.', {
    billing: 'none',
    cause: sent.cause,
  });
}

function isPending({ errcode, status }: RelayReply): boolean {
  return errcode === 0 && status === PENDING;
}
