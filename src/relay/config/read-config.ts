import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  fillDefaults,
  findFault,
  formatLocation,
  JsonSyntaxError,
  parseJsonFile,
  type Schema,
} from '../../json';
import { errorText, text } from '../../texts';
import type { ErrorKey } from '../../texts';
import type { RelayConfig } from './config-types';
import schema from './relay.config.schema.json';

/** Where a configuration's other parts come from. */
export interface Source {
  file: string;
  env: Readonly<Record<string, string | undefined>>;
  /** @param path - relative to the file */
  resolvePath(path: string): string;
}

export function sourceOf(file: string, env: Source['env']): Source {
  return { file, env, resolvePath: (path) => resolve(dirname(file), path) };
}

/**
 * Reads the checked configuration with its defaults. Comments, trailing commas and a byte order mark are accepted.
 *
 * @throws Error that names the file, the place, the key and what is allowed
 */
export async function readConfig(file: string): Promise<RelayConfig> {
  const { value, locate } = parse(file, await readText(file));
  const fault = findFault(schema as Schema, value);
  if (fault) {
    const where = formatLocation(locate(fault.path, fault.part));
    throw faulty('relayConfigWrong', { where, cause: fault.cause });
  }
  const config = fillDefaults(schema as Schema, value) as RelayConfig & { $schema?: string };
  delete config.$schema;
  if (config.users.wx || config.users.jwt) return config;
  throw faulty('relayWithoutUsers', { where: formatLocation(locate(['users'])) });
}

function parse(file: string, source: string): ReturnType<typeof parseJsonFile> {
  try {
    return parseJsonFile(file, source);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw faulty('relayConfigWrong', { where: formatLocation(error.location), cause: error.problem });
  }
}

/** @param user - the key that needs the variable, for the error text */
export function requireEnv({ env, file }: Source, name: string, user: string): string {
  const value = env[name];
  if (!value) throw faulty('relayEnvMissing', { where: file, user, name });
  // Copied along by an editor or a shell; the platform or the store would only say that the secret is wrong.
  if (/\s/.test(value)) throw faulty('relayEnvHasBlank', { where: file, name });
  return value;
}

export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? text('noSuchFile') : `${code}`;
    throw new Error(errorText('relayFileUnreadable', { path, reason }), { cause });
  }
}

export function faulty(key: ErrorKey, values: Record<string, string | number>): Error {
  return new Error(errorText(key, values));
}
