import {
  type Budgets,
  type Claim,
  type Claimant,
  type Outcome,
  OUTCOME_TTL_S,
  type Spending,
  spendingsOf,
} from '../../../invocation';
import { type CallResult, resultOf } from '../../owners/records';
import type { RelayReply } from '../../../protocol';
import { DeferredLog, type StoreLog } from '../log';
import { fitOutcome, MAX_OUTCOME_BYTES } from '../outcome-size';
import type { RelayOutcomes } from '../stores';
import { BudgetUnits, type Unit } from './budget-units';
import { isDiskFull } from './disk';
import { Journal, type KeptLine } from './journal';
import type { ByteRange } from './lines';
import { JournalTasks, type TaskLine } from './tasks';
import type { UsageFiles } from './usage-files';

/** A claim: whose, by a keyed digest (`u`), and of which call: service, api, the page's id and the app's. */
export interface IntentLine {
  t: 'intent';
  k: string;
  h: string;
  at: number;
  u: string;
  s: string;
  a: string;
  i: string;
  p?: string;
}

interface OutcomeLine {
  t: 'outcome';
  k: string;
  at: number;
  o: Outcome;
}

/** One line of the file. `k` is a key, `h` a hash; `at` is Unix ms. */
export type Line = IntentLine | OutcomeLine | { t: 'release'; k: string } | TaskLine;

/** A call as the file knows it. */
export interface JournalCall {
  intent: IntentLine;
  result: CallResult;
}

interface Entry extends JournalCall {
  /** What was taken of budgets for it, until it has an outcome. */
  units?: readonly Unit[];
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
  /** The app whose calls these are. */
  appid?: string;
  /** What may be spent: what is left is known by the intents in the file. */
  budgets?: Budgets;
  /** Takes the sums of calls that are dropped. @default they are dropped */
  usage?: Pick<UsageFiles, 'add'>;
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
  /** Expired calls whose key was claimed anew: still to be summed. */
  #replaced: Entry[] = [];
  readonly #tasks = new JournalTasks({
    append: (line) => this.#append(JSON.stringify(line)),
    read: (range) => this.#journal.read(range),
    hasRoom: (bytes) => bytes <= this.#room(),
    stampNow: () => this.#stampNow(),
    expiryNow: () => this.#expiryNow(),
  });
  #journal!: Journal;
  #rewriteAtBytes = MIN_REWRITE_BYTES;
  /** The newest time in the file at the start, in Unix ms. */
  #newest = 0;
  #rewriting: Promise<void> | undefined;
  readonly #log = new DeferredLog();
  readonly #now: () => number;
  readonly #maxBytes: number;
  readonly #appid: string | undefined;
  readonly #usage: JournalOptions['usage'];
  readonly #budgets: Budgets;
  readonly #units = new BudgetUnits();
  /** Names of services and interfaces, of which there are few: each is held once. */
  readonly #names = new Map<string, string>();
  /** The wall clock as it would be, had nobody set it since the start. */
  readonly #steadyNow: () => number;

  private constructor({
    now = Date.now,
    elapsed = () => performance.now(),
    maxBytes = Infinity,
    appid,
    budgets = {},
    usage,
  }: JournalOptions) {
    this.#now = now;
    this.#maxBytes = maxBytes;
    this.#appid = appid;
    this.#usage = usage;
    this.#budgets = budgets;
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
    if (!entry || this.#hasExpired(entry.intent)) return undefined;
    const { h: hash } = entry.intent;
    if (!entry.outcome) return { hash };
    const line = JSON.parse(await this.#journal.read(() => entry.outcome as ByteRange)) as { o: Outcome };
    return { hash, outcome: line.o };
  }

  async claim(key: string, hash: string, claimant: Claimant): Promise<Claim | undefined> {
    const earlier = this.#entries.get(key);
    if (earlier && !this.#hasExpired(earlier.intent)) return this.find(key);
    const { user: u, service: s, api: a, id: i, spendings = [] } = claimant;
    const at = this.#stampNow();
    const intent = {
      t: 'intent' as const,
      k: key,
      h: hash,
      at,
      u,
      s,
      a,
      i,
      p: this.#appid,
    };
    // The intent is the unit that is taken: a restart counts it by its line.
    this.#add(intent, this.#units.take(spendings, at, this.#log));
    try {
      await this.#append(JSON.stringify(intent));
    } catch (error) {
      this.#forget(key);
      throw error;
    }
    return undefined;
  }

  async settle(key: string, outcome: Outcome): Promise<void> {
    const fitted = fitOutcome(key, outcome, this.#room(), this.#log);
    const head = JSON.stringify({ t: 'outcome', k: key, at: this.#stampNow() } satisfies Omit<
      OutcomeLine,
      'o'
    >);
    // An outcome may be large: its JSON is made once.
    const range = await this.#append(`${head.slice(0, -1)},"o":${fitted.json}}`);
    this.#end(key, fitted.outcome, range);
  }

  async release(key: string): Promise<void> {
    await this.#append(JSON.stringify({ t: 'release', k: key } satisfies Line));
    this.#forget(key);
  }

  /** Does not wait: no other process works here, so the process of a claim without an outcome was killed. */
  wait(key: string): Promise<Claim | undefined> {
    return this.find(key);
  }

  setOwner(requestId: string, userId: string): Promise<void> {
    return this.#tasks.setOwner(requestId, userId);
  }

  async isOwner(requestId: string, userId: string): Promise<boolean> {
    return this.#tasks.isOwner(requestId, userId);
  }

  async hasOwner(requestId: string): Promise<boolean> {
    return this.#tasks.hasOwner(requestId);
  }

  storeResult(requestId: string, result: RelayReply): Promise<boolean> {
    return this.#tasks.storeResult(requestId, result);
  }

  findResult(requestId: string): Promise<RelayReply | undefined> {
    return this.#tasks.findResult(requestId);
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
    return Math.ceil(Math.max(this.#now(), this.#steadyNow()));
  }

  /** Bytes that an outcome may have: beyond `maxBytes` of the file there is room for small ones only. */
  #room(): number {
    return Math.min(MAX_OUTCOME_BYTES, Math.max(SMALL_OUTCOME_BYTES, this.#maxBytes - this.#journal.size));
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

  async #append(line: string): Promise<ByteRange> {
    const range = await this.#journal.append(line);
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
    if (line.t === 'intent') this.#add(line, this.#units.count(this.#spendingsOf(line), line.at));
    else if (line.t === 'release') this.#forget(line.k);
    else if (line.t === 'owner' || line.t === 'result') this.#tasks.replay(line, range);
    else this.#end(line.k, line.o, range);
  }

  #spendingsOf({ s: service, a: api, u: user }: IntentLine): Spending[] {
    return spendingsOf(this.#budgets, { service, api, user });
  }

  #add(intent: IntentLine, units: readonly Unit[]): void {
    const [s, a] = [this.#shared(intent.s), this.#shared(intent.a)];
    const replaced = this.#entries.get(intent.k);
    if (replaced) this.#replaced.push(replaced);
    // A new place in the order, which is that of the file.
    this.#entries.delete(intent.k);
    this.#entries.set(intent.k, { intent: { ...intent, s, a }, result: 'open', units });
  }

  #end(key: string, outcome: Outcome, range: ByteRange): void {
    const entry = this.#entries.get(key);
    if (entry) Object.assign(entry, { result: resultOf(outcome), outcome: range, units: undefined });
  }

  /** As if it had never been claimed. */
  #forget(key: string): void {
    this.#units.giveBack(this.#entries.get(key)?.units ?? []);
    this.#entries.delete(key);
  }

  #shared(name: string): string {
    const known = this.#names.get(name) ?? name;
    this.#names.set(name, known);
    return known;
  }

  /** @param now - the clock that decides which entries have expired */
  async #rewrite(now: () => number): Promise<void> {
    await this.#dropExpired(now());
    await this.#journal.rewrite((read) => this.#keptLines(read));
    this.#rewriteAtBytes = Math.max(MIN_REWRITE_BYTES, 2 * this.#journal.size);
  }

  /** Sums come first: after a crash in between, the lines that are still there are known to be in them. */
  async #dropExpired(now: number): Promise<void> {
    const expired = [...this.#entries.values()].filter(({ intent }) => this.#hasExpired(intent, now));
    const replaced = this.#replaced;
    await this.#usage?.add([...replaced, ...expired], now - OUTCOME_TTL_S * 1000);
    this.#replaced = this.#replaced.slice(replaced.length);
    for (const { intent } of expired) this.#entries.delete(intent.k);
    this.#tasks.dropExpired(now);
  }

  async *#keptLines(read: (range: ByteRange) => Promise<string>): AsyncGenerator<KeptLine> {
    for (const entry of this.#entries.values()) {
      const { intent, outcome } = entry;
      yield toLine(intent);
      if (!outcome) continue;
      const onMoved = (range: ByteRange): void => {
        // A newer outcome that was appended meanwhile is moved by the journal itself.
        if (entry.outcome === outcome) entry.outcome = range;
      };
      yield { line: await read(outcome), onMoved };
    }
    yield* this.#tasks.keptLines(read);
  }
}

function toLine(line: Line): KeptLine {
  return { line: JSON.stringify(line) };
}
