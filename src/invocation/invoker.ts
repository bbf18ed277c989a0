import { type RelayReply, SCENE_PRE_RESPONSE, type Billing, type ServiceMarketCall } from '../protocol';
import { type Budgets, spendingsOf } from './budgets';
import { type CallObserver, type CallRequest, reportEnd } from './call-end';
import { digest } from './digest';
import type { Limiter } from './limits';
import type { Claim, Claimant, Outcome, Outcomes } from './outcomes';
import type { Invocation } from './prepare-invocation';
import { RelayError, storeFailed } from './relay-error';
import { Retries } from './retries';

/** What became of sending a call. */
export type Sent =
  /** The platform's answer, also one that says `errcode`. */
  | { kind: 'answer'; reply: RelayReply }
  /** Provably nothing left, or it was refused before anything was done: there is no bill. */
  | { kind: 'unsent'; cause: Error }
  /** It left, and no answer can be read: there may be a bill. */
  | { kind: 'lost'; cause: Error; isTimeout?: boolean };

/** The platform's service market. */
export interface Market {
  /** Sends the call once. */
  invoke(call: ServiceMarketCall): Promise<Sent>;
  /** Asks for the result of a long task, which is never billed. */
  retrieve(requestId: string): Promise<Sent>;
}

/**
 * What a process has that may be killed or frozen as soon as it has answered: a cloud function. Without these, the
 * process runs on, and work that an answer need not wait for is done afterwards.
 */
export interface RunLimits {
  /** Ms that a repeat waits for the first call; then it is answered with `scene` 3, on which the page asks again. */
  maxWaitMs: number;
  /** How often an outcome that cannot be stored is tried again before the call is answered, and ms before each. */
  storeRetries: number;
  storePauseMs: number;
}

export interface InvokerOptions extends CallObserver {
  market: Pick<Market, 'invoke'>;
  outcomes: Pick<Outcomes, 'find' | 'claim' | 'settle' | 'release' | 'wait' | 'setOwner'>;
  limiter: Limiter;
  /** The platform is known to bill an id once: a call without an outcome is sent again. */
  upstreamIdempotent?: boolean;
  run?: RunLimits;
  /** The clock, in ms. @default Date.now */
  now?: () => number;
  /** A digest of a user id by which records know the user. @default its plain digest */
  digestUser?: (userId: string) => string;
  /** What may be spent over all users. @default no bound */
  budgets?: Budgets;
  /** Throws a RelayError for a call that must not be sent; what became of earlier calls is told all the same. */
  requireAllowed?: (call: ServiceMarketCall) => void;
  /** Called when work that had failed has been done after all. */
  onInfo?: (message: string) => void;
}

const STILL_RUNNING: RelayReply = { errcode: 0, errmsg: 'ok', scene: SCENE_PRE_RESPONSE };

/** Sends each invocation at most once, whatever happens (design.md, money rule 6). */
export class Invoker {
  /** Invocations under way in this process: their repeats get the same answer. */
  private readonly running = new Map<string, { hash: string; reply: Promise<RelayReply> }>();
  private readonly options: InvokerOptions;
  private readonly retries: Retries;
  /** A mark of the newest outcome of each key that is not stored yet. */
  private readonly unstored = new Map<string, object>();

  constructor(options: InvokerOptions) {
    this.options = options;
    const { run, onError, onInfo } = options;
    const onEnd = (message: string, error?: unknown): void => {
      if (error === undefined) onInfo?.(message);
      else onError(error, message);
    };
    this.retries = new Retries(onEnd, run && { tries: run.storeRetries, pauseMs: run.storePauseMs });
  }

  /**
   * @param onRepeat - called where this process waits for the answer to the same call: the data is not needed then
   * @returns the platform's answer, also one that says `errcode`; for a repeat, the answer to the first
   * @throws RelayError 409 when the id was used for something else, 429 over the limit, 502 when nothing was
   *   sent or the answer was lost, 503 when the call could not be claimed, 504 when no answer came; its `billing`
   *   says whether there may be a bill
   */
  async invoke(invocation: Invocation, onRepeat?: () => void): Promise<RelayReply> {
    const { run, digestUser = digest } = this.options;
    const key = keyOf(invocation);
    const request = { invocation, user: digestUser(invocation.userId), startedAt: performance.now() };
    // A process that may be frozen can hold a promise for ever: there the repeat looks at the store instead.
    if (run) return this.claimAndSend(key, request);
    const running = this.running.get(key);
    if (running) {
      onRepeat?.();
      requireSameHash(running, invocation);
      return reportEnd(running.reply, { ...request, isRepeat: true }, this.options);
    }
    const reply = this.claimAndSend(key, request).finally(() => this.running.delete(key));
    this.running.set(key, { hash: invocation.hash, reply });
    return reply;
  }

  /** Outcomes, and owners of tasks, that a store did not take yet. */
  get waitingStores(): number {
    return this.retries.waiting;
  }

  /** Waits for what is under way: an answer that is not stored is lost. */
  async drain(): Promise<void> {
    await Promise.allSettled([...this.running.values()].map(({ reply }) => reply));
    await this.retries.end();
  }

  /** The life of a call from its claim to its answer. */
  private async claimAndSend(key: string, request: CallRequest): Promise<RelayReply> {
    const { invocation } = request;
    const { outcomes, run, now = Date.now } = this.options;
    const deadline = run && now() + run.maxWaitMs;
    do {
      // Whoever claims the id first sends the call; everybody else gets what came of it.
      const earlier = (await failWithoutBilling(outcomes.find(key))) ?? (await this.claim(key, request));
      if (!earlier) {
        return reportEnd(this.send(key, invocation, 'none'), { ...request, isRepeat: false }, this.options);
      }
      requireSameHash(earlier, invocation);

      // Under way in another process, or its process was killed.
      const claim = earlier.outcome ? earlier : await failWithUnknownBilling(outcomes.wait(key, deadline));
      // Released meanwhile: its call never left, so this one may try.
      if (!claim) continue;
      requireSameHash(claim, invocation);

      if (claim.isRunning) return STILL_RUNNING;
      return reportEnd(this.repeat(key, invocation, claim), { ...request, isRepeat: true }, this.options);
    } while (deadline === undefined || now() < deadline);
    return STILL_RUNNING;
  }

  /** What a repeat gets of a call that has ended. */
  private async repeat(key: string, invocation: Invocation, { outcome }: Claim): Promise<RelayReply> {
    const { limiter, upstreamIdempotent, requireAllowed } = this.options;
    if (outcome && outcome !== 'unknown') return outcome;
    if (!upstreamIdempotent) throw outcomeUnknown();
    requireAllowed?.(invocation.call);
    await limiter.take('calls', invocation.userId, 1, 'unknown');
    return this.send(key, invocation, 'unknown');
  }

  /** @returns undefined when the id is this call's now, else the claim that was there first, which costs nothing */
  private async claim(key: string, request: CallRequest): Promise<Claim | undefined> {
    const { outcomes, limiter, requireAllowed } = this.options;
    const { invocation } = request;
    const { userId, hash } = invocation;
    requireAllowed?.(invocation.call);
    await limiter.take('calls', userId);
    let isMine = false;
    try {
      const earlier = await failWithoutBilling(outcomes.claim(key, hash, this.claimantOf(request)));
      isMine = !earlier;
      return earlier;
    } finally {
      if (!isMine) await limiter.giveBack('calls', userId, 1);
    }
  }

  private claimantOf({ invocation, user }: CallRequest): Claimant {
    const { budgets = {} } = this.options;
    const { userId, id, files, call } = invocation;
    const { service, api } = call;
    return { userId, user, id, service, api, files, spendings: spendingsOf(budgets, { service, api, user }) };
  }

  /** @param earlierBilling - `unknown` where something may have been billed under this id before */
  private async send(key: string, invocation: Invocation, earlierBilling: Billing): Promise<RelayReply> {
    const { market, outcomes } = this.options;
    const { userId, call } = invocation;
    const sent = await market.invoke(call).catch((cause: Error): Sent => ({ kind: 'lost', cause }));

    if (sent.kind === 'unsent' && earlierBilling === 'none') return this.release(key, userId, sent.cause);
    if (sent.kind !== 'answer') {
      await this.settle(key, 'unknown');
      throw outcomeUnknown(sent);
    }
    const { reply } = sent;
    const { request_id: requestId } = reply;
    await Promise.all([
      requestId && this.storeWithRetry('an owner', () => outcomes.setOwner(requestId, userId)),
      this.settle(key, reply),
    ]);
    return reply;
  }

  private async release(key: string, userId: string, cause: Error): Promise<never> {
    const { outcomes, limiter, onError } = this.options;
    // Not tried again: by then the id may have been claimed anew.
    await outcomes.release(key).catch((error: unknown) => onError(error, 'failed to store a release'));
    await limiter.giveBack('calls', userId, 1);
    throw new RelayError(502, 'Failed to call the platform: nothing was sent or billed. Try again later.', {
      billing: 'none',
      cause,
    });
  }

  private async settle(key: string, outcome: Outcome): Promise<void> {
    // Cancels the pending retry of an older outcome, which would overwrite this one.
    const mark = {};
    this.unstored.set(key, mark);
    const isLatest = (): boolean => this.unstored.get(key) === mark;
    await this.storeWithRetry(
      'an outcome',
      () => this.options.outcomes.settle(key, outcome),
      isLatest,
      () => {
        if (isLatest()) this.unstored.delete(key);
      },
    );
  }

  /**
   * The client gets its paid answer even if it cannot be stored; until it is, a repeat is answered "unknown".
   *
   * @param what - for the log, for example `an outcome`
   * @param isWanted - returns false once it need not be stored any more
   * @param onEnd - called when it is stored or given up
   */
  private async storeWithRetry(
    what: string,
    store: () => Promise<void>,
    isWanted?: () => boolean,
    onEnd?: () => void,
  ): Promise<void> {
    const { run, onError } = this.options;
    try {
      await store();
      onEnd?.();
    } catch (error) {
      onError(error, `failed to store ${what}; trying again`);
      const ended = this.retries.add(what, error, store, isWanted).then(onEnd);
      if (run) await ended;
    }
  }
}

function keyOf({ userId, id }: Pick<Invocation, 'userId' | 'id'>): string {
  return digest(JSON.stringify([userId, id]));
}

/** A store that refuses or fails before the call is sent costs nothing. */
function failWithoutBilling<T>(work: Promise<T>): Promise<T> {
  return work.catch((cause: unknown) => {
    throw cause instanceof RelayError ? cause : storeFailed(cause, 'none');
  });
}

/** A store that fails where another process may have sent the call. */
function failWithUnknownBilling<T>(work: Promise<T>): Promise<T> {
  return work.catch((cause: unknown) => {
    throw storeFailed(cause, 'unknown');
  });
}

function requireSameHash(earlier: { hash: string }, { hash }: Invocation): void {
  if (earlier.hash === hash) return;
  throw new RelayError(
    409,
    'Failed to accept the call: its client_msg_id was used for another service, api or data. Use a new id.',
    // That other call was sent under this id.
    { billing: 'unknown' },
  );
}

/** @param sent - how the answer was lost, when it has just been */
function outcomeUnknown(sent?: Exclude<Sent, { kind: 'answer' }>): RelayError {
  const isLost = sent !== undefined && !(sent.kind === 'lost' && sent.isTimeout);
  return new RelayError(
    isLost ? 502 : 504,
    'Failed to tell the result: outcome unknown. The call was sent, may have been billed, and is not sent ' +
      'again under this id.',
    { cause: sent?.cause },
  );
}
