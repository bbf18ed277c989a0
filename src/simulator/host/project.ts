import type { PluginDeclaration } from '../plugins/types';
import type { Any } from '../types';
import type { ModuleFiles } from './modules';

export interface Subpackage {
  root: string;
  /** Paths from the mini-program's root. */
  pages: string[];
  entry?: string;
  plugins: Record<string, PluginDeclaration>;
}

/** A built mini-program as its files describe it. */
export interface Project {
  /** Folder that holds app.json. */
  root: string;
  /** app.json. */
  config: Any;
  pages: string[];
  subpackages: Subpackage[];
  plugins: Record<string, PluginDeclaration>;
  /** The plugin that this project develops beside its host. */
  ownPlugin?: { appid: string; root: string };
}

/** @throws Error when there is no app.json, or it is no JSON */
export function readProject(files: ModuleFiles, projectDir: string): Project {
  const projectFile = files.resolve(projectDir, 'project.config.json');
  const settings = (files.exists(projectFile) ? JSON.parse(files.read(projectFile)) : {}) as Record<
    string,
    string
  >;
  const root = files.resolve(projectDir, settings.miniprogramRoot ?? '');
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
    pages: config.pages as string[],
    subpackages,
    plugins: pluginsOf(config.plugins),
    ownPlugin: settings.pluginRoot
      ? { appid: settings.appid as string, root: files.resolve(projectDir, settings.pluginRoot) }
      : undefined,
  };
}
