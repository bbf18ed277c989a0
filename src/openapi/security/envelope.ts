/** The cryptography of API security (protocol 17): AES-256-GCM inside, RSA-PSS outside. */
import { constants, createCipheriv, createDecipheriv, type KeyObject, sign, verify } from 'node:crypto';

/** Encrypted JSON as it goes over the wire; all three are base64. */
export interface Envelope {
  iv: string;
  data: string;
  authtag: string;
}

/** What a message is bound to: it is good for the same call, app and time only. */
export interface Binding {
  /** The URL with its protocol and without its query. */
  url: string;
  appid: string;
  /** Unix seconds, of the message itself. */
  timestamp: number;
}

export interface SymmetricKey {
  /** Its number in the console. */
  sn: string;
  /** 32 bytes. */
  key: KeyObject;
}

export const KEY_BYTES = 32;
export const IV_BYTES = 12;
/** Fixed, because a cipher accepts a shorter tag, which is easy to guess. */
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';
const RSA_PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

/** Encrypts a JSON string. @param iv - 12 bytes that this key has never been used with before */
export function encrypt(plain: string, { sn, key }: SymmetricKey, iv: Buffer, binding: Binding): Envelope {
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(binding, sn));
  const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return {
    iv: iv.toString('base64'),
    data: data.toString('base64'),
    authtag: cipher.getAuthTag().toString('base64'),
  };
}

/** @throws Error where it is no envelope, was made with another key or for something else, or was changed */
export function decrypt(envelope: Envelope, { sn, key }: SymmetricKey, binding: Binding): Buffer {
  const [iv, tag] = [Buffer.from(envelope.iv, 'base64'), Buffer.from(envelope.authtag, 'base64')];
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData(binding, sn));
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(envelope.data, 'base64'), decipher.final()]);
}

/** @returns the signature of a body, in base64 */
export function signBody(body: string | Buffer, key: KeyObject, binding: Binding): string {
  return sign('sha256', signedBytes(body, binding), { key, ...RSA_PSS }).toString('base64');
}

/** @param signature - base64 */
export function isSignedBy(
  key: KeyObject,
  body: string | Buffer,
  signature: string,
  binding: Binding,
): boolean {
  return verify('sha256', signedBytes(body, binding), { key, ...RSA_PSS }, Buffer.from(signature, 'base64'));
}

function associatedData({ url, appid, timestamp }: Binding, sn: string): Buffer {
  return Buffer.from(`${url}|${appid}|${timestamp}|${sn}`);
}

function signedBytes(body: string | Buffer, { url, appid, timestamp }: Binding): Buffer {
  return Buffer.concat([Buffer.from(`${url}\n${appid}\n${timestamp}\n`), Buffer.from(body)]);
}
