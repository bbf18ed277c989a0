import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Counters, Outcomes } from '../../invocation';
import type { CleanupStack } from '../cleanup-stack';
import type { FileStore } from '../files/file-store';
import { LocalFileStore } from '../files/local-store';
import type { Settings } from '../resolve-options';
import { MemoryCounters } from './counters';
import { FolderLock } from './folder-lock';
import { JournalOutcomes } from './journal-outcomes';
import { MemorySessions, type Sessions } from './sessions';

/** Everything that the relay remembers. */
export interface Stores {
  sessions: Sessions;
  counters: Counters;
  outcomes: Outcomes;
  files: FileStore;
}

/**
 * Opens the stores that the options do not bring: in this process, and in the folder.
 *
 * @param closing - gets what closes them
 */
export async function openStores(
  { stores = {}, folder, now }: Settings,
  closing: CleanupStack,
): Promise<Stores> {
  const root = folder ?? (await mkdtemp(join(tmpdir(), 'servicemarket-relay-')));
  if (folder === undefined) closing.add(() => rm(root, { recursive: true, force: true }));
  // Before anything in the folder is touched: it may be another relay's.
  const lock = await FolderLock.take(root);
  closing.add(() => lock.release());
  const { sessions = new MemorySessions(now), counters = new MemoryCounters(now) } = stores;
  return { sessions, counters, files: await openFiles(), outcomes: await openOutcomes() };

  async function openFiles(): Promise<FileStore> {
    return stores.files ?? LocalFileStore.open(join(root, 'files'));
  }

  async function openOutcomes(): Promise<Outcomes> {
    if (stores.outcomes) return stores.outcomes;
    const outcomes = await JournalOutcomes.open(join(root, 'outcomes.jsonl'), now, () => lock.confirm());
    closing.add(() => outcomes.close());
    return outcomes;
  }
}
