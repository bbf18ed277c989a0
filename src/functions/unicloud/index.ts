/**
 * The relay as a function with a URL, which is the app's "relay.url". The owner lists what may be called in
 * settings.json; secrets come with vk-unicloud, from the environment, or from uni-config-center.
 */
import { env } from 'node:process';
import { createXmlPushReader } from '../../openapi/push/xml-push-reader';
import { readSecrets, requireSecret, type Secrets } from '../shared/secrets';
import { readSecurity } from '../shared/security';
import { findAccount, type Framework } from './account';
import { createHandler, type UnicloudSettings } from './handler';
import ownSettings from './settings.json';
import type { UniCloud } from './unicloud';

/** The cloud's own, in every function. */
declare const uniCloud: UniCloud;

/** @returns a common module of the project, or undefined where this function does not depend on it */
function loadModule<T>(name: string): T | undefined {
  try {
    return require(name);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND' && message.includes(`'${name}'`)) return undefined;
    throw error;
  }
}

interface FrameworkModule {
  createInstance(options: { baseDir: string; requireFn: typeof require }): Framework;
}

/** uni-config-center. */
type CreateConfig = (options: { pluginId: string }) => { config(): Secrets | undefined };

const settings: UnicloudSettings = ownSettings;
const framework = loadModule<FrameworkModule>('vk-unicloud')?.createInstance({
  baseDir: __dirname,
  requireFn: require,
});
const createConfig = loadModule<CreateConfig>('uni-config-center');
const secrets = readSecrets(env, createConfig?.({ pluginId: 'servicemarket' }).config());
const { WX_API_URL: baseUrl } = env;

/** The settings of message push, as they stand in the console. */
function createReader({ mode = 'safe' }: NonNullable<UnicloudSettings['push']>) {
  return createXmlPushReader({
    appid: requireSecret(secrets, 'appid', 'push'),
    token: requireSecret(secrets, 'pushToken', 'push'),
    encodingAESKey: mode === 'safe' ? requireSecret(secrets, 'pushAesKey', 'push') : secrets.pushAesKey,
    mode,
  });
}

export const main = createHandler({
  cloud: uniCloud,
  settings,
  account: findAccount(secrets, framework, baseUrl),
  security: readSecurity(settings.security, secrets, __dirname),
  pushReader: settings.push && createReader(settings.push),
  baseUrl,
});
