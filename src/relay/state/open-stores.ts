import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileStore } from '../files/file-store';
import { LocalFileStore } from '../files/local-store';
import type { Settings } from '../resolve-options';
import { type Counters, MemoryCounters } from './counters';
import { FolderLock } from './folder-lock';
import { JournalOutcomes } from './journal-outcomes';
import type { Outcomes } from './outcomes';
import { MemorySessions, type Sessions } from './sessions';

/** Everything that the relay remembers. */
export interface Stores {
  sessions: Sessions;
  counters: Counters;
  outcomes: Outcomes;
  files: FileStore;
  close(): Promise<void>;
}

/** Opens the stores that the options do not bring: in this process, and in the folder. */
export async function openStores({ stores = {}, folder, now }: Settings): Promise<Stores> {
  const root = folder ?? (await mkdtemp(join(tmpdir(), 'servicemarket-relay-')));
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  if (folder === undefined) closing.push(() => rm(root, { recursive: true, force: true }));
  try {
    // Before anything in the folder is touched: it may be another relay's.
    const lock = await FolderLock.take(root);
    closing.push(() => lock.release());
    const files = stores.files ?? (await LocalFileStore.open(join(root, 'files')));
    closing.push(() => files.close());
    const outcomes =
      stores.outcomes ??
      (await JournalOutcomes.open(join(root, 'outcomes.jsonl'), now, () => lock.confirm()));
    closing.push(() => outcomes.close());
    return {
      sessions: stores.sessions ?? new MemorySessions(now),
      counters: stores.counters ?? new MemoryCounters(now),
      outcomes,
      files,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
