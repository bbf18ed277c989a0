import { fileSystemManager } from '../apis/file-system';
import { asyncApi } from '../callbacks';
import type { Env } from '../env';
import { USER_DATA_PATH } from '../files';
import { operateNative, PLUGIN_LOGIN, unpack } from '../native/bridge';
import type { Reply } from '../natives';
import type { Any } from '../types';
import type { PluginDeclaration } from './types';

/** 2.30.3: files in a folder of the plugin's own. */
export function fileMembers(env: Env, appid: string): Record<string, unknown> {
  const home = `${USER_DATA_PATH}/__plugins__/${appid}`;
  env.files.makeFolder(home);
  const manager = fileSystemManager(env, home, ['saveFile', 'getFileInfo']) as unknown;
  return { getFileSystemManager: () => manager, env: { USER_DATA_PATH: home } };
}

/** A plugin logs in through the bridge, in its own name. */
export function login(env: Env, appid: string): (args?: Any) => unknown {
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

export const accountInfo = (env: Env, appId: string, { version }: PluginDeclaration): object => ({
  miniProgram: { appId: env.appid },
  plugin: { appId, version },
});
