/**
 * The relay as a function with a URL, which is the app's "relay.url". The owner lists what may be called in
 * settings.json; the secret comes with vk-unicloud, from the environment, or from uni-config-center.
 */
import { env } from 'node:process';
import { findAccount, type CreateConfig, type Framework } from './account';
import { createHandler } from './handler';
import settings from './settings.json';
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

const framework = loadModule<FrameworkModule>('vk-unicloud')?.createInstance({
  baseDir: __dirname,
  requireFn: require,
});
const account = findAccount(env, framework, loadModule<CreateConfig>('uni-config-center'));

export const main = createHandler(uniCloud, settings, account, env.WX_API_URL);
