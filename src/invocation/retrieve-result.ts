import type { RelayReply } from '../protocol';
import type { Market } from './invoker';
import type { Limiter } from './limits';
import type { Outcomes } from './outcomes';
import { RelayError, storeFailed } from './relay-error';

export interface RetrieveOptions {
  limiter: Limiter;
  outcomes: Pick<Outcomes, 'isOwner'>;
  market: Pick<Market, 'retrieve'>;
}

/**
 * The result of a long task, for the user who started it. It is never billed.
 *
 * @returns the platform's answer: `status` 1 while the task runs
 * @throws RelayError 404 for a task that is not this user's, 429 over the limit, 502 or 504 when the platform gives no
 *   answer, 503 when the store fails
 */
export async function retrieveResult(
  userId: string,
  requestId: string,
  { limiter, outcomes, market }: RetrieveOptions,
): Promise<RelayReply> {
  await limiter.take('polls', userId);
  const isOwner = await outcomes.isOwner(requestId, userId).catch((cause: unknown) => {
    throw storeFailed(cause, 'none');
  });
  if (!isOwner) {
    throw new RelayError(404, 'Failed to find the task: the request id is unknown or has expired.');
  }
  const sent = await market.retrieve(requestId);
  if (sent.kind === 'answer') return sent.reply;
  const status = sent.kind === 'lost' && sent.isTimeout ? 504 : 502;
  throw new RelayError(status, 'Failed to ask the platform for the result. Ask again later.', {
    billing: 'none',
    cause: sent.cause,
  });
}
