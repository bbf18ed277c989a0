import type { ChannelName } from '../../protocol';
import { findOwnPackage, readBuiltFile } from '../own-package';
import { channelsOf, type ProjectConfiguration } from '../project/configuration';
import { pluginLoadersLiteral } from './plugin-connector';
import { fillRuntimeFile, toLiteral } from './runtime-file';

/** The order of the parts in the names of the prebuilt files. */
const ORDER: ChannelName[] = ['bridge', 'relay', 'cloud'];
const GUEST = 'dist/compat/plugin.min.js';

/** The prebuilt files with a configuration in them. Each is read when it is asked for. */
export interface Runtime {
  configuration: ProjectConfiguration;
  /** Plugins that the configuration lists, by name. */
  plugins: string[];
  /**
   * The runtime file of a mini-program or a game.
   *
   * @param plugins - names of the plugins that this copy connects, where the configuration lists any
   */
  forHost(plugins: string[]): string;
  /** The runtime file of a plugin; it needs no configuration. */
  forPlugin(): string;
}

/**
 * Chooses the smallest prebuilt file that holds the configured channels, and the plugin part where plugins are
 * configured.
 *
 * @param packageDir - folder of this package; found from the running file by default
 * @returns functions that throw an InjectError when the package was not built or its file is damaged
 */
export function openRuntime(configuration: ProjectConfiguration, packageDir = findOwnPackage()): Runtime {
  const channels = channelsOf(configuration);
  const plugins = Object.keys(configuration.plugins ?? {});
  const parts = [
    ...ORDER.filter((channel) => channels.includes(channel)),
    ...(plugins.length ? ['plugins'] : []),
  ];
  const name = `dist/compat/${parts.join('+')}.min.js`;
  const configArgument = toLiteral(configuration);
  return {
    configuration,
    plugins,
    forHost(connected) {
      const args = plugins.length ? `${configArgument},${pluginLoadersLiteral(connected)}` : configArgument;
      return fillRuntimeFile(readBuiltFile(packageDir, name), args, name);
    },
    forPlugin: () => fillRuntimeFile(readBuiltFile(packageDir, GUEST), '{}', GUEST),
  };
}
