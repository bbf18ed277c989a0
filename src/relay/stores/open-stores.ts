import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorText } from '../../texts';
import type { CleanupStack } from '../cleanup-stack';
import { LocalFileStore } from '../files/local-store';
import type { AppSettings } from '../apps/app-options';
import type { Settings } from '../options';
import { setAside } from './folder/damaged-file';
import { FolderDenials } from './folder/denials';
import { isDiskFull, RoomCheckedFiles } from './folder/disk';
import { FolderLock } from './folder/lock';
import { JournalOutcomes } from './folder/outcomes';
import { FolderPushes } from './folder/pushes';
import { recordPaths } from './folder/records';
import { UsageFiles } from './folder/usage-files';
import type { StoreLog } from './log';
import { MemoryCounters, MemorySessions } from './memory';
import { LocalSignals } from './signals';
import type { AppStores, Stores } from './stores';

/**
 * Opens the stores that the options do not bring: sessions and counters in this process, files and outcomes in the
 * folder.
 *
 * @param cleanups - gets the steps that close them
 * @throws Error when the folder cannot be used or is another relay's, or its journal is damaged
 */
export async function openStores(settings: Settings, cleanups: CleanupStack, log: StoreLog): Promise<Stores> {
  const { stores = {}, folder, now } = settings;
  const root = folder ?? (await mkdtemp(join(tmpdir(), 'servicemarket-relay-')));
  if (folder === undefined) cleanups.add(() => rm(root, { recursive: true, force: true }));
  // Before anything in the folder is touched: it may be another relay's.
  const lock = await acquireLock(root, now);
  cleanups.add(() => lock.release());

  const files = stores.files ?? (await LocalFileStore.open(join(root, 'files')));
  return {
    sessions: stores.sessions ?? new MemorySessions(now),
    files: await RoomCheckedFiles.open(files, root, settings, log),
    folder: root,
    openApp: (app) => openAppStores(app, { settings, root, lock, cleanups, log }),
    openComponentPushes: async () =>
      stores.pushes ?? FolderPushes.open(join(root, 'component-pushes'), () => lock.fence(), log),
  };
}

interface Surroundings {
  settings: Settings;
  /** The relay's folder. */
  root: string;
  lock: FolderLock;
  cleanups: CleanupStack;
  log: StoreLog;
}

/** Those of one app: where the relay has several, each has instances and a folder of its own. */
async function openAppStores(
  { appid, scope, budgets }: AppSettings,
  { settings, root, lock, cleanups, log }: Surroundings,
): Promise<AppStores> {
  const { stores = {}, now } = settings;
  const paths = recordPaths(root, scope);
  await mkdir(paths.folder, { recursive: true, mode: 0o700 });
  const {
    counters = new MemoryCounters(now),
    signals = new LocalSignals(),
    denials = new FolderDenials(paths.denials),
    pushes = await FolderPushes.open(paths.pushes, () => lock.fence(), log),
    outcomes,
  } = scope === undefined ? stores : (stores.forApp?.(scope) ?? {});
  cleanups.add(() => signals.close());
  if (outcomes) {
    if (scope !== undefined) cleanups.add(() => outcomes.close());
    outcomes.logTo?.(log);
    return { counters, signals, denials, pushes, outcomes };
  }
  const journal = await JournalOutcomes.open(paths.journal, {
    now,
    // A clock that the options bring is steady.
    elapsed: now === Date.now ? undefined : now,
    fence: () => lock.fence(),
    maxBytes: settings.maxDisk,
    appid,
    budgets,
    usage: new UsageFiles(paths.usage, settings.usageDays, (damaged) =>
      setAside(damaged, 'its day has only the sums of calls that are still in the journal', log),
    ),
  });
  cleanups.add(() => journal.close());
  journal.logTo(log);
  return { counters, signals, denials, pushes, outcomes: journal };
}

/** A lock needs a few bytes: on a full disk those of expired files, which no relay needs any more. */
async function acquireLock(root: string, now: () => number): Promise<FolderLock> {
  try {
    return await FolderLock.acquire(root);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    const files = await LocalFileStore.open(join(root, 'files'), { isShared: true });
    await files.sweep(Math.floor(now() / 1000));
  }
  return FolderLock.acquire(root).catch((cause: unknown) => {
    if (!isDiskFull(cause)) throw cause;
    throw new Error(errorText('relayDiskFull', { folder: root }), { cause });
  });
}
