import { connectPlugins } from './connect-plugin';

/** The third parameter of the injected file that has the plugin part: what requires each listed plugin. */
declare const plugins: { [name: string]: () => unknown } | undefined;

/** Connects the plugins that the injector listed. */
export function startPlugins(): void {
  if (plugins) connectPlugins(plugins);
}

export { connectPlugin, connectPlugins } from './connect-plugin';
