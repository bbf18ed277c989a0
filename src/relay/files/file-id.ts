import { randomBytes } from 'node:crypto';
import { digest } from '../secrets';
import { FILE_TYPES, type FileType } from './file-types';

const RANDOM_BYTES = 32;
const ID = /^[\w-]{50}$/;
const KEY = /^(\d{10})-[0-9a-f]{64}$/;

/**
 * What an id tells: the key under which the bytes lie, when they end (Unix seconds), and their type. Nothing
 * else has to be stored or shared between instances. An altered id has another key, so it finds nothing.
 */
export interface FileReference {
  key: string;
  expiresAt: number;
  type: FileType;
}

/** A new id: 32 random bytes, 4 of expiry, 1 of type, as 50 characters of base64url. */
export function newFileId(expiresAt: number, type: FileType): string {
  const bytes = Buffer.alloc(RANDOM_BYTES + 5);
  randomBytes(RANDOM_BYTES).copy(bytes);
  bytes.writeUInt32BE(expiresAt, RANDOM_BYTES);
  bytes.writeUInt8(FILE_TYPES.indexOf(type), RANDOM_BYTES + 4);
  return bytes.toString('base64url');
}

/** Reads an id; undefined when it cannot be one of ours. */
export function readFileId(id: string): FileReference | undefined {
  if (!ID.test(id)) return undefined;
  const bytes = Buffer.from(id, 'base64url');
  const expiresAt = bytes.readUInt32BE(RANDOM_BYTES);
  const type = FILE_TYPES[bytes.readUInt8(RANDOM_BYTES + 4)];
  if (!type) return undefined;
  return { key: `${String(expiresAt).padStart(10, '0')}-${digest(id)}`, expiresAt, type };
}

/** When the file under this key ends, in Unix seconds; undefined for a name that is not a key of ours. */
export function expiryOfKey(key: string): number | undefined {
  const match = KEY.exec(key);
  return match ? Number(match[1]) : undefined;
}
