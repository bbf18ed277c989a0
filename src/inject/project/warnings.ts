import { text } from '../../texts';
import { formatLocation } from '../errors';
import { channelsOf, type ProjectConfiguration } from './configuration';
import type { PackageRoot } from './package-roots';
import { filterDeclaredPlugins, listSubpackages } from './subpackages';

/**
 * Finds what is more likely a slip than a choice in manifests and configuration; the injection itself works.
 *
 * @param configuration - absent where no manifest asks for the shim: then it is not read
 * @returns a sentence each, without the final stop
 */
export function findWarnings(roots: PackageRoot[], configuration: ProjectConfiguration = {}): string[] {
  const plugins = Object.keys(configuration.plugins ?? {});
  return [
    ...roots.flatMap(checkSwitch),
    ...roots.flatMap((root) => checkPluginsAreDeclared(root, plugins)),
    ...checkChannelsAreUsed(configuration),
  ];
}

/** A key that is there but does not say true is more likely a slip than a choice, unless it says false. */
function checkSwitch({ manifest }: PackageRoot): string[] {
  const misspelt = Object.keys(manifest.value).find(
    (key) => key !== 'servicemarket' && /^service[-_]?markets?$/i.test(key),
  );
  if (misspelt !== undefined) {
    const location = formatLocation(manifest.locate([misspelt], 'key'));
    return [text('switchMisspelt', { location, key: misspelt })];
  }
  const value = manifest.value.servicemarket;
  if (typeof value === 'boolean' || value === undefined) return [];
  const location = formatLocation(manifest.locate(['servicemarket']));
  return [text('switchIsNotTrue', { location, value: JSON.stringify(value) })];
}

/** @returns a sentence for each configured plugin that a mini-program or game declares nowhere */
export function checkPluginsAreDeclared(root: PackageRoot, configured: string[]): string[] {
  if (root.kind === 'plugin') return [];
  const owners = [root.manifest.value, ...listSubpackages(root).map(({ value }) => value)];
  const declared = new Set(owners.flatMap((owner) => filterDeclaredPlugins(owner, configured)));
  const location = formatLocation(root.manifest.locate(['plugins']));
  return configured
    .filter((name) => !declared.has(name))
    .map((name) => text('pluginUndeclared', { location, name }));
}

/** @returns a sentence for each channel that is configured but may not be used */
export function checkChannelsAreUsed(configuration: ProjectConfiguration): string[] {
  const { relay, cloud } = configuration;
  const channels = channelsOf(configuration);
  return Object.entries({ relay, cloud }).flatMap(([name, section]) =>
    section && !channels.includes(name as 'relay' | 'cloud') ? [text('channelUnused', { name })] : [],
  );
}
