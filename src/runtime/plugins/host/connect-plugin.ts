import { registry, type Registry } from '../../core/registry';
import { run } from '../../core/task';
import { createFacade } from './endpoint';
import { bare, defineProperty } from './primordials';
import { type Checks, compilePolicy } from './policy';
import { type PluginConfiguration, type PluginConnection, type PluginPolicy, SEND_VERSION } from '../types';

/** Puts a policy in force: the one given, else the one that is, else the configured one. */
function admit(name: string, policy?: PluginPolicy): Checks {
  const app = registry() as Registry & { plugins: Checks };
  // Inherited by none and inheriting nothing: what a plugin puts on Object.prototype is no policy.
  const checks = bare(app).plugins || bare();
  defineProperty(app, 'plugins', { enumerable: true, value: checks });
  if (policy || !checks[name]) {
    const { plugins } = app.configuration as PluginConfiguration;
    checks[name] = compilePolicy(policy || bare(plugins)[name] || 'all');
  }
  return checks;
}

/**
 * Lets a plugin call the service market on this mini-program's resources (docs/plugins.md). Below base library
 * 2.11.1 a plugin has no other way; from there on the platform gives it one, which knows no policy.
 *
 * Safe to call again: the last policy given counts, also for a connection that the plugin has already.
 * A plugin that cannot be connected is reported on the console and does no harm.
 *
 * @param connection - `name`, `plugin` as `requirePlugin(name)` returned it, `policy`
 */
export function connectPlugin(connection: PluginConnection): void {
  const { name, plugin, policy } = bare(connection);
  const checks = admit(name, policy);
  run(() => (plugin as any).connectServiceMarket(createFacade(name, checks), SEND_VERSION));
}

/**
 * Connects the plugins that the configuration lists, once the script that is running has run to its end. Each is
 * required there and not before.
 *
 * @param plugins - by name, what requires the plugin; the injector writes it, because tools look for literals
 */
export function connectPlugins(plugins: { [name: string]: () => unknown }): void {
  Object.keys(plugins).forEach((name) => {
    // Before any plugin's main has run.
    admit(name);
    setTimeout(() => run(() => connectPlugin({ name, plugin: plugins[name]!() })), 0);
  });
}
