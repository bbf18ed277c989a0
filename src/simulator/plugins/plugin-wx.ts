import { asyncApi, refuse, runCallbacks } from '../apis/callbacks';
import { fileSystemManager } from '../apis/file-system';
import { mediaApis } from '../apis/media';
import { storageApis } from '../apis/storage';
import { systemApis } from '../apis/system';
import { uiApis } from '../apis/ui';
import { USER_DATA_PATH } from '../client/files';
import { NativeFailure, ParameterFailure } from '../client/natives';
import type { Reply } from '../client/natives';
import { cloudApi } from '../cloud/cloud-api';
import type { Env } from '../host/env';
import { reaches } from '../host/profiles';
import { hasBridge, operateNative, operateWXData, PLUGIN_LOGIN, unpack } from '../native/bridge';
import { nativeMembers } from '../native/service-market';
import type { NativeMarkers } from '../native/service-market';
import { networkApis } from '../network/apis';
import type { NetworkRules } from '../network/rules';
import { toRealmTable } from '../realm/realm';
import { randomWord } from '../text';
import type { Any } from '../types';
import type { PluginDeclaration, PluginPackage } from './types';

/** Members that are there and refuse while the page shown is not the plugin's own (protocol 12.6). */
const DENIED = [
  'navigateTo',
  'redirectTo',
  'switchTab',
  'reLaunch',
  'navigateBack',
  'setNavigationBarTitle',
  'setNavigationBarColor',
  'showNavigationBarLoading',
  'hideNavigationBarLoading',
  'pageScrollTo',
];

/** The restricted `wx` of one plugin. What it does, it does in the plugin's name, except its serviceMarket. */
export function createPluginWx(
  env: Env,
  markers: NativeMarkers,
  plugin: PluginPackage,
  declaration: PluginDeclaration,
): Any {
  const { profile, realm } = env;
  const { appid } = plugin;
  const authority = { pluginAppid: appid };
  const newer = profile.generation === 'new';
  const hasMore = reaches(profile, '2.8.3');
  const table = toRealmTable(realm, {
    ...systemApis(env),
    ...networkApis(env, pluginRules(env, plugin)),
    ...mediaApis(env),
    ...storageApis(env, env.storage, `__plugins__/${appid}/`),
    ...uiApis(env),
    ...Object.fromEntries(DENIED.map((name) => [name, denied(env, name)])),
    ...(hasBridge(env) ? { operateWXData: operateWXData(env, authority) } : {}),
    ...(profile.cloud && hasMore ? { cloud: cloudApi(env, authority) as unknown } : {}),
    ...(newer ? fileMembers(env, appid) : {}),
    login: login(env, appid),
    getAccountInfoSync: () => accountInfo(env, appid, declaration),
    getPluginVersion: () => declaration.version,
  }) as Any;
  for (const name of ['saveFile', 'getFileInfo', 'onAppShow', 'onAppHide']) delete table[name];
  if (!hasMore) delete table.nextTick;
  if (!newer) delete table.compressImage;
  if (profile.serviceMarketInPlugins) {
    table.serviceMarket = Object.assign(
      new realm.intrinsics.Object(),
      nativeMembers(env, markers, authority),
    );
  }
  return newer ? asAccessors(env, table) : table;
}

/** The lists of the plugin, which older libraries check before the call returns (protocol 12.7). */
function pluginRules({ profile }: Env, { domains = [] }: PluginPackage): NetworkRules {
  const word = reaches(profile, '2.8.3') ? 'Url' : 'url';
  return {
    allow(url) {
      if (domains.includes(new URL(url).origin)) return;
      const cause = `${word} "${url}" not in plugin's domain list.`;
      throw profile.generation === 'new' ? new NativeFailure(cause) : new ParameterFailure(cause);
    },
    headers: () => ({
      'X-WECHAT-HOSTSIGN': JSON.stringify({
        noncestr: randomWord(),
        timestamp: Math.floor(Date.now() / 1000),
        signature: randomWord(),
      }),
    }),
    params: { __skipDomainCheck__: true },
  };
}

/** Answers nothing at once, and fail later; never a promise (protocol 12.6). */
function denied(env: Env, name: string): (args?: Any) => undefined {
  return (args) => {
    const cause = new NativeFailure('rejected due to no permission currently in plugin');
    refuse(env, name, cause, (reply) => runCallbacks(env, args, reply));
    return undefined;
  };
}

/** 2.30.3: members are accessors with a setter. */
function asAccessors(env: Env, table: Any): Any {
  const convert = env.realm.script(
    `(function (table) {
      var wx = {};
      Object.keys(table).forEach(function (name) {
        Object.defineProperty(wx, name, {
          get: function () { return table[name]; },
          set: function (value) { table[name] = value; },
          enumerable: true,
          configurable: true,
        });
      });
      return wx;
    })`,
    'plugin-wx',
  ) as (table: Any) => Any;
  return convert(table) as unknown;
}

/** 2.30.3: files in a folder of the plugin's own. */
function fileMembers(env: Env, appid: string): Record<string, unknown> {
  const home = `${USER_DATA_PATH}/__plugins__/${appid}`;
  env.files.makeFolder(home);
  const manager = fileSystemManager(env, home, ['saveFile', 'getFileInfo']) as unknown;
  return { getFileSystemManager: () => manager, env: { USER_DATA_PATH: home } };
}

/** A plugin logs in through the bridge, in its own name. */
function login(env: Env, appid: string): (args?: Any) => unknown {
  return asyncApi(env, 'login', () => ({
    async perform() {
      const reply = await new Promise<Reply>((resolve) => {
        const call = {
          apiName: PLUGIN_LOGIN,
          request: {},
          direct: false,
          authority: { pluginAppid: appid },
          extra: {},
        };
        operateNative(env, call, resolve);
      });
      const { data } = unpack(env, reply);
      return JSON.parse((data?.data as string | undefined) ?? '{}') as unknown;
    },
  }));
}

const accountInfo = (env: Env, appId: string, { version }: PluginDeclaration): object => ({
  miniProgram: {
    appId: env.appid,
    ...(env.profile.generation === 'new' ? { envVersion: 'release' } : {}),
    ...(reaches(env.profile, '2.11.0') ? { version: '' } : {}),
  },
  plugin: { appId, version },
});
