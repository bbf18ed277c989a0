import { callSafely } from '../../core/callbacks';
import { registry } from '../../core/registry';
import type { Registry } from '../../core/types';
import type { PluginConfiguration, PluginConnection, PluginPolicy } from '../types';
import { createHostEndpoint } from './endpoint';
import { type Checks, compilePolicy } from './policy';
import { defineProperty, withoutPrototype } from './primordials';

/** The version of `Send`, for the plugin's second argument of `connectServiceMarket`. */
const SEND_VERSION = 1;

/** The registry's field for the plugin part; a format, as core/types.ts says. */
interface PluginRegistry extends Registry {
  policies: Checks;
}

/**
 * Puts a policy in force: the one passed, else the one that is, else the configured one.
 *
 * @returns the policies in force, by plugin
 */
function enforcePolicy(name: string, policy?: PluginPolicy): Checks {
  const app = registry() as PluginRegistry;
  // Own property, null prototype: a key that a plugin adds to Object.prototype must not be found as a policy.
  const checks = withoutPrototype(app).policies || withoutPrototype();
  defineProperty(app, 'policies', { enumerable: true, value: checks });
  if (policy || !checks[name]) {
    const { plugins } = app.configuration as PluginConfiguration;
    checks[name] = compilePolicy(policy || withoutPrototype(plugins)[name] || 'all');
  }
  return checks;
}

/**
 * 允许插件消耗本小程序的资源调用服务市场；基础库 2.11.1 起平台自身支持，但没有策略
 *
 * Lets a plugin call the service market on this mini-program's resources (docs/en/plugins.md). Below base library
 * 2.11.1 a plugin has no other way; from there on the platform has one, which knows no policy.
 *
 * Safe to call again: the last policy passed counts, also for a connection that the plugin has already.
 * A plugin that cannot be connected is reported on the console and does no harm.
 *
 * @param connection - `name`、`plugin`（`requirePlugin(name)` 的返回值）、`policy` · `name`, `plugin` as `requirePlugin(name)` returned it, `policy`
 */
export function connectPlugin(connection: PluginConnection): void {
  const { name, plugin, policy } = withoutPrototype(connection);
  const checks = enforcePolicy(name, policy);
  callSafely(() => (plugin as any).connectServiceMarket(createHostEndpoint(name, checks), SEND_VERSION));
}

/**
 * Connects the plugins that the configuration lists, once the script that is running has run to its end. Each is
 * required there and not before.
 *
 * @param plugins - by name, a function that requires the plugin; the injector writes it, because tools look for
 *   literals
 */
export function connectPlugins(plugins: { [name: string]: () => unknown }): void {
  Object.keys(plugins).forEach((name) => {
    // Before any plugin's main has run.
    enforcePolicy(name);
    setTimeout(() => callSafely(() => connectPlugin({ name, plugin: plugins[name]!() })), 0);
  });
}
