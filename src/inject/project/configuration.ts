import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { ChannelName, Configuration } from '../../protocol';
import { findFault, type Schema } from '../../json';
import { text } from '../../texts';
import { InjectError } from '../errors';
import { parseJsonFile } from './json-file';
import schema from '../servicemarket.config.schema.json';

export const CONFIGURATION_NAME = 'servicemarket.config.json';

/** The content of servicemarket.config.json. */
export interface ProjectConfiguration extends Configuration {
  /** The calls that plugins may make on the host's account, by the plugin's name in the manifest. */
  plugins?: Record<string, 'all' | { service: string; api?: string; perMinute?: number }[]>;
}

/**
 * Finds servicemarket.config.json in a project's folder or above it, up to the first folder with a
 * package.json: an output folder such as `dist/` uses the configuration of the project that it was built from.
 *
 * @returns the file's path, or undefined
 */
export function findConfiguration(projectDir: string): string | undefined {
  for (let folder = resolve(projectDir); ; folder = dirname(folder)) {
    const path = join(folder, CONFIGURATION_NAME);
    if (existsSync(path)) return path;
    if (existsSync(join(folder, 'package.json')) || folder === dirname(folder)) return undefined;
  }
}

/** @returns the channels that may be used; without "channels", as in the runtime: the bridge, and those that are configured */
export function channelsOf({ channels, relay, cloud }: Configuration): ChannelName[] {
  if (channels) return channels;
  return ['bridge', ...(relay ? (['relay'] as const) : []), ...(cloud ? (['cloud'] as const) : [])];
}

/** @returns the configuration that applies to a folder; empty where there is no file */
export function configurationOf(projectDir: string): ProjectConfiguration {
  const path = findConfiguration(projectDir);
  return path === undefined ? {} : readConfiguration(path);
}

/**
 * Reads and checks a configuration file.
 *
 * @throws InjectError naming the key, the file with line and column, and the allowed values
 */
export function readConfiguration(path: string): ProjectConfiguration {
  const fromHere = relative('.', path);
  const name = fromHere.startsWith('..') ? path : fromHere;
  let source: string;
  try {
    source = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new InjectError('configurationUnreadable', {}, { file: name }, { cause });
  }
  const file = parseJsonFile(name, source);
  const configuration = { ...file.value };
  delete configuration.$schema;
  const fault = findFault(schema as Schema, file.value) ?? missingSection(configuration);
  if (!fault) return configuration;
  throw new InjectError('configurationWrong', { cause: fault.cause }, file.locate(fault.path, fault.part));
}

/** A channel that is named needs its section. */
function missingSection({ channels = [], relay, cloud }: Configuration): ReturnType<typeof findFault> {
  for (const [channel, section, keys] of [
    ['relay', relay, '"relay": {"url"}'],
    ['cloud', cloud, '"cloud": {"env", "function"}'],
  ] as const) {
    const index = channels.indexOf(channel);
    if (index >= 0 && !section)
      return { path: ['channels', index], cause: text('sectionMissing', { channel, keys }) };
  }
  return undefined;
}
