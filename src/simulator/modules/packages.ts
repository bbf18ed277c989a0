import type { ModuleFiles } from './modules';

/** What of a package's manifest says what "Build npm" packs. */
interface Manifest {
  main?: string;
  miniprogram?: unknown;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/**
 * The file of an installed package that "Build npm" would pack for a request: of the package's folder for mini-programs
 * where it has one, else its main file. `exports` and `module` say nothing to it, and it packs nothing that a project
 * only develops with.
 *
 * @param folder - of the file that requires it
 * @param request - for example `@scope/name` or `name/sub/file`
 * @returns undefined where nothing would be packed
 * @throws Error for a package that is only a devDependency
 */
export function findInstalled(files: ModuleFiles, folder: string, request: string): string | undefined {
  const { name, inside } = split(request);
  const home = packageFolder(files, folder, name);
  if (!home) return undefined;
  demandPacked(files, folder, name);
  const manifest = manifestOf(files, home);
  const packed = files.resolve(
    home,
    typeof manifest.miniprogram === 'string' ? manifest.miniprogram : 'miniprogram_dist',
  );
  if (files.isFolder(packed)) {
    return scriptAt(files, files.resolve(packed, inside || 'index'));
  }
  return inside ? undefined : scriptAt(files, files.resolve(home, manifest.main ?? 'index.js'));
}

/** A module that a bundled package requires of its own, found as Node finds it. */
export const scriptAt = (files: ModuleFiles, path: string): string | undefined =>
  [path, `${path}.js`, `${path}.json`, files.resolve(path, 'index.js')].find((file) => files.exists(file));

/** Whether a file belongs to an installed package. */
export const isInstalled = (file: string): boolean => /[/\\]node_modules[/\\]/.test(file);

function split(request: string): { name: string; inside: string } {
  const parts = request.split('/');
  const length = request.startsWith('@') ? 2 : 1;
  return { name: parts.slice(0, length).join('/'), inside: parts.slice(length).join('/') };
}

function packageFolder(files: ModuleFiles, folder: string, name: string): string | undefined {
  return upwards(files, folder)
    .map((at) => files.resolve(at, 'node_modules', name))
    .find((home) => files.exists(files.resolve(home, 'package.json')));
}

function demandPacked(files: ModuleFiles, folder: string, name: string): void {
  const owner = upwards(files, folder).find((at) => files.exists(files.resolve(at, 'package.json')));
  const { dependencies = {}, devDependencies = {} } = owner ? manifestOf(files, owner) : {};
  if (!(name in devDependencies) || name in dependencies) return;
  throw new Error(
    `Failed to require ${name}: it is a devDependency, and "Build npm" packs dependencies alone. Move it to "dependencies" in package.json.`,
  );
}

const manifestOf = (files: ModuleFiles, folder: string): Manifest =>
  JSON.parse(files.read(files.resolve(folder, 'package.json'))) as Manifest;

/** A folder and those above it, nearest first. */
export function upwards(files: ModuleFiles, folder: string): string[] {
  const above = files.dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(files, above)];
}
