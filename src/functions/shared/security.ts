import { resolve } from 'node:path';
import type { SecuredSendOptions } from '../../openapi/security/secured-send';
import { readSecurityKeys } from '../../openapi/security/keys';
import { requireSecret, type Secrets } from './secrets';

/** API security in settings.json, as in the relay's configuration; the keys are secrets. */
export interface SecuritySettings {
  symmetric: { sn: string };
  /** The file is beside index.js. */
  platformCertificate: { sn: string; file: string };
  /** Whether asking for results is switched on in the console as well. @default false */
  retrieve?: boolean;
}

/** What a call by HTTPS is encrypted and signed with. */
export type Security = Pick<SecuredSendOptions, 'appid' | 'keys' | 'calls'>;

/**
 * @param folder - of the function
 * @returns undefined where calls go in plain
 * @throws Error for what is missing; TypeError that names what is wrong
 */
export function readSecurity(
  settings: SecuritySettings | undefined,
  secrets: Secrets,
  folder: string,
): Security | undefined {
  if (!settings) return undefined;
  const { symmetric, platformCertificate: certificate, retrieve = false } = settings;
  const keys = readSecurityKeys({
    symmetric: { ...symmetric, key: requireSecret(secrets, 'symmetricKey', 'security') },
    privateKey: requireSecret(secrets, 'privateKey', 'security').replace(/\\n/g, '\n'),
    platformCertificate: {
      ...certificate,
      file: certificate?.file && resolve(folder, certificate.file),
    },
  });
  const calls = new Set(['serviceMarket.invokeService', ...(retrieve ? ['serviceMarket.retrieve'] : [])]);
  return { appid: requireSecret(secrets, 'appid', 'security'), keys, calls };
}
