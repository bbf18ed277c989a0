import { type Claim, digest, type Outcome, OUTCOME_TTL_S } from '../../../invocation';
import { DeferredLog, type StoreLog } from '../log';
import { fitOutcome, MAX_OUTCOME_BYTES } from '../outcome-size';
import type { RelayOutcomes } from '../stores';
import { isDiskFull } from './disk';
import { Journal, type KeptLine } from './journal';
import type { ByteRange } from './lines';

/** One line of the file. `k` is a key, `h` a hash, `u` a digest of the user; `at` is Unix ms. */
type Line =
  | { t: 'intent'; k: string; h: string; at: number }
  | { t: 'outcome'; k: string; o: Outcome }
  | { t: 'release'; k: string }
  | { t: 'owner'; k: string; u: string; at: number };

interface Entry {
  hash: string;
  at: number;
  /** Where the outcome's line lies. */
  outcome?: ByteRange;
}

export interface JournalOptions {
  /** The clock, in Unix ms. @default Date.now */
  now?: () => number;
  /** A clock in ms that nobody sets. @default performance.now */
  elapsed?: () => number;
  /** Throws when the file may have become another process's; nothing is written then. */
  fence?: () => Promise<void>;
  /** Bytes of the file beyond which only small outcomes are kept whole. @default no bound */
  maxBytes?: number;
}

/** Bytes of an outcome that is kept whole in a file that has its `maxBytes`. */
const SMALL_OUTCOME_BYTES = 4096;
/** The file is rewritten without what has expired when it is this large, and twice as large as the last rewrite. */
const MIN_REWRITE_BYTES = 16 * 1024 * 1024;
/** How much the file grows after a failed rewrite before the next: each one takes what is left of a full disk. */
const GROWTH_AFTER_FAILURE_BYTES = 1024 * 1024;

/**
 * Intents and outcomes of one process in an append-only file, which is read at start. Memory holds where the outcomes
 * lie, not the outcomes.
 */
export class JournalOutcomes implements RelayOutcomes {
  readonly #entries = new Map<string, Entry>();
  readonly #owners = new Map<string, { user: string; at: number }>();
  #journal!: Journal;
  #rewriteAtBytes = MIN_REWRITE_BYTES;
  /** The newest time in the file at the start, in Unix ms. */
  #newest = 0;
  #rewriting: Promise<void> | undefined;
  readonly #log = new DeferredLog();
  readonly #now: () => number;
  readonly #maxBytes: number;
  /** The wall clock as it would be, had nobody set it since the start. */
  readonly #steadyNow: () => number;

  private constructor({
    now = Date.now,
    elapsed = () => performance.now(),
    maxBytes = Infinity,
  }: JournalOptions) {
    this.#now = now;
    this.#maxBytes = maxBytes;
    const [startedAt, start] = [now(), elapsed()];
    this.#steadyNow = () => startedAt + elapsed() - start;
  }

  /**
   * Reads the file and drops what has expired.
   *
   * @param path - of the file; created if missing
   * @throws Error when a line is damaged
   */
  static async open(path: string, options: JournalOptions = {}): Promise<JournalOutcomes> {
    const outcomes = new JournalOutcomes(options);
    outcomes.#journal = await Journal.open(
      path,
      (line, range) => outcomes.#replay(line, range),
      options.fence,
    );
    try {
      // A clock that is ahead hides entries until it is right again; it must not remove them for good.
      await outcomes.#rewrite(() => Math.min(outcomes.#expiryNow(), outcomes.#newest));
    } catch (error) {
      if (isDiskFull(error)) {
        outcomes.#onRewriteFailed(error);
        return outcomes;
      }
      await outcomes.#journal.close();
      throw error;
    }
    return outcomes;
  }

  logTo(log: StoreLog): void {
    this.#log.attach(log);
  }

  async find(key: string): Promise<Claim | undefined> {
    const entry = this.#entries.get(key);
    if (!entry || this.#hasExpired(entry)) return undefined;
    if (!entry.outcome) return { hash: entry.hash };
    const line = JSON.parse(await this.#journal.read(() => entry.outcome as ByteRange)) as { o: Outcome };
    return { hash: entry.hash, outcome: line.o };
  }

  async claim(key: string, hash: string): Promise<Claim | undefined> {
    const earlier = this.#entries.get(key);
    if (earlier && !this.#hasExpired(earlier)) return this.find(key);
    const at = this.#stampNow();
    const entry: Entry = { hash, at };
    this.#entries.set(key, entry);
    try {
      await this.#append({ t: 'intent', k: key, h: hash, at });
    } catch (error) {
      this.#entries.delete(key);
      throw error;
    }
    return undefined;
  }

  async settle(key: string, outcome: Outcome): Promise<void> {
    const range = await this.#append({ t: 'outcome', k: key, o: this.#fitted(key, outcome) });
    const entry = this.#entries.get(key);
    if (entry) entry.outcome = range;
  }

  async release(key: string): Promise<void> {
    await this.#append({ t: 'release', k: key });
    this.#entries.delete(key);
  }

  /** Does not wait: no other process works here, so the process of a claim without an outcome was killed. */
  wait(key: string): Promise<Claim | undefined> {
    return this.find(key);
  }

  async setOwner(requestId: string, userId: string): Promise<void> {
    const owner = { user: digest(userId), at: this.#stampNow() };
    const k = digest(requestId);
    await this.#append({ t: 'owner', k, u: owner.user, at: owner.at });
    this.#owners.set(k, owner);
  }

  async isOwner(requestId: string, userId: string): Promise<boolean> {
    const owner = this.#owners.get(digest(requestId));
    return owner !== undefined && !this.#hasExpired(owner) && owner.user === digest(userId);
  }

  async check(): Promise<void> {
    await this.#journal.check();
  }

  async close(): Promise<void> {
    await this.#rewriting;
    await this.#journal.close();
  }

  #hasExpired({ at }: { at: number }, now = this.#expiryNow()): boolean {
    return at + OUTCOME_TTL_S * 1000 <= now;
  }

  /** A clock that jumps ahead makes nothing expire, and one that jumps back makes nothing expire early. */
  #expiryNow(): number {
    return Math.min(this.#now(), this.#steadyNow());
  }

  #stampNow(): number {
    return Math.max(this.#now(), this.#steadyNow());
  }

  /** Beyond `maxBytes` of the file there is room for small outcomes only. */
  #fitted(key: string, outcome: Outcome): Outcome {
    const room = Math.max(SMALL_OUTCOME_BYTES, this.#maxBytes - this.#journal.size);
    return fitOutcome(key, outcome, Math.min(MAX_OUTCOME_BYTES, room), this.#log);
  }

  #onRewriteFailed(error: unknown): void {
    this.#rewriteAtBytes = this.#journal.size + GROWTH_AFTER_FAILURE_BYTES;
    this.#log.warn(
      'the journal could not be rewritten, so it keeps what has expired; make room on its disk',
      {
        err: error,
      },
    );
  }

  async #append(line: Line): Promise<ByteRange> {
    const range = await this.#journal.append(JSON.stringify(line));
    if (this.#journal.size > this.#rewriteAtBytes) {
      // A rewrite that fails leaves the old file in use.
      this.#rewriting ??= this.#rewrite(() => this.#expiryNow())
        .catch((error: unknown) => this.#onRewriteFailed(error))
        .finally(() => (this.#rewriting = undefined));
    }
    return range;
  }

  #replay(text: string, range: ByteRange): void {
    const line = JSON.parse(text) as Line;
    if ('at' in line) this.#newest = Math.max(this.#newest, line.at);
    if (line.t === 'intent') this.#entries.set(line.k, { hash: line.h, at: line.at });
    else if (line.t === 'release') this.#entries.delete(line.k);
    else if (line.t === 'owner') this.#owners.set(line.k, { user: line.u, at: line.at });
    else if (this.#entries.has(line.k)) (this.#entries.get(line.k) as Entry).outcome = range;
  }

  /** @param now - the clock that decides which entries have expired */
  async #rewrite(now: () => number): Promise<void> {
    await this.#journal.rewrite((read) => this.#keptLines(read, now));
    this.#rewriteAtBytes = Math.max(MIN_REWRITE_BYTES, 2 * this.#journal.size);
  }

  async *#keptLines(
    read: (range: ByteRange) => Promise<string>,
    now: () => number,
  ): AsyncGenerator<KeptLine> {
    for (const [k, entry] of this.#entries) {
      if (this.#hasExpired(entry, now())) {
        this.#entries.delete(k);
        continue;
      }
      const { outcome } = entry;
      yield toLine({ t: 'intent', k, h: entry.hash, at: entry.at });
      if (!outcome) continue;
      const onMoved = (range: ByteRange): void => {
        // A newer outcome that was appended meanwhile is moved by the journal itself.
        if (entry.outcome === outcome) entry.outcome = range;
      };
      yield { line: await read(outcome), onMoved };
    }
    for (const [k, owner] of this.#owners) {
      if (this.#hasExpired(owner, now())) this.#owners.delete(k);
      else yield toLine({ t: 'owner', k, u: owner.user, at: owner.at });
    }
  }
}

function toLine(line: Line): KeptLine {
  return { line: JSON.stringify(line) };
}
