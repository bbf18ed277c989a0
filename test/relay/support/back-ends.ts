/** Every place where intents, outcomes and limits are kept, opened in one way. */
import { Redis } from 'ioredis';
import { join } from 'node:path';
import { createDatabase as createSdkDatabase } from '../../../src/functions/cloud-function/cloud-sdk';
import type { Database } from '../../../src/functions/shared/database';
import { DatabaseCounters } from '../../../src/functions/shared/database-counters';
import { DatabaseOutcomes } from '../../../src/functions/shared/database-outcomes';
import { createDatabase as createUniDatabase } from '../../../src/functions/unicloud/unicloud';
import type { Counters, Outcomes, RunLimits } from '../../../src/invocation';
import { openRedisStores } from '../../../src/relay';
import { JournalOutcomes } from '../../../src/relay/stores/folder/outcomes';
import { MemoryCounters } from '../../../src/relay/stores/memory';
import { CLAIM_EXPIRY_MS } from '../../../src/relay/stores/redis/outcomes';
import { FakeSdkDatabase, FakeUniDatabase } from '../../support/fakes/cloud-database';
import { cleanUpAfterTest } from '../../support/cleanup';
import { temporaryFolder } from '../../support/files';
import { openRedis } from './servers';

/** What one process has of a back end. */
export interface ProcessStores {
  outcomes: Omit<Outcomes, 'hasOwner' | 'check' | 'close'>;
  counters: Counters;
}

export interface BackEnd {
  /** Stores of another process over the same data. On a folder the process before has ended then. */
  openProcess(): Promise<ProcessStores>;
  /** Kills the processes that are open, with all their claims: so long ago that nobody waits for them. */
  killAll(): Promise<void>;
  /** How functions run. Without it the process runs on after an answer. */
  run?: RunLimits;
}

/** Of a function, with short pauses. */
const RUN: RunLimits = { maxWaitMs: 18_000, storeRetries: 2, storePauseMs: 1 };
/** Longer than any run of a function. */
const LONG_AGO_MS = 125_001;

/** The default of the relay: outcomes in a journal, limits in memory. */
export async function openFolderBackEnd(): Promise<BackEnd> {
  const path = join(temporaryFolder(), 'outcomes.jsonl');
  let open: JournalOutcomes | undefined;
  const close = async (): Promise<void> => {
    await open?.close();
    open = undefined;
  };
  cleanUpAfterTest(close);
  return {
    async openProcess() {
      await close();
      open = await JournalOutcomes.open(path);
      return { outcomes: open, counters: new MemoryCounters(Date.now) };
    },
    killAll: close,
  };
}

export async function openRedisBackEnd(): Promise<BackEnd> {
  const url = await openRedis();
  const client = new Redis(url, { keyPrefix: 'servicemarket:' });
  cleanUpAfterTest(() => client.quit());
  const open = new Set<Outcomes>();
  const closeAll = async (): Promise<void> => {
    await Promise.all([...open].map((outcomes) => outcomes.close()));
    open.clear();
  };
  cleanUpAfterTest(closeAll);
  return {
    async openProcess() {
      const stores = await openRedisStores({ url });
      open.add(stores.outcomes);
      return stores;
    },
    async killAll() {
      // No heartbeats any more.
      await closeAll();
      for (const key of await client.keys('servicemarket:call:*'))
        await client.hincrby(key.replace('servicemarket:', ''), 's', -CLAIM_EXPIRY_MS - 1000);
    },
  };
}

/** Of the channel "cloud". */
export async function openCloudFunctionBackEnd(): Promise<BackEnd> {
  const fake = new FakeSdkDatabase(['calls', 'limits']);
  return openDatabaseBackEnd(fake, createSdkDatabase({ database: () => fake.api } as never));
}

/** Of the relay as a function of uniCloud. */
export async function openUnicloudBackEnd(): Promise<BackEnd> {
  const fake = new FakeUniDatabase(['calls', 'limits']);
  return openDatabaseBackEnd(fake, createUniDatabase({ database: () => fake.api } as never));
}

function openDatabaseBackEnd(fake: FakeSdkDatabase | FakeUniDatabase, database: Database): BackEnd {
  return {
    run: RUN,
    openProcess: async () => ({
      outcomes: new DatabaseOutcomes(database),
      counters: new DatabaseCounters(database),
    }),
    async killAll() {
      for (const call of fake.of('calls')) call.at -= LONG_AGO_MS;
    },
  };
}
