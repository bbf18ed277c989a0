import { has } from '../core/host';
import { registry } from '../core/registry';

/**
 * Whether the host has a member of `wx.serviceMarket` by itself, or by another tool's polyfill, which counts
 * the same, and may use it (`configure({prefer})`). Without a native call.
 */
export function carries(member: string): boolean {
  const { market, configuration } = registry();
  return configuration.prefer !== 'shim' && has(market, member);
}

/** The brand of the host's own markers (design.md, "cdn.ts"), where it has any. */
export function nativeBrand(): unknown {
  try {
    return new (registry().market.CDN)('').symbol;
  } catch {
    return undefined;
  }
}
