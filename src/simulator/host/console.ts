import { toRealmTable } from '../realm/realm';
import { jsonText } from '../text';
import type { Any, LogLine } from '../types';
import type { Env } from './env';

const LEVELS: LogLine['level'][] = ['log', 'info', 'warn', 'error', 'debug'];

/** The realm's console: lines go to `host.logs`. */
export function consoleGlobal(env: Env): Any {
  const table = LEVELS.map((level) => [level, (...values: unknown[]) => env.log(level, ...values)] as const);
  return toRealmTable(env.realm, Object.fromEntries(table)) as unknown;
}

/** A value as one piece of a log line. */
export function printed(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value !== null && typeof value === 'object' && 'stack' in value) return String(value.stack);
  try {
    return jsonText(value) ?? String(value);
  } catch {
    return String(value);
  }
}
