import type { FastifyReply, FastifyRequest } from 'fastify';
import { RelayError } from '../../../invocation';
import { fitsShare, Tally } from '../../apps/share';
import type { Settings } from '../../options';
import type { ClientAddresses } from '../client-address';
import { sessionOf } from './session';

/** JSON bodies of the largest size that may be held at once: a phone runs at most ten requests. */
const MAX_BODIES_PER_USER = 10;
const MAX_BODIES = 32;

/** What JSON may cost, in bodies of the largest size: at once, and for each second that goes by. */
const BURST_BODIES = 16;
const BODIES_PER_SECOND = 0.25;
/** How much more than one user an address may send: many users share one. */
const USERS_PER_ADDRESS = 8;

const HOLD = 'relayHold';
/** The decoration that `limitBufferedBodies` fills. */
export const holdDecoration = [HOLD, null] as const;

/**
 * An onRequest hook, after `requireSession`: bounds the JSON bodies that are held in memory while they come and until
 * they are answered, of one user, of one app among several and of all, and how fast they may come. One for all paths.
 *
 * @param now - the clock, in ms
 */
export function limitBufferedBodies({ maxJsonSize, now, apps }: Settings, clients: ClientAddresses) {
  const held = new HeldBytes(MAX_BODIES_PER_USER * maxJsonSize, MAX_BODIES * maxJsonSize, apps.length > 1);
  const budgetOf = (factor: number): ByteBudget =>
    new ByteBudget(factor * BURST_BODIES * maxJsonSize, factor * BODIES_PER_SECOND * maxJsonSize, now);
  const [ofUsers, ofAddresses] = [budgetOf(1), budgetOf(USERS_PER_ADDRESS)];

  return {
    async onRequest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      // The client may have left during the session's look-up: "close" will not come again, so it is not counted.
      if (!isJson(request) || reply.raw.destroyed) return;
      const { owner, app } = sessionOf(request);
      const bytes = Math.min(Number(request.headers['content-length'] ?? maxJsonSize), maxJsonSize);
      // Before the body is read, so also what will be refused counts.
      const wait = Math.max(ofUsers.take(owner, bytes), ofAddresses.take(clients.networkOf(request), bytes));
      if (wait > 0) throw tooMuch(wait);
      const hold = new Hold(held, owner, app.settings.scope ?? '');
      hold.grow(bytes);
      request.setDecorator(HOLD, hold);
      reply.raw.once('close', () => hold.release());
    },
    /** Counts an answer too: a stored one that is large can be asked for again and again. */
    async onSend(request: FastifyRequest, _reply: FastifyReply, payload: unknown): Promise<void> {
      if (typeof payload === 'string' && holdOf(request))
        ofUsers.charge(sessionOf(request).owner, payload.length);
    },
  };
}

/** Whether the body is read into memory. */
export function isJson({ headers }: FastifyRequest): boolean {
  return /^application\/json\b/i.test(headers['content-type'] ?? '');
}

/** What a request holds, where its body is JSON and it has a session. */
export function holdOf(request: FastifyRequest): Hold | null {
  return request.getDecorator<Hold | null>(HOLD);
}

/** What one request holds in memory. */
class Hold {
  #bytes = 0;

  constructor(
    private readonly held: HeldBytes,
    private readonly owner: string,
    private readonly app: string,
  ) {}

  /** @throws RelayError 429 when that is too much for the user, for the app, or for the relay */
  grow(bytes: number): void {
    if (!this.held.add(this.owner, this.app, bytes)) throw tooMuch(1);
    this.#bytes += bytes;
  }

  /** Once the body is not needed any more; also a second time. */
  release(): void {
    this.held.remove(this.owner, this.app, this.#bytes);
    this.#bytes = 0;
  }
}

/** Bytes that are held for each user and for each app. */
class HeldBytes {
  readonly #ofUsers = new Tally();
  readonly #ofApps = new Tally();

  constructor(
    private readonly maxPerUser: number,
    private readonly max: number,
    private readonly isShared: boolean,
  ) {}

  /** @returns false when that is too much, and nothing is added */
  add(owner: string, app: string, bytes: number): boolean {
    const taken = { ofApp: this.#ofApps.of(app), ofAll: this.#ofApps.total };
    const fits = fitsShare(bytes, taken, this.max, this.isShared);
    if (!fits || this.#ofUsers.of(owner) + bytes > this.maxPerUser) return false;
    this.#ofUsers.add(owner, bytes);
    this.#ofApps.add(app, bytes);
    return true;
  }

  remove(owner: string, app: string, bytes: number): void {
    this.#ofUsers.add(owner, -bytes);
    this.#ofApps.add(app, -bytes);
  }
}

/** Keys between two sweeps that drop those whose budget is whole again. */
const KEYS_PER_SWEEP = 10_000;

/** A budget of bytes for each key, which is spent at once or in parts, and grows again with time. */
class ByteBudget {
  readonly #spent = new Map<string, { bytes: number; at: number }>();

  /**
   * @param max - bytes
   * @param perSecond - bytes that come back
   */
  constructor(
    private readonly max: number,
    private readonly perSecond: number,
    private readonly now: () => number,
  ) {}

  /** @returns 0 when the bytes are taken, else the seconds until they can be */
  take(key: string, bytes: number): number {
    const excess = this.#spentBy(key) + bytes - this.max;
    if (excess > 0) return Math.ceil(excess / this.perSecond);
    this.charge(key, bytes);
    return 0;
  }

  /** Takes the bytes whether they are there or not. */
  charge(key: string, bytes: number): void {
    this.#spent.set(key, { bytes: this.#spentBy(key) + bytes, at: this.now() });
    if (this.#spent.size % KEYS_PER_SWEEP === 0) {
      for (const each of this.#spent.keys()) if (this.#spentBy(each) === 0) this.#spent.delete(each);
    }
  }

  #spentBy(key: string): number {
    const spent = this.#spent.get(key);
    if (!spent) return 0;
    return Math.max(0, spent.bytes - ((this.now() - spent.at) / 1000) * this.perSecond);
  }
}

/** @param wait - seconds */
function tooMuch(wait: number): RelayError {
  return new RelayError(
    429,
    'Failed to accept the request: too much JSON is under way or came in a short time. Try again later.',
    { retryAfter: wait, billing: 'none' },
  );
}
