/**
 * A plugin in a real base library, in the shape that packagers give one: a factory that defines the plugin's files, and
 * what the client and the platform's server say of it. What a library passes to the factory is the plugin's own scope.
 */
import type { Any } from '../../src/simulator';
import type { Answer } from './fake-client';
import type { Library } from './libraries';
import { PLUGIN, PLUGIN_FILES } from './plugin-fixture';

/** The parameters of a factory as packagers of 2022 write them; a library passes as many as it knows. */
const FACTORY = [
  'define',
  'require',
  'module',
  'exports',
  'global',
  'wx',
  'App',
  'Page',
  'Component',
  'Behavior',
  'getApp',
  'getCurrentPages',
  'console',
  'requireMiniProgram',
  'WXWebAssembly',
  '__wxCodeSpace__',
];
const ID = `plugin://${PLUGIN.appid}`;

/** What the library's configuration says of the plugin. */
export const PLUGIN_CONFIG = {
  plugins: { [PLUGIN.name]: { version: PLUGIN.version, provider: PLUGIN.appid } },
  subPackages: [],
  appContactInfo: {
    operationInfo: { jsonInfo: {} },
    call_plugin_info: [{ plugin_id: PLUGIN.appid, inner_version: 1, plugin_version: 1002003 }],
  },
};

const DOMAINS = { request: [PLUGIN.domain], upload: [PLUGIN.domain], download: [PLUGIN.domain] };

/** The client's answers to what libraries ask about a plugin, by event. */
export const PLUGIN_HANDLERS: Record<string, (params: Any) => Answer> = {
  verifyPlugin: () => ({
    later: {
      errMsg: 'verifyPlugin:ok',
      data: {
        list: [
          {
            plugin_id: PLUGIN.appid,
            running_flag_info: 0,
            banning: {},
            noncestr: 'n',
            timestamp: 1,
            host_sign: 'signature',
            request_domain: DOMAINS.request,
            upload_domain: DOMAINS.upload,
            download_domain: DOMAINS.download,
            wsrequest_domain: [],
          },
        ],
      },
    },
  }),
  batchGetContact: ({ appIds }) => ({
    later: {
      errMsg: 'batchGetContact:ok',
      contactList: [appIds as string[]].flat().map((appId) => ({
        appId,
        plugin_list: [
          {
            last_version: { custom_version: PLUGIN.version },
            PluginNetWork: {
              RequestDomain: DOMAINS.request,
              UploadDomain: DOMAINS.upload,
              DownloadDomain: DOMAINS.download,
              WsRequestDomain: [],
            },
          },
        ],
      })),
    },
  }),
  checkNetworkAPIURL: () => ({
    later: { errMsg: 'checkNetworkAPIURL:ok', isInLAN: false, isLocalHost: false },
  }),
  getPluginPermissionBytes: ({ pluginList }) => {
    const asked = (pluginList ?? []) as { pluginId: string; indexes: number[] }[];
    const map = Object.fromEntries(asked.map(({ pluginId, indexes }) => [pluginId, indexes.map(() => 0)]));
    return { later: { errMsg: 'getPluginPermissionBytes:ok', pluginPermissionMap: map } };
  },
};

type RunScript = (source: string, name?: string) => Any;

/** Defines the plugin as its package does: factory, components and pages; its main runs at `requirePlugin`. */
export function addPlugin(global: Any, script: RunScript, library: Library): void {
  global.__rememberPlugin = (args: unknown[]) => (global.__plugin = Array.from(args));
  const files = Object.entries(PLUGIN_FILES).map(([file, source]) => moduleText(library, file, source));
  script(
    `var __console = console;
    definePlugin(${JSON.stringify(ID)}, function (${FACTORY.join()}) {
      if (typeof console === 'undefined') console = __console;
      __rememberPlugin(arguments);
      ${files.join('')}
      module.exports = function () { return require('index.js'); };
    });
    requirePlugin(${JSON.stringify(ID)});`,
    'plugin',
  );
}

/** Runs source as a further module of the plugin, in the scope of its factory. @returns its exports */
export function runInPlugin(script: RunScript, library: Library, name: string, source: string): Any {
  script(
    `(function (${FACTORY.join()}) {
      if (typeof console === 'undefined') console = __console;
      ${moduleText(library, name, source)}
    }).apply(undefined, __plugin);`,
    name,
  );
  return script(`__plugin[1](${JSON.stringify(name)})`, name) as unknown;
}

function moduleText({ shadowed }: Library, file: string, source: string): string {
  const parameters = ['require', 'module', 'exports', ...shadowed].join();
  return `define(${JSON.stringify(file)}, function (${parameters}) {"use strict";${source}\n});\n`;
}
