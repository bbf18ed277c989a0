import type { Billing, RelayReply } from '../../protocol';
import { RelayError, storeFailed } from '../errors';
import { digest } from '../secrets';
import type { Limiter } from '../state/limits';
import type { Claim, Outcome, Outcomes } from '../state/outcomes';
import { Retries } from '../state/retries';
import { OpenApiError } from '../upstream/open-api-error';
import type { ServiceMarketCall, ServiceMarketAnswer } from '../upstream/call-types';

export interface Invocation {
  userId: string;
  /** `client_msg_id`, the same on every repeat. */
  id: string;
  /** Of what is asked (call-hash.ts). */
  hash: string;
  call: ServiceMarketCall;
}

export interface InvokerOptions {
  send: (call: ServiceMarketCall) => Promise<ServiceMarketAnswer>;
  outcomes: Outcomes;
  limiter: Limiter;
  /** The platform is known to bill an id once: a call without an outcome is sent again. */
  upstreamIdempotent: boolean;
  /** Told what the client need not know. */
  onError: (error: unknown, message: string) => void;
  /** Told what an error has come to. */
  onInfo: (message: string) => void;
}

/** Sends each invocation at most once, whatever happens (design.md, money rule 6). */
export class Invoker {
  /** Invocations under way in this process: their repeats get the same answer. */
  readonly #running = new Map<string, { hash: string; reply: Promise<RelayReply> }>();

  readonly #retries: Retries;
  /** Marks of the outcomes that could not be stored yet, by their keys. */
  readonly #unstored = new Map<string, object>();

  constructor(private readonly options: InvokerOptions) {
    this.#retries = new Retries((message, error) => {
      if (error === undefined) options.onInfo(message);
      else options.onError(error, message);
    });
  }

  /**
   * @returns the platform's answer, also one that says `errcode`; for a repeat, the answer to the first
   * @throws RelayError 409 when the id was used for something else, 429 over the limit, 502 when nothing was
   *   sent or the answer was lost, 503 when it could not be claimed, 504 when no answer came; its `billing` says whether there may be a bill
   */
  invoke(invocation: Invocation): Promise<RelayReply> {
    const key = digest(JSON.stringify([invocation.userId, invocation.id]));
    const running = this.#running.get(key);
    if (running) return running.hash === invocation.hash ? running.reply : Promise.reject(otherData());
    const reply = this.#once(key, invocation).finally(() => this.#running.delete(key));
    this.#running.set(key, { hash: invocation.hash, reply });
    return reply;
  }

  /** Waits for what is under way: an answer that is not stored is lost. */
  async drain(): Promise<void> {
    await Promise.allSettled([...this.#running.values()].map(({ reply }) => reply));
    await this.#retries.end();
  }

  async #once(key: string, invocation: Invocation): Promise<RelayReply> {
    const { outcomes, limiter } = this.options;
    const find = (): Promise<Claim | undefined> => before(outcomes.find(key), 'none');
    for (let known = await find(); ; known = await find()) {
      const earlier = known ?? (await this.#claim(key, invocation));
      if (!earlier) return this.#send(key, invocation, 'none');
      if (earlier.hash !== invocation.hash) throw otherData();
      const claim = earlier.outcome ? earlier : await before(outcomes.wait(key), 'unknown');
      // Released by another instance: its call never left, so this one may try.
      if (!claim) continue;
      if (claim.outcome && claim.outcome !== 'unknown') return claim.outcome;
      if (!this.options.upstreamIdempotent) throw outcomeUnknown();
      await limiter.take('calls', invocation.userId, 1, 'unknown');
      return this.#send(key, invocation, 'unknown');
    }
  }

  async #claim(key: string, { userId, hash }: Invocation): Promise<Claim | undefined> {
    const { outcomes, limiter } = this.options;
    await limiter.take('calls', userId);
    let isMine = false;
    try {
      const earlier = await before(outcomes.claim(key, hash), 'none');
      isMine = !earlier;
      return earlier;
    } finally {
      if (!isMine) await limiter.giveBack('calls', userId, 1);
    }
  }

  /** @param before - whether something may have been billed under this id already */
  async #send(key: string, { userId, call }: Invocation, before: Billing): Promise<RelayReply> {
    let reply: RelayReply;
    try {
      reply = asReply(await this.options.send(call));
    } catch (error) {
      const known = error instanceof OpenApiError ? error : undefined;
      if (known?.billing === 'none' && before === 'none') return this.#neverLeft(key, userId, known);
      if (known?.errcode === undefined || known.billing === 'none') {
        await this.#settle(key, 'unknown');
        throw outcomeUnknown(error);
      }
      reply = asFailure(known);
    }
    const { outcomes } = this.options;
    const { request_id: requestId } = reply;
    await Promise.all([
      requestId && this.#keep('an owner', () => outcomes.setOwner(requestId, userId)),
      this.#settle(key, reply),
    ]);
    return reply;
  }

  async #neverLeft(key: string, userId: string, error: OpenApiError): Promise<never> {
    const { outcomes, onError } = this.options;
    // Once: by a later try the id may be claimed anew.
    await outcomes.release(key).catch((reason: unknown) => onError(reason, 'failed to store a release'));
    await this.options.limiter.giveBack('calls', userId, 1);
    throw new RelayError(502, 'Failed to call the platform: nothing was sent or billed. Try again later.', {
      billing: 'none',
      cause: error,
    });
  }

  /** An earlier outcome that still waits must not come to stand over this one. */
  async #settle(key: string, outcome: Outcome): Promise<void> {
    const mark = {};
    this.#unstored.set(key, mark);
    const isLatest = (): boolean => this.#unstored.get(key) === mark;
    const forget = (): void => void (isLatest() && this.#unstored.delete(key));
    await this.#keep('an outcome', () => this.options.outcomes.settle(key, outcome), isLatest, forget);
  }

  /** The client gets its paid answer even while it cannot be stored; until then a repeat is told "unknown". */
  async #keep(
    what: string,
    work: () => Promise<void>,
    isWanted?: () => boolean,
    onEnd?: () => void,
  ): Promise<void> {
    try {
      await work();
      onEnd?.();
    } catch (error) {
      this.options.onError(error, `failed to store ${what}; trying again`);
      void this.#retries.add(what, error, work, isWanted).then(onEnd);
    }
  }
}

/** What is done before a call is sent: a store that fails then costs nothing. */
async function before<T>(work: Promise<T>, billing: Billing): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw storeFailed(cause, billing);
  }
}

function asReply({ errmsg, data, request_id }: ServiceMarketAnswer): RelayReply {
  return {
    errcode: 0,
    errmsg: errmsg ?? 'ok',
    ...(data !== undefined && { data }),
    ...(request_id !== undefined && { request_id }),
  };
}

function asFailure({ errcode, errmsg, requestId }: OpenApiError): RelayReply {
  return {
    errcode: errcode as number,
    errmsg: errmsg ?? '',
    ...(requestId !== undefined && { request_id: requestId }),
  };
}

function otherData(): RelayError {
  return new RelayError(
    409,
    'Failed to accept the call: its client_msg_id was used for another service, api or data. Use a new id.',
    // That other call was sent under this id.
    { billing: 'unknown' },
  );
}

/** @param cause - why, when it has just become so */
function outcomeUnknown(cause?: unknown): RelayError {
  const lost = cause !== undefined && !(cause instanceof OpenApiError && cause.timedOut);
  return new RelayError(
    lost ? 502 : 504,
    'Failed to tell the result: outcome unknown. The call was sent, may have been billed, and is not sent ' +
      'again under this id.',
    { cause },
  );
}
