import { NativeFailure } from '../client/natives';
import type { Env } from '../host/env';
import { reaches } from '../host/profiles';
import { bytesOf, toRealm } from '../realm/realm';
import { base64OfBytes, bytesOfBase64, randomWord } from '../text';
import type { Any } from '../types';
import { asyncApi, callUser } from './callbacks';

/** What a page can learn about its host. */
function systemInfo(env: Env): Record<string, unknown> {
  return {
    brand: env.platform === 'ios' ? 'Apple' : 'simulator',
    model: env.platform === 'ios' ? 'iPhone' : 'simulator',
    platform: env.platform,
    system: env.platform === 'ios' ? 'iOS 10.0' : 'Android 7.0',
    version: '7.0.0',
    language: 'zh_CN',
    pixelRatio: 2,
    screenWidth: 375,
    screenHeight: 667,
    windowWidth: 375,
    windowHeight: 603,
    SDKVersion: env.profile.sdkVersion,
    ...env.options.getSystemInfo,
  };
}

export function systemApis(env: Env): Record<string, unknown> {
  const info = (): unknown => toRealm(env.realm, systemInfo(env)) as unknown;
  return {
    getSystemInfoSync: info,
    getSystemInfo({ success, complete }: Any = {}) {
      // The library has it: the callbacks run before the call returns.
      const reply = toRealm(env.realm, { errMsg: 'getSystemInfo:ok', ...systemInfo(env) }) as unknown;
      callUser(env, success, reply);
      callUser(env, complete, reply);
    },
    getNetworkType: asyncApi(env, 'getNetworkType', () => ({
      perform: () => ({ networkType: env.network.isOffline ? 'none' : 'wifi' }),
    })),
    version: { version: env.profile.sdkVersion },
    arrayBufferToBase64: (buffer: ArrayBuffer) =>
      buffer === undefined && !reaches(env.profile, '2.0.0') ? undefined : base64OfBytes(bytesOf(buffer)),
    base64ToArrayBuffer: (text: unknown) =>
      typeof text === 'string' ? (toRealm(env.realm, bytesOfBase64(text)) as unknown) : undefined,
    ...(reaches(env.profile, '2.1.2') ? lifecycleApis(env) : {}),
    ...(reaches(env.profile, '2.2.3') ? { nextTick: nextTick(env) } : {}),
    // The parts of it that pages of today ask for.
    ...(reaches(env.profile, '2.20.1')
      ? { getWindowInfo: info, getDeviceInfo: info, getAppBaseInfo: info }
      : {}),
  };
}

function lifecycleApis(env: Env): Record<string, unknown> {
  const { show, hide } = env.lifecycle;
  return {
    onAppShow: (listener: unknown) => void show.push((options) => callUser(env, listener, options)),
    onAppHide: (listener: unknown) => void hide.push(() => callUser(env, listener)),
  };
}

const nextTick = (env: Env) => (callback: unknown) =>
  void env.clock.setTimer(() => callUser(env, callback), 0, 'nextTick', true);

/** `wx.login` and what belongs to it. A session is there from the first login on. */
export function accountApis(env: Env): Record<string, unknown> {
  const { login = () => `code-${randomWord()}` } = env.options;
  let loggedIn = false;
  return {
    login: asyncApi(env, 'login', () => ({
      async perform() {
        const code = await login();
        loggedIn = true;
        return { code };
      },
    })),
    checkSession: asyncApi(env, 'checkSession', () => ({
      perform() {
        if (!loggedIn) throw new NativeFailure('session time out');
        return {};
      },
    })),
    ...(reaches(env.profile, '2.2.2') ? { getAccountInfoSync: () => accountInfo(env.appid) } : {}),
  };
}

const accountInfo = (appId: string) => ({ miniProgram: { appId, envVersion: 'develop', version: '' } });
