import { toRealm } from '../realm/realm';
import type { Any } from '../types';
import type { Env } from './env';

/** Super-apps besides WeChat, as a framework or their own global shows them to an app. */
export type OtherHost = 'qq' | 'uni on Alipay' | 'Taro on Alipay' | 'uni on HarmonyOS';

/** How a host differs from `wx` in what a call over a relay meets. */
interface Manner {
  /** Its global object; there is no `wx`. */
  global: 'qq' | 'uni' | 'Taro';
  /** `uploadFile` fails without `fileType`. */
  wantsFileType: boolean;
  /** Members whose `statusCode` is a string. */
  textStatuses: string[];
  /** Failures have no `errMsg`, but `{error, errorMessage}`. */
  hasOwnFailures: boolean;
  /** Members return a promise, also where there are callbacks; one that the host lacks never calls back. */
  hasPromises: boolean;
  /** Members of `wx` that it lacks. */
  lacks: string[];
}

const LIKE_WX: Omit<Manner, 'global'> = {
  wantsFileType: false,
  textStatuses: [],
  hasOwnFailures: false,
  hasPromises: false,
  lacks: [],
};

/**
 * Sources: the hosts' own documentation (`my.uploadFile` requires `fileType`); public reports of apps built by uni-app and
 * Taro (an upload's status as a string: https://github.com/umicro/uView/issues/1210). None has been run on a real phone.
 */
const MANNERS: Record<OtherHost, Manner> = {
  qq: { ...LIKE_WX, global: 'qq' },
  // uni-app puts errMsg together from {error, errorMessage}.
  'uni on Alipay': { ...LIKE_WX, global: 'uni', wantsFileType: true, textStatuses: ['uploadFile'] },
  // Taro hands them on, and calls nobody back for what Alipay lacks under that name.
  'Taro on Alipay': {
    ...LIKE_WX,
    global: 'Taro',
    wantsFileType: true,
    textStatuses: ['uploadFile'],
    hasOwnFailures: true,
    hasPromises: true,
    lacks: ['getFileInfo', 'getNetworkType'],
  },
  'uni on HarmonyOS': {
    ...LIKE_WX,
    global: 'uni',
    textStatuses: ['request', 'uploadFile'],
    hasOwnFailures: true,
    lacks: ['getFileInfo'],
  },
};

export const OTHER_HOSTS = Object.keys(MANNERS) as OtherHost[];

/** What is left of `wx`: no bridge, no cloud, no service market. */
const MEMBERS = [
  ...['getSystemInfoSync', 'getSystemInfo', 'getNetworkType', 'login', 'checkSession', 'canIUse'],
  ...['request', 'uploadFile', 'downloadFile', 'chooseImage', 'getFileInfo', 'showToast'],
  ...['arrayBufferToBase64', 'base64ToArrayBuffer', 'getStorageSync', 'setStorageSync'],
];

/** Makes a host's global of the members of `wx`, in the page's realm. */
const SOURCE = `(function (wx, members, manner) {
  var api = {};
  function told(name, change) {
    return function (callback) { return callback && function (result) { callback(change(name, result)); }; };
  }
  function answer(name, result) {
    if (manner.textStatuses.indexOf(name) < 0) return result;
    return Object.assign({}, result, { statusCode: String(result.statusCode) });
  }
  function failure(name, result) {
    return manner.hasOwnFailures ? { error: 12, errorMessage: result.errMsg } : result;
  }
  function refusalOf(name, options) {
    var isKnown = ['image', 'video', 'audio'].indexOf(options.fileType) >= 0;
    return name === 'uploadFile' && manner.wantsFileType && !isKnown && { errMsg: name + ':fail 无效参数' };
  }
  function asynchronous(name) {
    return function (options) {
      var task, settled = new Promise(function (resolve, reject) {
        if (manner.lacks.indexOf(name) >= 0) return;
        options = options || {};
        var success = told(name, answer)(options.success), fail = told(name, failure)(options.fail);
        function end(callback, then) { return function (result) { if (callback) callback(result); then(result); }; }
        var refusal = refusalOf(name, options);
        if (refusal) return setTimeout(end(fail, reject), 0, refusal);
        task = wx[name](Object.assign({}, options, { success: end(success, resolve), fail: end(fail, reject) }));
      });
      settled.catch(function () {});
      return manner.hasPromises ? settled : task;
    };
  }
  members.forEach(function (name) {
    if (typeof wx[name] !== 'function') return;
    var isSimple = /Sync$|^canIUse$|^arrayBuffer|^base64/.test(name);
    var isLacking = manner.lacks.indexOf(name) >= 0 && !manner.hasPromises;
    if (!isLacking) api[name] = isSimple ? wx[name] : asynchronous(name);
  });
  return api;
})`;

/** The global of another host, and its name. */
export function otherHostOf({ realm }: Env, wx: Any, host: OtherHost): { name: string; api: Any } {
  const manner = MANNERS[host];
  const make = realm.script(SOURCE, 'other-host') as (wx: Any, members: Any, manner: Any) => Any;
  return {
    name: manner.global,
    api: make(wx, toRealm(realm, MEMBERS), toRealm(realm, manner)) as unknown,
  };
}
