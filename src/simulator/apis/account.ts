import { asyncApi } from '../callbacks';
import type { Env } from '../env';
import { NativeFailure } from '../natives';
import { reaches } from '../profiles';
import { randomWord } from '../text';

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
