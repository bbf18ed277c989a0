/** What the plugin tests share: a simulated host whose package holds built plugins, with the built files on both sides. */
import fs from 'node:fs';
import path from 'node:path';
import type { Host, HostOptions } from '../../../src/simulator';
import { configured } from '../../support/built';
import { ROOT, temporaryFolder } from '../../support/files';
import { FILES, openHost } from '../../support/hosts';
import type { Any } from '../../support/outcomes';

export { type Any, plain } from '../../support/outcomes';

export const HOST_FILE = path.join(ROOT, 'dist/compat/bridge+plugins.min.js');
/** Base libraries on which a plugin's call goes over the host that connected. */
export const ROUTED = ['1.9.6', '2.8.3', '2.10.0', '2.11.0'];
/** Base libraries whose plugins have the platform's own. */
export const NATIVE = ['2.11.1', '2.30.3', 'newest'];

export const HOST_APPID = 'wxhostpays';
export const MAIN =
  "exports.connectServiceMarket = require('miniprogram-servicemarket/plugin').connectServiceMarket;";

export interface PluginSpec {
  /** Content of main. @default re-exports connectServiceMarket */
  main?: string;
  files?: Record<string, string>;
  /** The host file that requireMiniProgram gives. */
  export?: string;
}

export interface World extends Host {
  /** What the injected file exports. */
  api: Any;
  /** Calls `connectPlugin` for a plugin as app.js would. */
  connect(name?: string, more?: Record<string, unknown>): void;
  /** Runs code of a plugin, with `sm` as its `serviceMarket`, and lets time pass until its promise settles. */
  ask(code: string, args?: Record<string, unknown>, name?: string): Promise<Any>;
}

const builtPlugin = (): string => fs.readFileSync(path.join(ROOT, 'miniprogram_dist/plugin.js'), 'utf8');

/** A built plugin's folder: main and the package as "Build npm" puts it. */
export function pluginFolder({ main = MAIN, files }: PluginSpec = {}): string {
  return temporaryFolder({
    'plugin.json': '{"main": "index.js"}',
    'index.js': main,
    'miniprogram_npm/miniprogram-servicemarket/plugin.js': builtPlugin(),
    ...files,
  });
}

/** The host's injected file with what the injector writes into it. */
export function injectedFile(config: object, requires: string[] = []): string {
  const loaders = requires.map(
    (name) => `${JSON.stringify(name)}:function(){return requirePlugin("${name}")}`,
  );
  const text = configured(fs.readFileSync(HOST_FILE, 'utf8'), JSON.stringify(config), `{${loaders.join()}}`);
  return path.join(temporaryFolder({ 'compat.js': text }), 'compat.js');
}

/** A host whose package holds plugins: `ocr` (appid `wxocr`) unless others are given. */
export function worldOf(
  options: HostOptions = {},
  plugins: Record<string, PluginSpec> = { ocr: {} },
  file: string | null = HOST_FILE,
): World {
  const host = openHost({
    sdkVersion: '2.8.3',
    upload: 'allowed',
    appid: HOST_APPID,
    files: FILES,
    plugins: Object.entries(plugins).map(([name, spec]) => ({
      appid: `wx${name}`,
      name,
      root: pluginFolder(spec),
      export: spec.export,
    })),
    ...options,
  });
  const world: World = Object.assign(host, {
    api: file === null ? undefined : host.load(file),
    connect: (name = 'ocr', more = {}) =>
      void host.run('api.connectPlugin(Object.assign({ name: name, plugin: requirePlugin(name) }, more))', {
        api: world.api,
        name,
        more,
      }),
    ask: (code: string, args = {}, name = 'ocr') =>
      host.clock.until(
        host
          .plugin(name)
          .run(
            `var sm = require('miniprogram-servicemarket/plugin').serviceMarket; ${code}`,
            args,
          ) as Promise<Any>,
      ),
  });
  return world;
}

/** A world whose plugin `ocr` is connected. */
export function connectedWorld(options?: HostOptions, more?: Record<string, unknown>): World {
  const world = worldOf(options);
  world.connect('ocr', more);
  return world;
}

/** Plugin code that settles with `{ ok }` or `{ error }`, for a call given as an expression. */
export const outcome = (call: string): string =>
  `return (${call}).then(function (ok) { return { ok: ok } }, function (error) { return { error: error } })`;

export const CALL = outcome("sm.invokeService({ service: 'wxS', api: 'A', data: { n: 1 } })");
