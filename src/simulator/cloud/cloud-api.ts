import { callbackOrPromise, expectKind, realmError, refusalOf } from '../apis/callbacks';
import { isFailure, NativeFailure } from '../client/natives';
import type { Perform, Reply } from '../client/natives';
import type { Env } from '../host/env';
import type { Authority } from '../native/bridge';
import { multipart } from '../network/body';
import { startTransfer } from '../network/transfers';
import type { Transfer } from '../network/transfers';
import { toRealmTable } from '../realm/realm';
import { omit, parsedOr, randomWord, utf8 } from '../text';
import type { Any } from '../types';
import { CLOUD_ORIGIN, cloudFailure } from './backend';

const CLOUD_ID = `(function () {
  return function CloudID(cloudID) {
    if (!(this instanceof CloudID)) return new CloudID(cloudID);
    this.cloudID = cloudID;
  };
})()`;

/** `wx.cloud`: functions and files. Everything fails before `init`; a plugin's calls carry its appid. */
export function cloudApi(env: Env, authority: Authority): Any {
  const plugin = authority.pluginAppid === undefined ? {} : { plugin_appid: authority.pluginAppid };
  let defaultEnv: string | undefined;

  const envOf = (args: Any): string => {
    if (defaultEnv === undefined) {
      throw new NativeFailure("Error: Cloud API isn't enabled, please call wx.cloud.init before using it.");
    }
    const wanted = (args.config?.env ?? defaultEnv) as string;
    if (!env.cloud.envs.includes(wanted)) throw cloudFailure(-501000, `Environment not found: ${wanted}`);
    return wanted;
  };

  /** One member: `prepare` runs at the call; the work that it returns is carried out in the cloud. */
  const api = (name: string, prepare: (args: Any, env: string) => Perform) => (args: Any) =>
    cloudMember(env, `cloud.${name}`, args, (settle) => {
      const perform = prepare(args ?? {}, envOf(args ?? {}));
      env.natives.call(
        `cloud.${name}`,
        { ...omit((args ?? {}) as Any, 'success', 'fail', 'complete'), ...plugin },
        perform,
        settle,
      );
    });

  const table = toRealmTable(env.realm, {
    init: (options: Any) => {
      defaultEnv = (options?.env as string | undefined) ?? env.cloud.envs[0];
    },
    callFunction: api('callFunction', (args, at) => {
      expectKind(args, 'name', ['String']);
      // Only JSON reaches the function.
      const data = JSON.parse(JSON.stringify(args.data ?? {})) as Any;
      return async () => ({
        result: await env.cloud.call(at, args.name as string, data),
        requestID: randomWord(),
      });
    }),
    uploadFile: uploadFile(env, envOf),
    getTempFileURL: api('getTempFileURL', ({ fileList = [] }) => () => ({
      fileList: (fileList as Any[]).map((item: Any) => linkOf(env, (item?.fileID ?? item) as string)),
    })),
    deleteFile: api('deleteFile', ({ fileList = [] }) => () => ({
      fileList: (fileList as string[]).map((fileID) =>
        env.cloud.remove(fileID)
          ? { fileID, status: 0, errMsg: 'ok' }
          : { fileID, status: -503003, errMsg: 'STORAGE_FILE_NONEXIST' },
      ),
    })),
    downloadFile: api('downloadFile', ({ fileID }) => () => {
      const bytes = env.cloud.read(fileID as string);
      if (!bytes) throw cloudFailure(-503003, 'STORAGE_FILE_NONEXIST');
      const tempFilePath = `wxfile://tmp_${randomWord()}`;
      env.files.make(tempFilePath, bytes);
      return { tempFilePath, statusCode: 200 };
    }),
  }) as Any;
  table.CloudID = env.realm.script(CLOUD_ID, 'cloud');
  return table;
}

function linkOf(env: Env, fileID: string): object {
  if (!env.cloud.read(fileID))
    return { fileID, tempFileURL: '', status: 1, errMsg: 'STORAGE_FILE_NONEXIST', maxAge: 0 };
  return { fileID, tempFileURL: env.cloud.tempUrl(fileID), status: 0, errMsg: 'ok', maxAge: 86400 };
}

/** `wx.cloud.uploadFile`: a `wx.uploadFile` to the storage; with callbacks it returns that one's task. */
export function uploadFile(env: Env, envOf: (args: Any) => string) {
  return (args: Any): unknown => {
    let task: unknown;
    const promise = cloudMember(env, 'cloud.uploadFile', args, (settle) => {
      const transfer = prepare(env, args ?? {}, envOf(args ?? {}));
      const callbacks = {
        success: (reply: Any) => settle(reply as Reply),
        fail: (reply: Any) => settle(reply as Reply),
      };
      task = startTransfer(env, 'uploadFile', callbacks, transfer);
    });
    return promise ?? task;
  };
}

function prepare(env: Env, args: Any, cloudEnv: string): Transfer {
  expectKind(args, 'cloudPath', ['String']);
  expectKind(args, 'filePath', ['String']);
  const { cloudPath, filePath } = args as { cloudPath: string; filePath: string };
  const fields = { env: cloudEnv, cloudPath };
  const bytes = env.files.read(filePath, 'file not found');
  const file = { name: 'file', filename: cloudPath, type: 'application/octet-stream', bytes };
  const { type, body } = multipart(fields, file);
  return {
    params: { url: CLOUD_ORIGIN, filePath, name: 'file', formData: fields },
    exchange: {
      method: 'POST',
      url: CLOUD_ORIGIN,
      headers: { 'content-type': type },
      body,
      form: { fields, file },
    },
    result({ status, body: answer }, changed) {
      const reply = parsedOr(String(changed ?? utf8(answer)), {}) as { fileID?: string };
      return { errMsg: 'cloud.uploadFile:ok', fileID: reply.fileID, statusCode: status };
    },
  };
}

/**
 * A member with callbacks, or with a promise on every base library that has the cloud; a failure is an Error with errCode.
 *
 * @param start - settles with the reply, or throws a NativeFailure
 */
function cloudMember(
  env: Env,
  name: string,
  args: Any,
  start: (settle: (reply: Reply) => void) => void,
): unknown {
  const work = new Promise<Reply>((resolve) => {
    try {
      start(resolve);
    } catch (error) {
      resolve(refusalOf(name, error));
    }
  });
  return callbackOrPromise(env, args, (resolve, reject) => {
    void work.then((reply) =>
      isFailure(reply) ? reject(realmError(env, reply.errMsg, reply)) : resolve(reply),
    );
  });
}
