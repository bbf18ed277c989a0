import type { Redis } from 'ioredis';

/** Fields of the server's INFO by their names. */
export type ServerInfo = Readonly<Record<string, string | undefined>>;

const MEND =
  'Set these three lines in redis.conf: "appendonly yes", "appendfsync everysec", "maxmemory-policy noeviction"; ' +
  'or accept that calls may be billed twice, by "redis": {"acceptLoss": true}.';

/**
 * Says whether a server keeps what is written into it.
 *
 * @param info - of INFO
 * @param appendfsync - of CONFIG; undefined where that is forbidden
 * @param acceptLoss - the owner accepts a server that may lose or evict intents
 * @returns the fault and its remedy, if there is one; and what could not be found out
 */
export function findFaults(
  info: ServerInfo,
  appendfsync: string | undefined,
  acceptLoss: boolean,
): { fault?: string; warnings: string[] } {
  if (info.redis_mode === 'cluster') {
    return {
      fault: 'it is a Redis Cluster, which is not supported. Name a single server or its failover name.',
      warnings: [],
    };
  }
  if (info.redis_mode === 'sentinel') {
    return {
      fault:
        'it is a Sentinel, which is not supported. Name the server, or a name that leads to the present master.',
      warnings: [],
    };
  }
  if (info.role === 'slave') return { fault: 'it is a replica. Name the master.', warnings: [] };
  if (info.aof_enabled === '1' && info.aof_last_write_status === 'err') {
    return { fault: 'it cannot write its append-only file. Look at its log and its disk.', warnings: [] };
  }
  if (acceptLoss) return { warnings: [] };
  const { maxmemory_policy: policy, aof_enabled: aof } = info;
  const faults = [
    policy !== undefined && policy !== 'noeviction' && `it may evict intents (maxmemory-policy ${policy})`,
    aof === '0' && 'it may lose intents when it ends (appendonly no)',
    aof !== '0' && appendfsync === 'no' && 'it may lose intents when its machine ends (appendfsync no)',
  ].filter((fault) => fault !== false);
  const unknown = [
    policy === undefined && 'maxmemory-policy',
    aof === undefined && 'appendonly',
    appendfsync === undefined && aof !== '0' && 'appendfsync',
  ].filter((name) => name !== false);
  return {
    fault: faults.length > 0 ? `${faults.join(', and ')}. ${MEND}` : undefined,
    warnings: unknown.map(
      (name) => `Redis does not tell its ${name}; make sure that it loses and evicts nothing.`,
    ),
  };
}

/** Reads `field:value` lines. */
export function parseInfo(text: string): ServerInfo {
  const pairs = text.split('\r\n').map((line) => line.split(/:(.*)/s, 2) as [string, string | undefined]);
  return Object.fromEntries(pairs);
}

/** @returns appendfsync; undefined where CONFIG is forbidden */
export async function readConfig(client: Redis): Promise<string | undefined> {
  try {
    const [, value] = (await client.config('GET', 'appendfsync')) as string[];
    return value;
  } catch (error) {
    if (/NOPERM|unknown command|not allowed/i.test((error as Error).message)) return undefined;
    throw error;
  }
}
