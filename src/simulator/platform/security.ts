import * as crypto from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { parsedOr } from '../text';
import type { Any } from '../types';
import { demand } from './route';
import { PlatformError } from './types';
import type { SecuritySettings } from './types';

const WINDOW_S = 300;

/** Keys of an app and of the platform that fit each other, new each time: the owner's half and the platform's. */
export function makeSecurityKeys() {
  const rsa = (): { publicKey: string; privateKey: string } =>
    crypto.generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
  const [app, platform] = [rsa(), rsa()];
  const symmetric = {
    sn: crypto.randomBytes(16).toString('hex'),
    key: crypto.randomBytes(32).toString('base64'),
  };
  const sn = crypto.randomBytes(16).toString('hex');
  return {
    /** What `createOpenApi` accepts as `security`. A public key stands in for the certificate that it would be in. */
    owner: {
      symmetric,
      privateKey: app.privateKey,
      platformCertificate: { sn, certificate: platform.publicKey },
    },
    /** What `createPlatformServer` accepts as `security`. */
    platform: {
      symmetric,
      publicKey: app.publicKey,
      certificate: { sn, privateKey: platform.privateKey },
    } as SecuritySettings,
  };
}

/** A call whose envelope was opened. */
export interface SecuredCall {
  /** The call's parameters. */
  parameters: Any;
  /** Makes the answer: its body and its headers. */
  seal(reply: object): { body: string; headers: Record<string, string> };
}

/**
 * Opens an encrypted and signed request (protocol 17).
 *
 * @param url - that the client has called, without the query
 * @throws PlatformError 40230 to 40240
 */
export function openRequest(
  settings: SecuritySettings,
  appid: string,
  url: string,
  headers: IncomingHttpHeaders,
  text: string,
): SecuredCall {
  const { symmetric, publicKey } = settings;
  const timestamp = headers['wechatmp-timestamp'] as string | undefined;
  const signature = headers['wechatmp-signature'] as string | undefined;
  demand(timestamp, 40231, 'missing timestamp');
  demand(signature, 40232, 'missing signature');
  demand(headers['wechatmp-appid'], 40233, 'missing appid');
  demand(headers['wechatmp-appid'] === appid, 40236, 'invalid appid');
  demand(symmetric, 40238, 'no symmetric key');
  demand(publicKey, 40239, 'no asymmetric key');
  demand(Math.abs(Date.now() / 1000 - Number(timestamp)) <= WINDOW_S, 40240, 'expired timestamp');
  const verifier = crypto.createVerify('RSA-SHA256').update([url, appid, timestamp, text].join('\n'));
  const isGenuine = verifier.verify(
    { key: publicKey as string, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
    signature as string,
    'base64',
  );
  demand(isGenuine, 40234, 'invalid signature');
  const { _n: nonce, _appid, _timestamp, ...parameters } = decrypt(settings, appid, url, timestamp, text);
  demand(nonce, 40235, 'invalid encryption, no nonce');
  demand(_appid === appid, 40237, 'invalid appid in the data');
  demand(String(_timestamp) === timestamp, 40235, 'invalid encryption, another timestamp');
  return { parameters, seal: (reply) => sealReply(settings, appid, url, reply) };
}

function decrypt(
  { symmetric }: SecuritySettings,
  appid: string,
  url: string,
  timestamp: string | undefined,
  text: string,
): Any {
  const { iv, data, authtag } = parsedOr(text, {}) as Any;
  const { sn, key } = symmetric as NonNullable<SecuritySettings['symmetric']>;
  try {
    const opener = crypto.createDecipheriv(
      'aes-256-gcm',
      Buffer.from(key, 'base64'),
      Buffer.from(iv as string, 'base64'),
    );
    opener.setAAD(Buffer.from([url, appid, timestamp, sn].join('|')));
    opener.setAuthTag(Buffer.from(authtag as string, 'base64'));
    return JSON.parse(opener.update(data as string, 'base64', 'utf8') + opener.final('utf8'));
  } catch {
    throw new PlatformError(40235, 'invalid encryption');
  }
}

function sealReply(
  { symmetric, certificate, deprecated }: SecuritySettings,
  appid: string,
  url: string,
  reply: object,
): { body: string; headers: Record<string, string> } {
  const { sn, key } = symmetric as NonNullable<SecuritySettings['symmetric']>;
  const timestamp = Math.floor(Date.now() / 1000);
  const iv = crypto.randomBytes(12);
  const sealer = crypto.createCipheriv('aes-256-gcm', Buffer.from(key, 'base64'), iv);
  sealer.setAAD(Buffer.from([url, appid, timestamp, sn].join('|')));
  const fields = { _n: crypto.randomBytes(16).toString('base64'), _appid: appid, _timestamp: timestamp };
  const data =
    sealer.update(JSON.stringify({ ...fields, ...reply }), 'utf8', 'base64') + sealer.final('base64');
  const body = JSON.stringify({
    iv: iv.toString('base64'),
    data,
    authtag: sealer.getAuthTag().toString('base64'),
  });
  const signatureBy = (privateKey: string): string =>
    crypto
      .createSign('RSA-SHA256')
      .update([url, appid, timestamp, body].join('\n'))
      .sign({ key: privateKey, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, 'base64');
  return {
    body,
    headers: {
      'Wechatmp-Appid': appid,
      'Wechatmp-TimeStamp': String(timestamp),
      'Wechatmp-Serial': certificate.sn,
      'Wechatmp-Signature': signatureBy(certificate.privateKey),
      ...(deprecated && {
        'Wechatmp-Serial-Deprecated': deprecated.sn,
        'Wechatmp-Signature-Deprecated': signatureBy(deprecated.privateKey),
      }),
    },
  };
}
