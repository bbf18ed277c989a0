import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { RelayOptions } from './options';

/** Names of address ranges that `trustProxy` knows. */
const RANGES = ['loopback', 'linklocal', 'uniquelocal'];

export function checkNumbers<T extends object>(name: string, values: T, allowed: T, max?: number): void {
  for (const [key, value] of Object.entries(values)) {
    if (!(key in allowed)) refuse(`${name}.${key}`, `left out; known are ${Object.keys(allowed).join(', ')}`);
    checkNumber(`${name}.${key}`, value as number, 0, max);
  }
}

export function checkNumber(name: string, value: number, min: number, max = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    refuse(
      name,
      max === Number.MAX_SAFE_INTEGER ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`,
    );
  }
}

export function checkUrl(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain =
    url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (!plain) refuse(name, 'an http(s) URL without user, query or fragment');
  return text.replace(/\/+$/, '');
}

export function checkProxies(proxies: RelayOptions['trustProxy']): void {
  if (proxies === undefined || typeof proxies === 'boolean') return;
  const isProxy = (entry: unknown): boolean => {
    if (typeof entry !== 'string') return false;
    const [address, mask, ...rest] = entry.trim().split('/');
    if (mask === undefined && RANGES.includes(address)) return true;
    const isMask =
      mask === undefined || (/^\d{1,3}$/.test(mask) && Number(mask) <= (isIP(address) === 6 ? 128 : 32));
    return isIP(address) > 0 && (isMask || isIP(mask) === 4) && rest.length === 0;
  };
  const entries = Array.isArray(proxies) ? proxies : String(proxies).split(',');
  if (!entries.every(isProxy)) {
    refuse('trustProxy', `true, false, or addresses such as 10.0.0.1, 10.0.0.0/8 or ${RANGES.join(', ')}`);
  }
}

export function checkTls(tls: RelayOptions['tls']): void {
  if (tls === undefined) return;
  try {
    createSecureContext(tls);
  } catch {
    // The cause could quote the key.
    refuse('tls', 'the PEM texts of a key and of its certificate');
  }
}

export function checkOrigin(origin: string): string {
  if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
    refuse('allowedOrigins', 'origins such as https://m.example.com, without a path');
  }
  return origin;
}

export function refuse(name: string, allowed: string): never {
  throw new TypeError(
    `Failed to start the relay: option "${name}" has a wrong value. It must be ${allowed}.`,
  );
}
