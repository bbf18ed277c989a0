import type { Readable } from 'node:stream';
import { requireIntendedBytes } from '../../invocation';
import type { FileReply } from '../../protocol';
import type { RelaySession } from '../apps/relay-app';
import type { RelayContext } from '../context';
import type { FileReference } from './file-id';
import { safeType } from './file-types';
import { UploadGuard } from './upload-guard';

/** A file on its way in. */
export interface IncomingFile {
  source: Readable;
  /** The content type that the client says. */
  claimedType?: string;
  /** Bytes at most, where the request says so. */
  length?: number;
  /** Bytes that have come so far, where there are more than those of the file. */
  received?(): number;
  /**
   * Reads what follows the file, and throws when nothing should have followed.
   *
   * @returns how many bytes the client meant to send, or undefined where it did not say
   */
  intended(): Promise<number | undefined>;
}

/**
 * Stores a user's file and makes its URL. What the user may send is reserved before the first byte, and what
 * was not used is given back after the last.
 *
 * @throws RelayError 413 when it is too large, 429 when the user has sent too much, 400 when it ends early, 422 when
 *   it is not as long as the client meant; nothing is stored then
 */
export async function receiveFile(
  { settings, files }: Pick<RelayContext, 'settings' | 'files'>,
  {
    app: {
      settings: { scope },
      limiter,
      fileIds,
      filesUrl,
      metrics,
    },
    userId,
  }: RelaySession,
  incoming: IncomingFile,
): Promise<FileReply> {
  const reserved = Math.min(incoming.length ?? settings.maxFileSize, settings.maxFileSize);
  await limiter.take('files', userId);
  try {
    await limiter.take('bytes', userId, reserved);
  } catch (error) {
    await limiter.giveBack('files', userId, 1);
    throw error;
  }
  const guard = new UploadGuard(incoming.source, settings.maxFileSize);
  try {
    const type = safeType(incoming.claimedType);
    let [expiresAt, id] = [0, ''];
    const makeKey = async (): Promise<string> => {
      requireIntendedBytes(guard.bytes, await incoming.intended());
      expiresAt = Math.floor(settings.now() / 1000) + settings.fileTtl;
      id = fileIds.create(expiresAt, type, guard.digest());
      return (fileIds.read(id) as FileReference).key;
    };
    await files.put(guard, type, makeKey, scope);
    metrics?.addUpload();
    return { url: filesUrl() + id, expires_at: expiresAt, size: guard.bytes };
  } finally {
    await limiter.giveBack('bytes', userId, reserved - (incoming.received?.() ?? guard.bytes));
  }
}
