import { type ComponentStore, createComponent } from '../../openapi';
import type { ComponentOfRelay } from '../options';
import { createWebHook } from '../push/web-hook';
import type { RelayConfig } from './config-types';
import type { Platform } from './load-app';
import { requireEnv, type Source } from './read-config';

/** What a third-party platform's own pushes, and those for its apps, are read with. */
export type ComponentPush = ComponentOfRelay['push'];

/**
 * Finds the secrets of the third-party platform.
 *
 * @returns what its pushes are read with, and what makes it: what is missing is said before anything is opened
 * @throws Error that names the file and the variable that is missing
 */
export function prepareComponent({ appid, hook }: NonNullable<RelayConfig['component']>, source: Source) {
  const user = '"component"';
  const secret = requireEnv(source, 'WX_COMPONENT_SECRET', user);
  const encryptionKeys = requireEnv(source, 'WX_COMPONENT_KEYS', user).split(',');
  const push: ComponentPush = {
    appid,
    token: requireEnv(source, 'WX_COMPONENT_TOKEN', user),
    encodingAESKey: requireEnv(source, 'WX_COMPONENT_AES_KEY', user),
  };
  const onPush =
    hook === undefined
      ? undefined
      : createWebHook({ url: hook, secret: requireEnv(source, 'RELAY_HOOK_SECRET', '"component.hook"') });
  const make = ({ baseUrl, timeout }: Platform, store: ComponentStore): ComponentOfRelay => ({
    client: createComponent({ appid, secret, encryptionKeys, store, baseUrl, timeout }),
    push,
    onPush,
  });
  return { push, make };
}
