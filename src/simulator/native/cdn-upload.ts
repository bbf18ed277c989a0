import { asyncApi, expectKind } from '../apis/callbacks';
import type { NativeWork } from '../apis/callbacks';
import { NativeFailure, ParameterFailure } from '../client/natives';
import type { Reply } from '../client/natives';
import type { Env } from '../host/env';
import type { Permission } from '../host/options';
import { bytesOf, isArrayBuffer } from '../realm/realm';
import { watchUpload } from '../network/watch-upload';
import { base64OfBytes, bytesOfText } from '../text';
import type { Any } from '../types';

const API = 'uploadToCommonCDN';

/** Parameters of the native upload (protocol 4). */
export interface CdnUpload {
  appType: number;
  fileType: number;
  fileKey: string;
  filePath?: string;
  fileData?: unknown;
}

/** The work of one native upload. */
function workOf(env: Env, upload: CdnUpload, permission: Permission): Required<NativeWork> {
  const { params, content } = toNativeParams(upload);
  const perform = async (): Promise<unknown> => {
    if (permission === 'denied') throw new NativeFailure('permission denied');
    const bytes = upload.filePath === undefined ? content : env.files.read(upload.filePath, 'file not exist');
    if (!bytes) throw new NativeFailure('invalid data');
    const watched = watchUpload(env, 'cdn', bytes.length);
    await env.network.takeTimeFor(bytes.length, (sent) => watched?.tell('running', sent));
    watched?.tell('done');
    env.uploads.push({ at: env.clock.now(), via: 'cdn', filePath: upload.filePath, bytes });
    return { fileUrl: env.cdn.store(bytes, upload.filePath) };
  };
  return { params, perform, onEnd: env.cdn.enter() };
}

/** One upload of the library's own, which is always permitted. */
export function uploadNative(env: Env, upload: CdnUpload, settle: (reply: Reply) => void): void {
  const { params, perform, onEnd } = workOf(env, upload, 'allowed');
  env.natives.call(API, params, perform, (reply) => {
    onEnd();
    settle(reply);
  });
}

/** Data crosses as it is now; an ArrayBuffer goes beside the parameters, as base64. */
function toNativeParams(upload: CdnUpload): { params: unknown; content?: Uint8Array } {
  const { fileData, ...rest } = upload;
  if (fileData === undefined) return { params: upload };
  if (isArrayBuffer(fileData)) {
    const content = bytesOf(fileData);
    return {
      params: { ...rest, __nativeBuffers__: [{ key: 'fileData', base64: base64OfBytes(content) }] },
      content,
    };
  }
  const text = typeof fileData === 'string' ? fileData : JSON.stringify(fileData);
  // Only JSON crosses: a typed array is an object with its indexes.
  return {
    params: { ...rest, fileData: JSON.parse(JSON.stringify(fileData)) as unknown },
    content: bytesOfText(text),
  };
}

/** `wx.uploadToCommonCDN` as pages have it, or undefined where they do not. */
export function uploadToCommonCDN(env: Env): ((args: Any) => unknown) | undefined {
  if (permissionOf(env) === 'absent') return undefined;
  return asyncApi(env, API, (args) => {
    const permission = permissionOf(env);
    // The library of 2.30.3 asks for the client's grant before anything else (protocol 15).
    if (permission === 'denied' && env.profile.uploadToCommonCDN) throw new ParameterFailure('no permission');
    expectKind(args, 'appType', ['Number']);
    expectKind(args, 'fileType', ['Number']);
    expectKind(args, 'fileKey', ['String']);
    return workOf(env, pick(args), permission);
  });
}

function permissionOf({ permissions: { bridge, upload }, profile }: Env): Permission {
  const ofRow = bridge === 'absent' ? 'absent' : 'denied';
  return upload ?? (profile.uploadToCommonCDN ? ofRow : 'absent');
}

/** Parameters cross as JSON writes them: by their own fields, whatever the page's Object.prototype has. */
function pick(args: Any): CdnUpload {
  const { appType, fileType, fileKey, filePath, fileData } = { ...args };
  const upload = { appType, fileType, fileKey } as CdnUpload;
  if (filePath !== undefined) upload.filePath = filePath as string;
  if (fileData !== undefined) upload.fileData = fileData;
  return upload;
}
