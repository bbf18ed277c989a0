import { multipart } from '../apis/multipart';
import { startTransfer } from '../apis/transfers';
import type { Transfer } from '../apis/transfers';
import { expectKind } from '../callbacks';
import type { Env } from '../env';
import type { Reply } from '../natives';
import { parsedOr, utf8 } from '../text';
import type { Any } from '../types';
import { CLOUD_ORIGIN } from './backend';
import { settled } from './settled';

/** `wx.cloud.uploadFile`: a `wx.uploadFile` to the storage; with callbacks it returns that one's task. */
export function uploadFile(env: Env, envOf: (args: Any) => string) {
  return (args: Any): unknown => {
    let task: unknown;
    const promise = settled(env, 'cloud.uploadFile', args, (settle) => {
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
