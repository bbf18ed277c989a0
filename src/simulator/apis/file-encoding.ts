import { NativeFailure, ParameterFailure } from '../client/natives';
import { bytesOf, isArrayBuffer } from '../realm/realm';
import { base64OfBytes, bytesOfBase64, bytesOfText, utf8 } from '../text';

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const latin1Of = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

const ENCODINGS = ['utf8', 'utf-8', 'base64', 'hex', 'ascii', 'binary', 'latin1'];

/** @throws ParameterFailure for an encoding that the library does not know */
export function checkEncoding(encoding: unknown): void {
  if (encoding === undefined || ENCODINGS.includes(encoding as string)) return;
  throw new ParameterFailure(`invalid encoding "${String(encoding)}"`);
}

/** Bytes as the file system returns them: an ArrayBuffer without an encoding, else a string. */
export function decode(bytes: Uint8Array, encoding: unknown): unknown {
  switch (encoding) {
    case undefined:
      return bytes;
    case 'utf8':
    case 'utf-8':
      return utf8(bytes);
    case 'base64':
      return base64OfBytes(bytes);
    case 'hex':
      return hexOf(bytes);
    case 'ascii':
    case 'binary':
    case 'latin1':
      return latin1Of(bytes);
    default:
      throw new NativeFailure(`invalid encoding "${String(encoding)}"`);
  }
}

/** The bytes of a value that page code writes. */
export function encode(data: unknown, encoding: unknown): Uint8Array {
  if (isArrayBuffer(data)) return bytesOf(data);
  if (typeof data !== 'string') {
    throw new NativeFailure('parameter error: parameter.data should be String|ArrayBuffer;');
  }
  switch (encoding) {
    case undefined:
    case 'utf8':
    case 'utf-8':
      return bytesOfText(data);
    case 'base64':
      return bytesOfBase64(data);
    case 'hex':
      return Uint8Array.from(data.match(/../g) ?? [], (pair) => parseInt(pair, 16));
    case 'ascii':
    case 'binary':
    case 'latin1':
      return Uint8Array.from(data, (char) => char.charCodeAt(0));
    default:
      throw new NativeFailure(`invalid encoding "${String(encoding)}"`);
  }
}
