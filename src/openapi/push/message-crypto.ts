/** The cryptography of message push (protocol 16): SHA-1 over a shared token, AES-256-CBC inside. */
import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';

const KEY_BYTES = 32;
const IV_BYTES = 16;
/** Random bytes before the message. */
const SALT_BYTES = 16;
const LENGTH_BYTES = 4;
/** The padding fills blocks of this size, twice that of the cipher. */
const BLOCK_BYTES = 32;

/** Whether the signature of some words is this one. Takes as long for a wrong one as for the right one. */
export function isSignatureOf(words: readonly string[], signature: unknown): boolean {
  const expected = Buffer.from(
    createHash('sha1')
      .update([...words].sort().join(''))
      .digest('hex'),
  );
  const given = Buffer.from(String(signature));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** @param encodingAESKey - 43 characters, as the console shows it; undefined is returned for any other */
export function parseAesKey(encodingAESKey: string): Buffer | undefined {
  const key = Buffer.from(`${encodingAESKey}=`, 'base64');
  return /^[A-Za-z0-9+/]{43}$/.test(encodingAESKey) && key.length === KEY_BYTES ? key : undefined;
}

/**
 * Decrypts a message whose signature has been checked.
 *
 * @param encrypted - base64
 * @throws Error where it was made with another key, or is none
 */
export function decryptMessage(encrypted: string, key: Buffer): { message: string; appid: string } {
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, IV_BYTES)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()]);
  const plain = withoutPadding(padded);
  const start = SALT_BYTES + LENGTH_BYTES;
  const end = start + plain.readUInt32BE(SALT_BYTES);
  if (end > plain.length) throw new Error('Failed to decrypt a message: it is cut off.');
  return { message: plain.toString('utf8', start, end), appid: plain.toString('utf8', end) };
}

function withoutPadding(padded: Buffer): Buffer {
  const count = padded.at(-1) ?? 0;
  const isPadding = count >= 1 && count <= BLOCK_BYTES && count <= padded.length;
  if (!isPadding || padded.subarray(-count).some((byte) => byte !== count)) {
    throw new Error('Failed to decrypt a message: its padding is wrong.');
  }
  return padded.subarray(0, -count);
}
