import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome } from '../../../invocation';
import {
  type CallFilter,
  type CallRecord,
  describeOutcome,
  type Records,
  resultOf,
  type UsageRow,
} from '../../owners/records';
import { errorText } from '../../../texts';
import type { DamagedFile } from './damaged-file';
import { DamagedLine, readLines } from './lines';
import type { IntentLine, JournalCall, Line } from './outcomes';
import { UsageFiles } from './usage-files';

/**
 * Where a relay keeps the journal, the sums, the denials and the pushes that wait of an app in its folder.
 *
 * @param scope - the appid, where the relay has several apps
 */
export function recordPaths(
  root: string,
  scope?: string,
): Record<'folder' | 'journal' | 'usage' | 'denials' | 'pushes', string> {
  const folder = scope === undefined ? root : join(root, 'apps', scope);
  return {
    folder,
    journal: join(folder, 'outcomes.jsonl'),
    usage: join(folder, 'usage'),
    denials: join(folder, 'denied'),
    pushes: join(folder, 'pushes'),
  };
}

/** Reads a relay's folder, also while the relay works in it: without a lock, and without writing anything. */
export class FolderRecords implements Records {
  readonly #paths: ReturnType<typeof recordPaths>;

  /**
   * @param onDamaged - called with a file of sums that is damaged, and so left out
   * @param scope - the appid, where the relay has several apps
   */
  constructor(
    folder: string,
    private readonly maxDays: number,
    private readonly onDamaged: (damaged: DamagedFile) => void,
    scope?: string,
  ) {
    this.#paths = recordPaths(folder, scope);
  }

  async findCalls(filter: CallFilter): Promise<CallRecord[]> {
    const { id, user, since = -Infinity } = filter;
    const calls: CallRecord[] = [];
    const open = new Map<string, CallRecord>();
    await this.#read({
      onIntent: (line) => {
        open.delete(line.k);
        if (line.at < since || (id ?? line.i) !== line.i || (user ?? line.u) !== line.u) return;
        const call = toRecord(line);
        open.set(line.k, call);
        calls.push(call);
      },
      onOutcome: (key, at, outcome) => {
        const call = open.get(key);
        if (!call) return;
        const answer = filter.withAnswer && { outcome };
        Object.assign(
          call,
          { result: resultOf(outcome), ms: at - call.at },
          describeOutcome(outcome),
          answer,
        );
      },
      onRelease: (key) => {
        const released = open.get(key);
        open.delete(key);
        if (released) calls.splice(calls.indexOf(released), 1);
      },
    });
    return calls;
  }

  async readUsage(): Promise<UsageRow[]> {
    const calls = new Set<JournalCall>();
    const latest = new Map<string, JournalCall>();
    await this.#read({
      onIntent: (intent) => {
        const call: JournalCall = { intent, result: 'open' };
        latest.set(intent.k, call);
        calls.add(call);
      },
      onOutcome: (key, _at, outcome) => {
        const call = latest.get(key);
        if (call) call.result = resultOf(outcome);
      },
      onRelease: (key) => {
        const released = latest.get(key);
        latest.delete(key);
        if (released) calls.delete(released);
      },
    });
    // After the journal: what the relay has moved into them meanwhile is then in both, and counted once.
    return new UsageFiles(this.#paths.usage, this.maxDays, this.onDamaged).sumWith([...calls]);
  }

  async close(): Promise<void> {}

  /** One file throughout, also where the relay puts a new one in its place. */
  async #read({ onIntent, onOutcome, onRelease }: Listeners): Promise<void> {
    const { journal } = this.#paths;
    const file = await open(journal).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') throw cause;
      throw new Error(errorText('journalMissing', { path: journal }), { cause });
    });
    try {
      await readLines(file, (text) => {
        const line = JSON.parse(text) as Line;
        if (line.t === 'intent') onIntent(line);
        else if (line.t === 'outcome') onOutcome(line.k, line.at, line.o);
        else if (line.t === 'release') onRelease(line.k);
      });
    } catch (error) {
      if (!(error instanceof DamagedLine)) throw error;
      const { offset } = error;
      throw new Error(errorText('journalDamaged', { path: journal, offset }), { cause: error });
    } finally {
      await file.close();
    }
  }
}

interface Listeners {
  onIntent(line: IntentLine): void;
  onOutcome(key: string, at: number, outcome: Outcome): void;
  onRelease(key: string): void;
}

function toRecord({ i: id, u: user, s: service, a: api, at }: IntentLine): CallRecord {
  return { id, user, service, api, at, result: 'open' };
}
