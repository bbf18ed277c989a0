/** What an injected file holds. `plugins` are the names of those that it connects. */
export type SiteContent =
  | { kind: 'host'; plugins: string[] }
  | { kind: 'plugin' }
  /** Connects a subpackage's plugins to the runtime at `runtimeFile`; without any plugin, the file is to go. */
  | { kind: 'connector'; plugins: string[]; runtimeFile: string };

/** One injected file and the scripts that load it. Paths are relative to the project. */
export interface InjectionSite {
  /** The injected file. */
  file: string;
  content: SiteContent;
  /** Scripts that get the load statement. */
  scripts: string[];
  /** Those of the scripts that have to export `connectServiceMarket`: a plugin's main. */
  reExports?: string[];
  /** A script to be created, where the package root has no entry file. */
  createdScript?: string;
  /** The subpackage of the manifest whose `entry` has to name the injected file. */
  entryOf?: [key: string, index: number];
}
