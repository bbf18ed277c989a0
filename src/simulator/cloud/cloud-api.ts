import { callbackOrPromise, refusalOf } from '../apis/callbacks';
import { isFailure } from '../client/natives';
import type { Perform, Reply } from '../client/natives';
import type { Env } from '../host/env';
import { reaches } from '../host/profiles';
import type { Authority } from '../native/bridge';
import { multipart } from '../network/body';
import { startTransfer } from '../network/transfers';
import type { Transfer } from '../network/transfers';
import { bytesOf, isArrayBuffer, toRealmTable } from '../realm/realm';
import { omit, parsedOr, randomWord, utf8 } from '../text';
import type { Any } from '../types';
import { CLOUD_ORIGIN, cloudFailure } from './backend';
import { cloudError, notReadyError, wrongKindError } from './failures';
import { callFunction } from './function-call';

const CLOUD_ID = `(function () {
  return function CloudID(cloudID) {
    if (!(this instanceof CloudID)) return new CloudID(cloudID);
    this.cloudID = cloudID;
  };
})()`;

/** `wx.cloud`: functions and files. Everything throws before `init`; a plugin's calls carry its appid. */
export function cloudApi(env: Env, authority: Authority): Any {
  const plugin = authority.pluginAppid === undefined ? {} : { plugin_appid: authority.pluginAppid };
  let defaultEnv: string | undefined;

  const envOf = (args: Any): string => {
    if (env.cloud.envs.length === 0) throw cloudFailure(-601034, '没有权限，请先开通云服务');
    const wanted = (args.config?.env ?? defaultEnv) as string;
    if (!env.cloud.envs.includes(wanted)) throw cloudFailure(-501000, `Environment not found: ${wanted}`);
    return wanted;
  };

  const paramsOf = (args: Any): Record<string, unknown> => ({
    ...omit((args ?? {}) as Any, 'success', 'fail', 'complete'),
    ...plugin,
  });

  /** One member: `prepare` runs at the call; the work that it returns is carried out in the cloud. */
  const api = (name: string, prepare: (args: Any, env: string) => Perform) => (args: Any) => {
    demandReady(env, defaultEnv !== undefined, args);
    return cloudMember(env, `cloud.${name}`, args, (settle) => {
      env.natives.call(`cloud.${name}`, paramsOf(args), prepare(args, envOf(args)), settle);
    });
  };

  const table = toRealmTable(env.realm, {
    init: (options: Any) => {
      defaultEnv = (options?.env as string | undefined) ?? env.cloud.envs[0] ?? '';
    },
    callFunction: (args: Any) => {
      demandReady(env, defaultEnv !== undefined, args);
      return cloudMember(env, 'cloud.callFunction', args, (settle) => {
        demandKind(args, 'name', 'string');
        const data = JSON.parse(cloudJson(args.data ?? {})) as Any;
        const prepare = (): Perform => {
          const at = envOf(args);
          return async () => ({
            result: revived(await env.cloud.call(at, args.name as string, data)),
            requestID: `req-${randomWord()}`,
          });
        };
        callFunction(env, { name: 'cloud.callFunction', params: paramsOf(args), prepare }, settle);
      });
    },
    uploadFile: (args: Any) => {
      demandReady(env, defaultEnv !== undefined, args);
      return uploadFile(env, envOf, args);
    },
    getTempFileURL: api('getTempFileURL', (args) => {
      demandKind(args, 'fileList', 'array');
      const files = args.fileList as Any[];
      return () => ({ fileList: files.map((item: Any) => linkOf(env, (item?.fileID ?? item) as string)) });
    }),
    deleteFile: api('deleteFile', (args) => {
      demandKind(args, 'fileList', 'array');
      return () => ({ fileList: (args.fileList as string[]).map((fileID) => deletionOf(env, fileID)) });
    }),
    downloadFile: api('downloadFile', (args) => {
      demandKind(args, 'fileID', 'string');
      return () => {
        const bytes = env.cloud.read(args.fileID as string);
        if (!bytes) throw cloudFailure(-503003, 'STORAGE_FILE_NONEXIST');
        const tempFilePath = `wxfile://tmp_${randomWord()}`;
        env.files.make(tempFilePath, bytes);
        return { tempFilePath, statusCode: 200 };
      };
    }),
  }) as Any;
  if (reaches(env.profile, '2.7.0')) table.CloudID = env.realm.script(CLOUD_ID, 'cloud');
  return table;
}

/** Thrown for an argument of a wrong kind: the call fails without any request. */
class CloudArgumentError extends Error {}

/** @throws an Error of the realm, before there is a promise: where `init` was not called, or the argument is no object */
function demandReady(env: Env, isReady: boolean, args: Any): void {
  const details =
    env.profile.generation === 'old' ? ' init 方法可传入一个对象用于设置默认配置，详见文档。'.trim() : '';
  const notReady =
    "Cloud API isn't enabled, please call wx.cloud.init first\n" +
    `请先调用 wx.cloud.init() 完成初始化后再调用其他云 API。${details}`;
  if (!isReady) throw notReadyError(env, notReady);
  if (args !== null && typeof args === 'object') return;
  throw wrongKindError(env, `parameter should be object instead of ${kindOf(args)};`);
}

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

/** @throws CloudArgumentError for an argument of another kind */
function demandKind(args: Any, name: string, kind: 'string' | 'array'): void {
  const found = kindOf(args[name]);
  if (found !== kind)
    throw new CloudArgumentError(`parameter.${name} should be ${kind} instead of ${found};`);
}

/** Only JSON reaches a function; bytes are written as Node writes a Buffer, and read back from results. */
function cloudJson(data: unknown): string {
  return JSON.stringify(data, (_key, value: unknown) =>
    isArrayBuffer(value) ? { type: 'Buffer', data: Array.from(bytesOf(value)) } : value,
  );
}

function revived(value: Any): Any {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item: Any) => revived(item) as unknown);
  if (value.type === 'Buffer' && Array.isArray(value.data)) return Uint8Array.from(value.data as number[]);
  const entries = Object.entries(value as object).map(([key, item]) => [key, revived(item) as unknown]);
  return Object.fromEntries(entries) as Any;
}

const deletionOf = (env: Env, fileID: string): object =>
  env.cloud.remove(fileID)
    ? { fileID, status: 0, errMsg: 'ok' }
    : { fileID, status: -503003, errMsg: 'STORAGE_FILE_NONEXIST' };

function linkOf(env: Env, fileID: string): object {
  if (!env.cloud.read(fileID))
    return { fileID, tempFileURL: '', status: 1, errMsg: 'STORAGE_FILE_NONEXIST', maxAge: 0 };
  return { fileID, tempFileURL: env.cloud.tempUrl(fileID), status: 0, errMsg: 'ok', maxAge: 86400 };
}

/** `wx.cloud.uploadFile`: a `wx.uploadFile` to the storage; with callbacks it returns that one's task. */
function uploadFile(env: Env, envOf: (args: Any) => string, args: Any): unknown {
  let task: unknown;
  const promise = cloudMember(env, 'cloud.uploadFile', args, (settle) => {
    const at = envOf(args);
    demandKind(args, 'cloudPath', 'string');
    demandKind(args, 'filePath', 'string');
    let transfer: Transfer;
    try {
      transfer = prepare(env, args as { cloudPath: string; filePath: string }, at);
    } catch (error) {
      return settle(refusalOf('uploadFile', error));
    }
    const callbacks = {
      success: (reply: Any) => settle(reply as Reply),
      fail: (reply: Any) => settle(reply as Reply),
    };
    task = startTransfer(env, 'uploadFile', callbacks, transfer);
  });
  return promise ?? task;
}

/** @throws NativeFailure where there is no such file */
function prepare(
  env: Env,
  { cloudPath, filePath }: { cloudPath: string; filePath: string },
  cloudEnv: string,
): Transfer {
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
      const reply = Object(parsedOr(String(changed ?? utf8(answer)), {})) as { fileID?: string };
      return { errMsg: 'cloud.uploadFile:ok', fileID: reply.fileID, statusCode: status };
    },
  };
}

/**
 * A member with callbacks, or with a promise on every base library that has the cloud; a failure is an Error.
 *
 * @param start - settles with the reply, or the Error; or throws a NativeFailure
 */
function cloudMember(
  env: Env,
  name: string,
  args: Any,
  start: (settle: (outcome: Reply | Error) => void) => void,
): unknown {
  const work = new Promise<Reply | Error>((resolve) => {
    try {
      start(resolve);
    } catch (error) {
      resolve(
        error instanceof CloudArgumentError ? wrongKindError(env, error.message) : refusalOf(name, error),
      );
    }
  });
  return callbackOrPromise(env, args, (resolve, reject) => {
    void work.then((outcome) => {
      if (outcome instanceof env.realm.intrinsics.Error) return reject(outcome);
      return isFailure(outcome) ? reject(cloudError(env, name, outcome)) : resolve(outcome);
    });
  });
}
