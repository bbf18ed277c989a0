import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChannelName } from '../../protocol';
import { fillArtifact } from './runtime-file';
import { channelsOf, type ProjectConfiguration } from '../project/configuration';
import { InjectError } from '../errors';
import { toLiteral } from './literal';
import { findPackageRoot } from '../own-package';
import { pluginThunks } from './thunks';

const ORDER: ChannelName[] = ['bridge', 'relay', 'cloud'];
const GUEST = 'dist/compat/plugin.min.js';

/** The built files with a configuration in them. Each is read when it is asked for. */
export interface Runtime {
  configuration: ProjectConfiguration;
  /** Plugins that the configuration lists, by name. */
  plugins: string[];
  /**
   * What goes into a mini-program or a game.
   *
   * @param plugins - names of the plugins that this copy connects, where the configuration lists any
   */
  forHost(plugins: string[]): string;
  /** What goes into a plugin; no part of the configuration concerns it. */
  forPlugin(): string;
}

/**
 * The smallest prebuilt runtime that holds the configured channels, and the plugin part where plugins are
 * listed.
 *
 * @param packageRoot - folder of this package; found from the running file by default
 * @returns functions that throw an InjectError when the package was not built or its file is damaged
 */
export function openRuntime(configuration: ProjectConfiguration, packageRoot = findPackageRoot()): Runtime {
  const channels = channelsOf(configuration);
  const plugins = Object.keys(configuration.plugins ?? {});
  const parts = [
    ...ORDER.filter((channel) => channels.includes(channel)),
    ...(plugins.length ? ['plugins'] : []),
  ];
  const name = `dist/compat/${parts.join('+')}.min.js`;
  const slot = toLiteral(configuration);
  return {
    configuration,
    plugins,
    forHost: (connected) =>
      fillArtifact(
        readBuilt(packageRoot, name),
        plugins.length ? `${slot},${pluginThunks(connected)}` : slot,
        name,
      ),
    forPlugin: () => fillArtifact(readBuilt(packageRoot, GUEST), '{}', GUEST),
  };
}

function readBuilt(packageRoot: string, name: string): string {
  try {
    return readFileSync(join(packageRoot, name), 'utf8');
  } catch (cause) {
    const fix = 'Install the package again, or run "npm run build" in its source';
    throw new InjectError('use the built runtime', 'it cannot be read', fix, { file: name }, { cause });
  }
}
