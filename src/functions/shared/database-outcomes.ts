import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Claim,
  type Claimant,
  digest,
  ORPHAN_TTL_S,
  type Outcome,
  type Outcomes,
} from '../../invocation';
import type { RelayReply } from '../../protocol';
import { addOnce, type Database, type Document } from './database';

const CALLS = 'servicemarket_calls';
/** How long outcomes, and the files of long tasks, are kept. */
const TTL_MS = 86_400_000;
/** No run of a function lasts as long: a call without an outcome after it was killed. */
const MAX_RUN_MS = 125_000;
/** Between two looks at a call that another run carries out. */
const LOOK_MS = 300;
/** Files of one call. */
const MAX_FILES = 100;
/** After this time a sweep leaves the rest to the next one. */
const SWEEP_MS = 20_000;
/** Calls whose files are removed at once. */
const BATCH = 100;
/** An upload of the channel "cloud": no other file of the owner is removed for a user. */
const UPLOAD = /^cloud:\/\/[^/]+\/servicemarket\/[^/]+$/;

/** Intents and outcomes in the cloud's database, one document per call. */
export class DatabaseOutcomes implements Omit<Outcomes, 'hasOwner' | 'check' | 'close'> {
  private readonly database: Database;
  private readonly deleteFile: (fileId: string) => Promise<unknown>;

  /** @param deleteFile - removes a file of the cloud's storage, where calls have files */
  constructor(database: Database, deleteFile: (fileId: string) => Promise<unknown> = async () => {}) {
    this.database = database;
    this.deleteFile = deleteFile;
  }

  async find(key: string): Promise<Claim | undefined> {
    const call = await this.look(key);
    return call && asClaim(call);
  }

  async claim(key: string, hash: string, { userId, files = [] }: Claimant): Promise<Claim | undefined> {
    const own = await this.ownFiles(userId, files);
    // Another run never writes the same mark, so that a claim whose answer was lost is known as this run's.
    const mark = randomBytes(16).toString('hex');
    const call = {
      _id: key,
      hash,
      openid: userId,
      mark,
      files: own,
      hasFiles: own.length > 0,
      pushed: '',
      at: Date.now(),
    };
    while (!(await addOnce(this.database, CALLS, call))) {
      const earlier = await this.find(key);
      // Else it was released meanwhile.
      if (earlier) return earlier;
    }
    return undefined;
  }

  async settle(key: string, outcome: Outcome): Promise<void> {
    const requestId = outcome === 'unknown' ? '' : (outcome.request_id ?? '');
    // As a string: the database would make objects of keys with dots, and merge them.
    await this.database.update(CALLS, { _id: key }, { text: JSON.stringify(outcome), requestId });
  }

  async release(key: string): Promise<void> {
    await this.database.remove(CALLS, { _id: key });
  }

  async wait(key: string, deadline = Infinity): Promise<Claim | undefined> {
    for (;;) {
      const call = await this.look(key);
      if (!call) return undefined;
      const claim = asClaim(call);
      if (claim.outcome || Date.now() > (call.at as number) + MAX_RUN_MS) return claim;
      if (Date.now() > deadline) return { ...claim, isRunning: true };
      await sleep(LOOK_MS);
    }
  }

  /** The claim names its user, and its outcome the request id. */
  async setOwner(): Promise<void> {}

  async isOwner(requestId: string, userId: string): Promise<boolean> {
    return (await this.findTask(requestId, userId)) !== undefined;
  }

  /** @returns the user whose the request id is, if it was given to anybody here */
  async findOwner(requestId: string): Promise<string | undefined> {
    return (await this.findCall(requestId))?.openid as string | undefined;
  }

  /** In the document of its call; before that has the id, in one of its own. */
  async storeResult(requestId: string, result: RelayReply): Promise<boolean> {
    const pushed = JSON.stringify(result);
    if (await this.keepResult(requestId, pushed)) return true;
    const _id = orphanId(requestId);
    await addOnce(this.database, CALLS, { _id, pushed, files: [], hasFiles: false, at: Date.now() });
    // Its call may have got the id meanwhile, and who waits looks there alone.
    return this.keepResult(requestId, pushed);
  }

  /** Whether the result of a call with this id was pushed. For looking again: one read. */
  async hasResult(requestId: string): Promise<boolean> {
    return Boolean((await this.findCall(requestId))?.pushed);
  }

  async findResult(requestId: string): Promise<RelayReply | undefined> {
    const call = await this.findCall(requestId);
    const found = call?.pushed ? call : await this.look(orphanId(requestId));
    if (!found?.pushed) return undefined;
    if (found !== call && Date.now() > (found.at as number) + ORPHAN_TTL_S * 1000) return undefined;
    return JSON.parse(found.pushed as string) as RelayReply;
  }

  /** Removes the files of a task that is over. */
  async removeFiles(requestId: string, userId: string): Promise<void> {
    const task = await this.findTask(requestId, userId);
    if (!task || filesOf(task).length === 0) return;
    for (const file of filesOf(task)) await this.deleteFile(file);
    await this.database.update(CALLS, { _id: task._id }, { files: [], hasFiles: false });
  }

  /**
   * Removes calls that are older than a day, with the files of tasks that nobody asked for, and the notes of whose
   * files they are.
   *
   * @returns how many documents
   */
  async sweep(): Promise<number> {
    const deadline = Date.now() + SWEEP_MS;
    const old = { at: this.database.command.lt(Date.now() - TTL_MS) };
    let removed = await this.database.remove(CALLS, { ...old, hasFiles: false });
    for (;;) {
      const batch = await this.database.list(CALLS, { ...old, hasFiles: true }, BATCH);
      if (batch.length === 0) return removed;
      for (const call of batch) {
        const { _id } = call;
        try {
          if (!(await this.removeFilesUntil(deadline, call))) return removed;
          removed += await this.database.remove(CALLS, { _id });
        } catch {
          // Again a day later, so that it does not hold up the others.
          await this.database.update(CALLS, { _id }, { at: Date.now() });
        }
        if (Date.now() >= deadline) return removed;
      }
    }
  }

  /**
   * The uploads that are this user's: a file belongs to the first who names it. Its name is random, and its page tells
   * it to nobody but the cloud before the call that names it here.
   */
  private async ownFiles(userId: string, files: readonly string[]): Promise<string[]> {
    const uploads = files.filter((file) => UPLOAD.test(file)).slice(0, MAX_FILES);
    const areOwn = await Promise.all(
      uploads.map((file) => {
        // A note with the user's mark counts as new also where the user has made it before.
        const note = { _id: `file-${digest(file)}`, mark: userId, hasFiles: false, at: Date.now() };
        return addOnce(this.database, CALLS, note);
      }),
    );
    return uploads.filter((_file, i) => areOwn[i]);
  }

  /** @returns whether all were removed; what is left is noted when there is no time */
  private async removeFilesUntil(deadline: number, call: Document): Promise<boolean> {
    const files = filesOf(call);
    for (const [done, file] of files.entries()) {
      if (Date.now() >= deadline) {
        await this.database.update(CALLS, { _id: call._id }, { files: files.slice(done) });
        return false;
      }
      await this.deleteFile(file);
    }
    return true;
  }

  /** @returns whether there is a call with this id */
  private async keepResult(requestId: string, pushed: string): Promise<boolean> {
    const call = await this.findCall(requestId);
    // Of several the first is kept.
    if (call) await this.database.update(CALLS, { _id: call._id, pushed: '' }, { pushed });
    return call !== undefined;
  }

  private async look(key: string): Promise<Document | undefined> {
    return (await this.database.list(CALLS, { _id: key }, 1))[0];
  }

  private async findCall(requestId: string): Promise<Document | undefined> {
    return (await this.database.list(CALLS, { requestId }, 1))[0];
  }

  private async findTask(requestId: string, userId: string): Promise<Document | undefined> {
    return (await this.database.list(CALLS, { requestId, openid: userId }, 1))[0];
  }
}

/** Of a document that holds a result which came before its call's answer. */
function orphanId(requestId: string): string {
  return `result-${digest(requestId)}`;
}

function asClaim({ hash, text }: Document): Claim {
  return { hash: hash as string, ...(text ? { outcome: JSON.parse(text as string) as Outcome } : {}) };
}

function filesOf({ files }: Document): string[] {
  return files as string[];
}
