import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { dayOf, nameOfDay } from '../../owners/days';
import type { UsageRow } from '../../owners/records';
import { newUsageSums, type UsageSums } from '../../owners/usage-sums';
import type { JournalCall } from './outcomes';
import { DamagedFile, readWholeFile } from './damaged-file';
import { writeWholeFile } from './whole-file';

/** One file: the sums of a day, of all calls that were claimed until then. */
interface DayFile {
  /** Unix ms. A call of the day that was claimed until then is in the sums; a later one is still in the journal. */
  until: number;
  rows: UsageRow[];
}

/** Calls that are summed in one go: a millisecond or so, in which nobody else is served. */
const CALLS_AT_ONCE = 1000;

const NAME = /^(\d{4}-\d{2}-\d{2})\.json$/;

/** Sums of the calls that the journal has dropped, in a file for each day. */
export class UsageFiles {
  /**
   * @param folder - of the files
   * @param maxDays - how long a day's file is kept
   * @param onDamaged - called with a day's file that is damaged; its sums then begin anew
   */
  constructor(
    private readonly folder: string,
    private readonly maxDays: number,
    private readonly onDamaged: (damaged: DamagedFile) => unknown,
  ) {}

  /**
   * Adds what is not in the files yet, and drops those that are too old. A call is in them once, also when this is
   * called with it again because what came afterwards failed.
   *
   * @param calls - all calls of the journal that were claimed until then, and no others
   * @param until - Unix ms
   */
  async add(calls: readonly JournalCall[], until: number): Promise<void> {
    const days = new Map<string, { until: number; sums: UsageSums }>();
    for (const [index, call] of calls.entries()) {
      if (index % CALLS_AT_ONCE === 0) await setImmediate();
      const day = nameOfDay(dayOf(call.intent.at));
      let of = days.get(day);
      if (!of) {
        const file = await this.#read(day);
        of = { until: file.until, sums: newUsageSums(file.rows) };
        days.set(day, of);
      }
      if (call.intent.at > of.until) of.sums.add(toUsage(call));
    }
    for (const [day, of] of days) {
      await this.#write(day, { until: Math.max(until, of.until), rows: of.sums.rows() });
    }
    const oldest = nameOfDay(dayOf(until) - this.maxDays);
    for (const day of await this.#days()) {
      // One that cannot be removed, as a folder of somebody else, must not keep the journal from being rewritten.
      if (day < oldest) await rm(this.#path(day), { force: true }).catch(() => {});
    }
  }

  /**
   * @param calls - of a journal that was read before: what has gone into the files meanwhile is not counted twice
   * @returns the sums of both
   */
  async sumWith(calls: readonly JournalCall[]): Promise<UsageRow[]> {
    const sums = newUsageSums();
    const until = new Map<string, number>();
    for (const day of await this.#days()) {
      const file = await this.#read(day);
      until.set(day, file.until);
      for (const row of file.rows) sums.add(row);
    }
    for (const call of calls) {
      const row = toUsage(call);
      if (call.intent.at > (until.get(row.day) ?? -Infinity)) sums.add(row);
    }
    return sums.rows();
  }

  #path(day: string): string {
    return join(this.folder, `${day}.json`);
  }

  async #days(): Promise<string[]> {
    const names = await readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return names.flatMap((name) => NAME.exec(name)?.[1] ?? []);
  }

  async #read(day: string): Promise<DayFile> {
    const file = await readWholeFile<DayFile>(this.#path(day), isDayFile).catch(async (error: unknown) => {
      if (!(error instanceof DamagedFile)) throw error;
      await this.onDamaged(error);
    });
    return file ?? { until: -Infinity, rows: [] };
  }

  /** Past the system's cache before the journal drops its lines. */
  #write(day: string, content: DayFile): Promise<void> {
    return writeWholeFile(this.#path(day), JSON.stringify(content));
  }
}

function isDayFile({ until, rows }: Partial<DayFile>): boolean {
  return Number.isFinite(until) && Array.isArray(rows) && rows.every((row) => Number.isFinite(row?.calls));
}

function toUsage({ intent, result }: JournalCall): UsageRow {
  return {
    day: nameOfDay(dayOf(intent.at)),
    appid: intent.p ?? '',
    service: intent.s,
    user: intent.u,
    calls: 1,
    failures: result === 'failed' ? 1 : 0,
    unknown: result === 'unknown' || result === 'open' ? 1 : 0,
  };
}
