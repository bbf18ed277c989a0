import { createDecipheriv } from 'node:crypto';
import { OpenApiError } from './open-api-error';

export interface EncryptedPhoneNumber {
  /** Base64, as the page got it. */
  encryptedData: string;
  iv: string;
  /** `session_key` of auth.code2Session. */
  sessionKey: string;
}

export interface PhoneNumber {
  phoneNumber: string;
  purePhoneNumber: string;
  countryCode: string;
  watermark: { appid: string; timestamp: number };
}

const CALL = 'decrypt.getPhoneNumber';

/**
 * Decrypts a phone number: AES-128-CBC with PKCS#7 padding, all inputs base64 (protocol 14).
 *
 * @throws OpenApiError when it cannot be decrypted, or was made for another app
 */
export function decryptPhoneNumber(appid: string, input: EncryptedPhoneNumber): PhoneNumber {
  let result: PhoneNumber;
  try {
    const [key, iv] = [Buffer.from(input.sessionKey, 'base64'), Buffer.from(input.iv, 'base64')];
    const decipher = createDecipheriv('aes-128-cbc', key, iv);
    const clear = Buffer.concat([decipher.update(input.encryptedData, 'base64'), decipher.final()]);
    result = JSON.parse(clear.toString());
  } catch {
    // The cause is left out: it may quote what was decrypted.
    throw new OpenApiError(
      CALL,
      'the data cannot be decrypted. The session key may be an older one; log in again.',
      {
        billing: 'none',
      },
    );
  }
  if (result?.watermark?.appid !== appid) {
    throw new OpenApiError(CALL, 'the data belongs to another app.', { billing: 'none' });
  }
  return result;
}
