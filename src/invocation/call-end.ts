import type { Billing, RelayReply } from '../protocol';
import type { Invocation } from './prepare-invocation';
import { RelayError } from './relay-error';

/** A request for a call, and what is made of it once. */
export interface CallRequest {
  invocation: Invocation;
  /** Keyed digest of the user. */
  user: string;
  /** When it came, by `performance.now()`. */
  startedAt: number;
}

/** How a request for a call ended: the first one, or a repeat. For records. */
export interface CallEnd {
  invocation: Pick<Invocation, 'userId' | 'id' | 'call'>;
  /** Keyed digest of the user. */
  user: string;
  isRepeat: boolean;
  /** The answer, if there is one. */
  reply?: RelayReply;
  /** Whether the call was billed, as far as its answer says. */
  billing: Billing | 'billed';
  /** Since the request came to the invoker. */
  ms: number;
}

/** Whoever keeps records of calls. */
export interface CallObserver {
  /** Called for each request whose call was claimed, by it or before it. */
  onEnd?: (end: CallEnd) => void;
  /** Called with errors that the client need not know. */
  onError: (error: unknown, message: string) => void;
}

/** Tells the observer how a request ended, whatever it returns or throws. */
export async function reportEnd(
  reply: Promise<RelayReply>,
  { startedAt, ...request }: CallRequest & { isRepeat: boolean },
  { onEnd, onError }: CallObserver,
): Promise<RelayReply> {
  if (!onEnd) return reply;
  const end = (how: Pick<CallEnd, 'reply' | 'billing'>): void => {
    try {
      onEnd({ ...request, ...how, ms: performance.now() - startedAt });
    } catch (error) {
      // A record that fails must not cost a paid answer.
      onError(error, 'failed to record a call');
    }
  };
  try {
    const answer = await reply;
    end({ reply: answer, billing: answer.billing ?? (answer.errcode === 0 ? 'billed' : 'unknown') });
    return answer;
  } catch (error) {
    end({ billing: (error instanceof RelayError && error.details.billing) || 'unknown' });
    throw error;
  }
}
