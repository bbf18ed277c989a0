import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fillDefaults, findFault, formatLocation, JsonSyntaxError, parseJsonFile } from '../../json';
import { errorText, text } from '../../texts';
import type { ErrorKey } from '../../texts';
import type { OneOfAppsConfig, RelayConfig } from './config-types';
import { APP_SCHEMA, CONFIG_SCHEMA } from './schema';

/** Where a configuration's other parts come from. */
export interface Source {
  file: string;
  /** What the names of variables end with: those of one app among several. */
  suffix: string;
  env: Readonly<Record<string, string | undefined>>;
  /** @param path - relative to the file */
  resolvePath(path: string): string;
}

/** @param appid - of one app among several */
export function sourceOf(file: string, env: Source['env'], appid?: string): Source {
  const suffix = appid === undefined ? '' : `_${appid}`;
  return { file, suffix, env, resolvePath: (path) => resolve(dirname(file), path) };
}

/**
 * Reads the checked configuration with its defaults. Comments, trailing commas and a byte order mark are accepted.
 *
 * @throws Error that names the file, the place, the key and what is allowed
 */
export async function readConfig(file: string): Promise<RelayConfig> {
  const { value, locate } = parse(file, await readText(file));
  const fault = findFault(CONFIG_SCHEMA, value);
  if (fault) {
    const where = formatLocation(locate(fault.path, fault.part));
    throw faulty('relayConfigWrong', { where, cause: fault.cause });
  }
  const config = fillDefaults(CONFIG_SCHEMA, value) as RelayConfig & { $schema?: string };
  delete config.$schema;
  const [unserved] = Object.entries(config.apps ?? {}).find(([, app]) => app.component) ?? [];
  if (unserved !== undefined && !config.component) {
    throw faulty('componentMissing', { where: formatLocation(locate(['apps', unserved, 'component'])) });
  }
  for (const {
    appid,
    config: { users },
  } of appsOf(config)) {
    if (users?.wx || users?.jwt) continue;
    const path = appid === undefined || !config.apps?.[appid].users ? ['users'] : ['apps', appid, 'users'];
    throw faulty('relayWithoutUsers', { where: formatLocation(locate(path)) });
  }
  return config;
}

/** One of the apps of a configuration, with what stands beside `apps` where it says nothing itself. */
export interface ConfiguredApp {
  /** Where there are several. */
  appid?: string;
  config: OneOfAppsConfig;
}

/** All of them; that of a relay of one app has no appid here. */
export function appsOf(config: RelayConfig): ConfiguredApp[] {
  const { properties = {} } = APP_SCHEMA;
  const shared = Object.fromEntries(
    Object.entries(config).filter(([name]) => name !== 'component' && Object.hasOwn(properties, name)),
  ) as OneOfAppsConfig;
  if (!config.apps) return [{ config: shared }];
  return Object.entries(config.apps).map(([appid, own]) => ({
    appid,
    config: fillDefaults(APP_SCHEMA, { ...shared, ...own }) as OneOfAppsConfig,
  }));
}

/**
 * The app that a command beside the relay asks about.
 *
 * @returns its configuration; `scope` is its appid where there are several
 * @throws Error where several are possible, or it is none of them
 */
export function findApp(
  config: RelayConfig,
  app: string | undefined,
): { scope?: string; config: OneOfAppsConfig } {
  if (app === undefined && !config.apps) return appsOf(config)[0];
  const found = config.apps && appsOf(config).find(({ appid }) => appid === app);
  if (found) return { scope: found.appid, config: found.config };
  const apps = Object.keys(config.apps ?? {}).join(', ');
  throw app === undefined ? faulty('appNeeded', { apps }) : faulty('noSuchApp', { appid: app });
}

function parse(file: string, source: string): ReturnType<typeof parseJsonFile> {
  try {
    return parseJsonFile(file, source);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw faulty('relayConfigWrong', { where: formatLocation(error.location), cause: error.problem });
  }
}

/** @returns the variable of this name, or of one app's own */
export function readEnv({ env, suffix }: Source, name: string): string | undefined {
  return env[name + suffix];
}

/** @param user - the key that needs the variable, for the error text */
export function requireEnv(source: Source, base: string, user: string): string {
  const { file, suffix } = source;
  const [name, value] = [base + suffix, readEnv(source, base)];
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
