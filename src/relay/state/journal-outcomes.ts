import { type Claim, digest, type Outcome, OUTCOME_TTL_S, type Outcomes } from '../../invocation';
import type { Place } from './journal-io';
import { Journal, type NewLine } from './journal';
import { type Line, newLine, readLine } from './journal-line';

interface Entry {
  hash: string;
  at: number;
  outcome?: Place;
}

/** The file is rewritten without what has expired when it is this large, and twice what the last time left. */
const SMALLEST_REWRITE = 16 * 1024 * 1024;
/** By how much it grows after a rewrite that failed until the next: on a disk that is full each takes what is left. */
const AFTER_FAILURE = 1024 * 1024;

/**
 * Intents and outcomes of one process in an append-only file, which is read at start. Memory holds where
 * the outcomes lie, not the outcomes.
 */
export class JournalOutcomes implements Outcomes {
  readonly #entries = new Map<string, Entry>();
  readonly #owners = new Map<string, { user: string; at: number }>();
  #journal!: Journal;
  #rewriteFrom = SMALLEST_REWRITE;
  /** The newest time in the file at the start. */
  #newest = 0;
  #rewriting: Promise<void> | undefined;

  private constructor(private readonly now: () => number) {}

  /**
   * @param path - of the file; made if missing
   * @param confirm - throws when the file may have become another process's; nothing is written then
   * @throws Error when a line is damaged
   */
  static async open(
    path: string,
    now: () => number,
    confirm: () => Promise<void> = async () => {},
  ): Promise<JournalOutcomes> {
    const outcomes = new JournalOutcomes(now);
    const replay = (line: string, place: Place): void => outcomes.#replay(path, line, place);
    outcomes.#journal = await Journal.open(path, replay, confirm);
    try {
      // A clock that is ahead must not take away for good what is only hidden until it is right.
      await outcomes.#rewrite(() => Math.min(now(), outcomes.#newest));
    } catch (error) {
      await outcomes.#journal.close();
      throw error;
    }
    return outcomes;
  }

  async find(key: string): Promise<Claim | undefined> {
    const entry = this.#entries.get(key);
    if (!entry || this.#hasExpired(entry)) return undefined;
    if (!entry.outcome) return { hash: entry.hash };
    const line = JSON.parse(await this.#journal.read(() => entry.outcome as Place)) as { o: Outcome };
    return { hash: entry.hash, outcome: line.o };
  }

  async claim(key: string, hash: string): Promise<Claim | undefined> {
    const earlier = this.#entries.get(key);
    if (earlier && !this.#hasExpired(earlier)) return this.find(key);
    const at = this.now();
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
    const place = await this.#append({ t: 'outcome', k: key, o: outcome });
    const entry = this.#entries.get(key);
    if (entry) entry.outcome = place;
  }

  async release(key: string): Promise<void> {
    await this.#append({ t: 'release', k: key });
    this.#entries.delete(key);
  }

  /** No other process works here: who is still without an outcome was killed. */
  wait(key: string): Promise<Claim | undefined> {
    return this.find(key);
  }

  async setOwner(requestId: string, userId: string): Promise<void> {
    const owner = { user: digest(userId), at: this.now() };
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

  #hasExpired({ at }: { at: number }, now = this.now()): boolean {
    return at + OUTCOME_TTL_S * 1000 <= now;
  }

  async #append(line: Line): Promise<Place> {
    const place = await this.#journal.append(JSON.stringify(line));
    if (this.#journal.size > this.#rewriteFrom) {
      // A failure leaves the old file in use.
      this.#rewriting ??= this.#rewrite(this.now)
        .catch(() => void (this.#rewriteFrom = this.#journal.size + AFTER_FAILURE))
        .finally(() => (this.#rewriting = undefined));
    }
    return place;
  }

  #replay(path: string, text: string, place: Place): void {
    const line = readLine(path, text, place);
    if ('at' in line) this.#newest = Math.max(this.#newest, line.at);
    if (line.t === 'intent') this.#entries.set(line.k, { hash: line.h, at: line.at });
    else if (line.t === 'release') this.#entries.delete(line.k);
    else if (line.t === 'owner') this.#owners.set(line.k, { user: line.u, at: line.at });
    else if (this.#entries.has(line.k)) (this.#entries.get(line.k) as Entry).outcome = place;
  }

  /** @param now - by which it is told what has expired */
  async #rewrite(now: () => number): Promise<void> {
    await this.#journal.rewrite((read) => this.#liveLines(read, now));
    this.#rewriteFrom = Math.max(SMALLEST_REWRITE, 2 * this.#journal.size);
  }

  async *#liveLines(read: (place: Place) => Promise<string>, now: () => number): AsyncGenerator<NewLine> {
    for (const [k, entry] of this.#entries) {
      if (this.#hasExpired(entry, now())) {
        this.#entries.delete(k);
        continue;
      }
      const { outcome } = entry;
      yield newLine({ t: 'intent', k, h: entry.hash, at: entry.at });
      if (!outcome) continue;
      // Unless another outcome has come meanwhile, whose line moves by itself.
      const placed = (place: Place): void => void (entry.outcome === outcome && (entry.outcome = place));
      yield { line: await read(outcome), placed };
    }
    for (const [k, owner] of this.#owners) {
      if (this.#hasExpired(owner, now())) this.#owners.delete(k);
      else yield newLine({ t: 'owner', k, u: owner.user, at: owner.at });
    }
  }
}
