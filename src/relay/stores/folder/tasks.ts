import { digest, ORPHAN_TTL_S, OUTCOME_TTL_S } from '../../../invocation';
import type { RelayReply } from '../../../protocol';
import type { KeptLine } from './journal';
import type { ByteRange } from './lines';

/** One line of the file. `k` is a digest of the request id, `u` one of the user; `at` is Unix ms. */
export type TaskLine =
  { t: 'owner'; k: string; u: string; at: number } | { t: 'result'; k: string; r: RelayReply; at: number };

/** The journal that the lines are in. */
export interface TaskFile {
  append(line: TaskLine): Promise<ByteRange>;
  read(range: () => ByteRange): Promise<string>;
  /** Whether a line of so many bytes may be kept. */
  hasRoom(bytes: number): boolean;
  /** Unix ms for a line that is written now. */
  stampNow(): number;
  /** Unix ms for what may have expired. */
  expiryNow(): number;
}

/** Long tasks of one process: whose they are, and the results that the platform has pushed. */
export class JournalTasks {
  readonly #owners = new Map<string, { user: string; at: number }>();
  readonly #results = new Map<string, { line: ByteRange; at: number }>();
  /** Results that came before their call's answer: in memory alone, for a minute. */
  readonly #orphans = new Map<string, { result: RelayReply; at: number }>();

  constructor(private readonly file: TaskFile) {}

  async setOwner(requestId: string, userId: string): Promise<void> {
    const owner = { user: digest(userId), at: this.file.stampNow() };
    const k = digest(requestId);
    await this.file.append({ t: 'owner', k, u: owner.user, at: owner.at });
    this.#owners.set(k, owner);
    const orphan = this.#orphans.get(k);
    this.#orphans.delete(k);
    if (orphan && !this.#hasExpired(orphan, ORPHAN_TTL_S)) await this.#keepResult(k, orphan.result);
  }

  isOwner(requestId: string, userId: string): boolean {
    return this.#ownerOf(digest(requestId)) === digest(userId);
  }

  hasOwner(requestId: string): boolean {
    return this.#ownerOf(digest(requestId)) !== undefined;
  }

  async storeResult(requestId: string, result: RelayReply): Promise<boolean> {
    const k = digest(requestId);
    if (this.#ownerOf(k) !== undefined) {
      if (!this.#results.has(k)) await this.#keepResult(k, result);
      return true;
    }
    for (const [key, orphan] of this.#orphans) {
      if (this.#hasExpired(orphan, ORPHAN_TTL_S)) this.#orphans.delete(key);
    }
    if (!this.#orphans.has(k)) this.#orphans.set(k, { result, at: this.file.stampNow() });
    return false;
  }

  async findResult(requestId: string): Promise<RelayReply | undefined> {
    const kept = this.#results.get(digest(requestId));
    if (!kept || this.#hasExpired(kept)) return undefined;
    return (JSON.parse(await this.file.read(() => kept.line)) as { r: RelayReply }).r;
  }

  replay(line: TaskLine, range: ByteRange): void {
    if (line.t === 'owner') this.#owners.set(line.k, { user: line.u, at: line.at });
    else this.#results.set(line.k, { line: range, at: line.at });
  }

  /** @param now - the clock that decides, in Unix ms */
  dropExpired(now: number): void {
    for (const [k, owner] of this.#owners)
      if (this.#hasExpired(owner, OUTCOME_TTL_S, now)) this.#owners.delete(k);
    for (const [k, kept] of this.#results)
      if (this.#hasExpired(kept, OUTCOME_TTL_S, now)) this.#results.delete(k);
  }

  async *keptLines(read: (range: ByteRange) => Promise<string>): AsyncGenerator<KeptLine> {
    for (const [k, { user: u, at }] of this.#owners) {
      yield { line: JSON.stringify({ t: 'owner', k, u, at } satisfies TaskLine) };
    }
    for (const kept of this.#results.values()) {
      yield { line: await read(kept.line), onMoved: (range) => (kept.line = range) };
    }
  }

  #ownerOf(k: string): string | undefined {
    const owner = this.#owners.get(k);
    return owner && !this.#hasExpired(owner) ? owner.user : undefined;
  }

  /** A result without room is asked for again when its user wants it. */
  async #keepResult(k: string, result: RelayReply): Promise<void> {
    const line: TaskLine = { t: 'result', k, r: result, at: this.file.stampNow() };
    if (!this.file.hasRoom(Buffer.byteLength(JSON.stringify(line)))) return;
    this.#results.set(k, { line: await this.file.append(line), at: line.at });
  }

  #hasExpired({ at }: { at: number }, ttlS = OUTCOME_TTL_S, now = this.file.expiryNow()): boolean {
    return at + ttlS * 1000 <= now;
  }
}
