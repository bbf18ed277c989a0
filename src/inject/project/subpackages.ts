import type { PackageRoot } from './package-roots';
import { joinPath, normaliseRoot } from './paths';

/** A subpackage as the manifest names it. */
export interface Subpackage {
  /** Where the manifest lists it. */
  path: [key: string, index: number];
  value: Record<string, unknown>;
  /** Relative to the project. */
  folder: string;
  /** Paths without extension, relative to the project; a game has none. */
  pages: string[];
  /** It starts without the main package, and may require nothing outside. */
  isIndependent: boolean;
}

/** @returns the subpackages of a mini-program or a game that have a folder of their own */
export function listSubpackages(root: PackageRoot): Subpackage[] {
  return ['subpackages', 'subPackages'].flatMap((key) => {
    const list = root.manifest.value[key];
    return (Array.isArray(list) ? (list as unknown[]) : [])
      .map((item, index) => {
        const value = (item ?? {}) as Record<string, unknown>;
        return openSubpackage([key, index], value, joinPath(root.folder, normaliseRoot(value.root)));
      })
      .filter(({ folder }) => folder !== root.folder);
  });
}

function openSubpackage(
  path: Subpackage['path'],
  value: Record<string, unknown>,
  folder: string,
): Subpackage {
  const pages = (Array.isArray(value.pages) ? (value.pages as unknown[]) : [])
    .filter((page) => typeof page === 'string')
    .map((page) => joinPath(folder, page));
  return { path, value, folder, pages, isIndependent: value.independent === true };
}

/**
 * @param owner - a manifest, or a subpackage in it
 * @param configured - names of the plugins in servicemarket.config.json
 * @returns those of the names that the owner declares
 */
export function filterDeclaredPlugins(owner: Record<string, unknown>, configured: string[]): string[] {
  const { plugins } = owner;
  if (typeof plugins !== 'object' || plugins === null) return [];
  return configured.filter((name) => Object.hasOwn(plugins, name));
}
