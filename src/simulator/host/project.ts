import type { ModuleFiles } from '../modules/modules';
import { upwards } from '../modules/packages';
import type { PluginDeclaration } from '../plugins/types';
import type { Any } from '../types';

export interface Subpackage {
  root: string;
  /** Paths from the mini-program's root. */
  pages: string[];
  entry?: string;
  plugins: Record<string, PluginDeclaration>;
}

/** A mini-program as its files describe it. */
export interface Project {
  /** Folder that holds app.json. */
  root: string;
  /** app.json. */
  config: Any;
  settings: ProjectSettings;
  pages: string[];
  subpackages: Subpackage[];
  plugins: Record<string, PluginDeclaration>;
  /** The plugin that this project develops beside its host. */
  ownPlugin?: { appid: string; root: string };
}

/** What the files around a mini-program say. */
interface ProjectSettings {
  /** Folder of project.config.json; the project's own where there is none. */
  folder: string;
  appid?: string;
  /** The base library that the developer tools are set to. */
  libVersion?: string;
  miniprogramRoot?: string;
  pluginRoot?: string;
  /** servicemarket.config.json. */
  servicemarket?: unknown;
}

/** @throws Error when there is no app.json, or it is no JSON */
export function readProject(files: ModuleFiles, projectDir: string): Project {
  const settings = readSettings(files, projectDir);
  const root = rootOf(files, projectDir, settings);
  const configFile = files.resolve(root, 'app.json');
  if (!files.exists(configFile)) {
    throw new Error(
      `Failed to boot ${projectDir}: there is no app.json. Give the folder that DevTools opens.`,
    );
  }
  const config = JSON.parse(files.read(configFile)) as Any;
  const pluginsOf = (declared: Any): Record<string, PluginDeclaration> =>
    Object.fromEntries(
      Object.entries((declared ?? {}) as Record<string, PluginDeclaration>).map(([name, declaration]) => {
        const file = declaration.export;
        return [
          name,
          file === undefined ? declaration : { ...declaration, export: files.resolve(root, file) },
        ];
      }),
    );
  const subpackages = ((config.subPackages ?? config.subpackages ?? []) as Any[]).map((part): Subpackage => {
    const folder = (part.root as string).replace(/^\/|\/$/g, '');
    const pages = (part.pages as string[]).map((page) => `${folder}/${page}`);
    return { root: folder, pages, entry: part.entry as string | undefined, plugins: pluginsOf(part.plugins) };
  });
  return {
    root,
    config,
    settings,
    pages: config.pages as string[],
    subpackages,
    plugins: pluginsOf(config.plugins),
    ownPlugin: settings.pluginRoot
      ? { appid: settings.appid as string, root: files.resolve(settings.folder, settings.pluginRoot) }
      : undefined,
  };
}

/** Of project.config.json and servicemarket.config.json, in the folder or above it, as far as the package goes. */
export function readSettings(files: ModuleFiles, projectDir: string): ProjectSettings {
  const all = upwards(files, files.resolve(projectDir));
  const last = all.findIndex((folder) => files.exists(files.resolve(folder, 'package.json')));
  const folders = last < 0 ? all.slice(0, 2) : all.slice(0, last + 1);
  const read = (name: string): { folder: string; value: Any } | undefined => {
    const folder = folders.find((at) => files.exists(files.resolve(at, name)));
    return folder === undefined
      ? undefined
      : { folder, value: JSON.parse(files.read(files.resolve(folder, name))) as Any };
  };
  const shared = read('project.config.json');
  return {
    ...(shared?.value as object | undefined),
    ...(read('project.private.config.json')?.value as object | undefined),
    folder: shared?.folder ?? files.resolve(projectDir),
    servicemarket: read('servicemarket.config.json')?.value as unknown,
  };
}

/** The folder itself where it holds app.json, else the mini-program's folder that project.config.json names. */
function rootOf(files: ModuleFiles, projectDir: string, settings: ProjectSettings): string {
  const own = files.resolve(projectDir);
  if (settings.folder === own) return files.resolve(own, settings.miniprogramRoot ?? '');
  return own;
}
