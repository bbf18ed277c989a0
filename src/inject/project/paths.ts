import { isAbsolute, posix } from 'node:path';

/**
 * Reads a path of project.config.json or a manifest as the platform's tools do: they ignore leading `/`, `./` and
 * `../` (miniprogram-ci 2.1.42).
 *
 * @returns a relative path without a slash at its end; '' is the folder itself
 */
export function normaliseRoot(root: unknown): string {
  if (typeof root !== 'string') return '';
  const path = posix
    .normalize(root.replace(/\\/g, '/'))
    .replace(/^(?:\.{0,2}\/)+/, '')
    .replace(/\/+$/, '');
  return /^\.{1,2}$/.test(path) ? '' : path;
}

/** Whether a relative path stays below the folder that it starts from. */
export function staysInside(path: string): boolean {
  return !isAbsolute(path) && !path.split(/[\\/]/).includes('..');
}

/** `posix.join` where '' stays '', so that the result is always relative. */
export function joinPath(...parts: string[]): string {
  const path = posix.join(...parts);
  return path === '.' ? '' : path;
}
