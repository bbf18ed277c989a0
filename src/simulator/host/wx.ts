import { fileApis, fileSystemManager } from '../apis/file-system';
import { mediaApis } from '../apis/media';
import { refuseMissing } from '../apis/missing-members';
import { storageApis } from '../apis/storage';
import { accountApis, systemApis } from '../apis/system';
import { uiApis } from '../apis/ui';
import { USER_DATA_PATH } from '../client/files';
import { cloudApi } from '../cloud/cloud-api';
import { hasBridge, operateWXData } from '../native/bridge';
import { uploadToCommonCDN } from '../native/cdn-upload';
import {
  createMarkers,
  defineServiceMarket,
  nativeMembers,
  polyfilledServiceMarket,
} from '../native/service-market';
import type { NativeMarkers } from '../native/service-market';
import { networkApis } from '../network/apis';
import { navigationApis } from '../pages/navigation';
import type { PageStack } from '../pages/page-stack';
import { toRealmFunction, toRealmTable } from '../realm/realm';
import type { Any } from '../types';
import type { Env } from './env';

/** The `wx` that pages of this host see, as an object of the realm. */
export function createWx(env: Env, stack: PageStack): { wx: Any; markers: NativeMarkers } {
  const { profile, realm, options } = env;
  const manager = profile.fileSystem ? fileSystemManager(env) : undefined;
  const upload = uploadToCommonCDN(env);
  const wx = toRealmTable(realm, {
    ...systemApis(env),
    ...accountApis(env),
    ...networkApis(env),
    ...mediaApis(env),
    ...storageApis(env, env.storage),
    ...fileApis(env),
    ...uiApis(env),
    ...navigationApis(env, stack),
    ...(hasBridge(env) ? { operateWXData: operateWXData(env, {}) } : {}),
    ...(upload ? { uploadToCommonCDN: upload } : {}),
    ...(profile.cloud ? { cloud: cloudApi(env, {}) as unknown } : {}),
    ...(manager ? { getFileSystemManager: () => manager as unknown, env: { USER_DATA_PATH } } : {}),
    ...env.options.wx,
  }) as Any;
  // Asked for the service market, the platform says no even where it is there (protocol 1).
  wx.canIUse = toRealmFunction(realm, 'canIUse', (schema: unknown) => {
    const [name] = String(schema).split('.');
    return name !== 'serviceMarket' && name! in wx;
  });
  const markers = createMarkers(env);
  if (profile.serviceMarket !== 'none') defineServiceMarket(env, wx, nativeMembers(env, markers, {}));
  else if (options.polyfill) wx.serviceMarket = polyfilledServiceMarket(env, wx);
  if (options.project !== undefined) refuseMissing(env, wx);
  makeHostile(env, wx);
  protectMembers(env, wx);
  if (options.frozen) Object.freeze(wx);
  return { wx, markers };
}

/** On older base libraries the members of `wx` are accessors: an assignment throws, or changes nothing (protocol 15). */
function protectMembers({ realm, profile }: Env, wx: Any): void {
  if (profile.assignment === 'replaces') return;
  const protect = realm.script(
    `(function (wx, set) {
      Object.keys(wx).forEach(function (name) {
        var descriptor = Object.getOwnPropertyDescriptor(wx, name);
        if (descriptor.get) return;
        var get = function () { return descriptor.value; };
        Object.defineProperty(wx, name, { get: get, set: set, enumerable: true, configurable: true });
      });
    })`,
    'wx',
  ) as (wx: Any, set?: () => void) => void;
  protect(wx, profile.assignment === 'ignored' ? () => {} : undefined);
}

/** HostOptions.hostile: reading such a member throws. */
function makeHostile(env: Env, wx: Any): void {
  for (const name of env.options.hostile ?? []) {
    const get = toRealmFunction(env.realm, name, () => {
      throw new Error(`${name} is not available`);
    }) as () => never;
    Object.defineProperty(wx, name, { get, enumerable: true, configurable: true });
  }
}
