import type { Area } from './package-roots';
import { joinPath, normaliseRoot } from './paths';

/** A subpackage as the manifest names it. */
export interface Subpackage {
  at: [key: string, index: number];
  value: Record<string, unknown>;
  /** Relative to the project. */
  root: string;
  /** Paths without extension, relative to the project; a game has none. */
  pages: string[];
  /** It starts without the main package, and may require nothing outside. */
  independent: boolean;
}

/** @returns the subpackages of an app or a game that have a folder of their own */
export function subpackagesOf(area: Area): Subpackage[] {
  return ['subpackages', 'subPackages'].flatMap((key) => {
    const list = area.manifest.value[key];
    return (Array.isArray(list) ? (list as unknown[]) : [])
      .map((value, index) => {
        const found = (value ?? {}) as Record<string, unknown>;
        return openSubpackage([key, index], found, joinPath(area.root, normaliseRoot(found.root)));
      })
      .filter(({ root }) => root !== area.root);
  });
}

function openSubpackage(at: Subpackage['at'], value: Record<string, unknown>, root: string): Subpackage {
  const pages = (Array.isArray(value.pages) ? (value.pages as unknown[]) : [])
    .filter((page) => typeof page === 'string')
    .map((page) => joinPath(root, page));
  return { at, value, root, pages, independent: value.independent === true };
}
