import type { Redis } from 'ioredis';
import { text } from '../../../texts';

/** Fields of the server's INFO by their names. */
export type ServerInfo = Readonly<Record<string, string | undefined>>;

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
  if (info.redis_mode === 'cluster') return { fault: text('redisIsCluster'), warnings: [] };
  if (info.redis_mode === 'sentinel') return { fault: text('redisIsSentinel'), warnings: [] };
  if (info.role === 'slave') return { fault: text('redisIsReplica'), warnings: [] };
  if (info.aof_enabled === '1' && info.aof_last_write_status === 'err') {
    return { fault: text('redisCannotAppend'), warnings: [] };
  }
  if (acceptLoss) return { warnings: [] };
  const { maxmemory_policy: policy, aof_enabled: aof } = info;
  const faults = [
    policy !== undefined && policy !== 'noeviction' && text('redisMayEvict', { policy }),
    aof === '0' && text('redisMayLose'),
    aof !== '0' && appendfsync === 'no' && text('redisMayLoseWithMachine'),
  ].filter((fault) => fault !== false);
  const unknown = [
    policy === undefined && 'maxmemory-policy',
    aof === undefined && 'appendonly',
    appendfsync === undefined && aof !== '0' && 'appendfsync',
  ].filter((name) => name !== false);
  return {
    fault: faults.length > 0 ? text('redisMend', { faults: faults.join(text('and')) }) : undefined,
    warnings: unknown.map(
      (name) => `Redis does not tell its ${name}; make sure that it loses and evicts nothing.`,
    ),
  };
}

/** Reads `field:value` lines. */
export function parseInfo(answer: string): ServerInfo {
  const pairs = answer.split('\r\n').map((line) => line.split(/:(.*)/s, 2) as [string, string | undefined]);
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
