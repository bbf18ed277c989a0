import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CleanupStack } from '../cleanup-stack';
import { LocalFileStore } from '../files/local-store';
import type { Settings } from '../options';
import { FolderLock } from './folder/lock';
import { JournalOutcomes } from './folder/outcomes';
import { MemoryCounters, MemorySessions } from './memory';
import type { Stores } from './stores';

/**
 * Opens the stores that the options do not bring: sessions and counters in this process, files and outcomes in the
 * folder.
 *
 * @param cleanups - gets the steps that close them
 * @throws Error when the folder cannot be used or is another relay's, or its journal is damaged
 */
export async function openStores(
  { stores = {}, folder, now }: Settings,
  cleanups: CleanupStack,
): Promise<Stores> {
  const root = folder ?? (await mkdtemp(join(tmpdir(), 'servicemarket-relay-')));
  if (folder === undefined) cleanups.add(() => rm(root, { recursive: true, force: true }));
  // Before anything in the folder is touched: it may be another relay's.
  const lock = await FolderLock.acquire(root);
  cleanups.add(() => lock.release());
  const { sessions = new MemorySessions(now), counters = new MemoryCounters(now) } = stores;
  const files = stores.files ?? (await LocalFileStore.open(join(root, 'files')));
  if (stores.outcomes) return { sessions, counters, files, outcomes: stores.outcomes, folder: root };
  const outcomes = await JournalOutcomes.open(join(root, 'outcomes.jsonl'), now, () => lock.fence());
  cleanups.add(() => outcomes.close());
  return { sessions, counters, files, outcomes, folder: root };
}
