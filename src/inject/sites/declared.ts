import type { Area } from '../project/package-roots';
import { formatPlace } from '../errors';
import { subpackagesOf } from '../project/subpackages';

/**
 * @param owner - a manifest, or a subpackage in it
 * @param listed - names of the configuration's `plugins`
 * @returns those of the names that the owner declares
 */
export function declaredPlugins(owner: Record<string, unknown>, listed: string[]): string[] {
  const { plugins } = owner;
  if (typeof plugins !== 'object' || plugins === null) return [];
  return listed.filter((name) => Object.hasOwn(plugins, name));
}

/** @returns a sentence for each listed plugin that a project's host declares nowhere */
export function undeclaredPlugins(areas: Area[], listed: string[]): string[] {
  return areas.flatMap((area) => {
    if (area.kind === 'plugin') return [];
    const { manifest } = area;
    const owners = [manifest.value, ...subpackagesOf(area).map(({ value }) => value)];
    const declared = new Set(owners.flatMap((owner) => declaredPlugins(owner, listed)));
    const missing = listed.filter((name) => !declared.has(name));
    if (!missing.length) return [];
    const place = formatPlace(manifest.place(['plugins']));
    return missing.map(
      (name) =>
        `${place}: no plugin "${name}" is declared here or in a subpackage, but "plugins" of the configuration lists it: it will not be connected`,
    );
  });
}
