import { RUNTIME, PACKAGE, PLUGIN_RUNTIME, RUNTIME_WITH_PLUGINS } from 'playground:runtime';
import { toScript } from '../../../simulator/modules/transform';
import type { PhoneSettings } from '../types';
import { MARKET_SOURCE, PACKAGE_SOURCE, WATCH_SOURCE } from './calls';
import { guardLoops } from './loop-guard';

/** The environment and the function of the phone's cloud. */
export const CLOUD = { env: 'env-1', function: 'servicemarket' };

export interface PhoneProject {
  /** All files by absolute path, with what injection adds. */
  files: Record<string, string>;
  /** Folder of app.json. */
  root: string;
  /** The plugin in it. */
  plugins: { appid: string; root: string }[];
}

const FILE = 'servicemarket-compat.js';
const OWN = 'miniprogram_npm/miniprogram-servicemarket';

/**
 * The mini-program as `inject` would leave it, with the phone's watching code around the market, in front of the first
 * line, and its guard in every loop: lines stay those of the sources.
 *
 * @throws SyntaxError where a manifest is no JSON
 */
export function makeProject(
  sources: Record<string, string>,
  { channel, plugin }: PhoneSettings,
  relayUrl: string,
): PhoneProject {
  const files = Object.fromEntries(
    Object.entries(sources).map(([path, text]) => [
      `/${path}`,
      path.endsWith('.js') ? guardLoops(text) : text,
    ]),
  );
  const settings = json(files['/project.config.json']) as { miniprogramRoot?: string; pluginRoot?: string };
  const root = folder(settings.miniprogramRoot);
  const app = json(files[`${root}/app.json`]) as { plugins?: Record<string, { provider: string }> };
  const [[name, declared] = []] = Object.entries(app.plugins ?? {});
  const configuration = {
    channels: channel === 'bridge' ? ['bridge', 'relay'] : [channel],
    relay: { url: relayUrl },
    cloud: CLOUD,
    ...(name ? { plugins: { [name]: 'all' } } : {}),
  };
  const runtime = name ? RUNTIME_WITH_PLUGINS : RUNTIME;
  const loaders = name
    ? `,{${JSON.stringify(name)}:function(){return requirePlugin(${JSON.stringify(name)})}}`
    : '';
  files[`${root}/${FILE}`] = withArgument(runtime, `${JSON.stringify(configuration)}${loaders}`);
  files[`${root}/${OWN}/watch.js`] = WATCH_SOURCE;
  files[`${root}/${OWN}/market.js`] = MARKET_SOURCE;
  files[`${root}/${OWN}/package.js`] = PACKAGE;
  files[`${root}/${OWN}/index.js`] = PACKAGE_SOURCE;
  load(files, `${root}/app.js`, [`./${FILE}`, `./${OWN}/market`]);
  const pluginRoot = folder(settings.pluginRoot ?? 'plugin');
  const manifest = plugin ? (json(files[`${pluginRoot}/plugin.json`]) as { main?: string }) : undefined;
  if (!declared || !manifest?.main) return { files, root, plugins: [] };
  files[`${pluginRoot}/${FILE}`] = withArgument(PLUGIN_RUNTIME, '{}');
  files[`${pluginRoot}/watch.js`] = WATCH_SOURCE;
  files[`${pluginRoot}/watched-market.js`] = MARKET_SOURCE;
  const main = `${pluginRoot}/${manifest.main}`;
  load(files, main, [`./${FILE}`, './watched-market']);
  // By it the host reaches the plugin.
  files[main] += `\n;module.exports.connectServiceMarket=require("./${FILE}").connectServiceMarket;`;
  return { files, root, plugins: [{ appid: declared.provider, root: pluginRoot }] };
}

/** The script of the project that is none; undefined where each of them is one. An engine does not say which it was. */
export function findBroken(sources: Record<string, string>): string | undefined {
  return Object.keys(sources).find((path) => {
    if (!path.endsWith('.js')) return false;
    try {
      new Function(toScript(sources[path] as string, path));
      return false;
    } catch {
      return true;
    }
  });
}

function load(files: Record<string, string>, file: string, modules: string[]): void {
  const statements = modules.map((module) => `require(${JSON.stringify(module)});`);
  files[file] = `;${statements.join('')}${files[file] ?? ''}`;
}

/** The prebuilt file ends with the argument that injection writes the configuration into. */
function withArgument(runtime: string, argument: string): string {
  return runtime.replace(/\{\}\);\s*$/, () => `${argument});`);
}

const folder = (path = ''): string => `/${path}`.replace(/\/+$/, '');

const json = (text: string | undefined): unknown => JSON.parse(text ?? '{}') as unknown;
