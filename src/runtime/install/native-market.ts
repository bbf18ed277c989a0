/** What the host has of `wx.serviceMarket` before this package comes, and what of it is used. */
import type { MemberState, ServiceMarket } from '../../protocol';
import { has } from '../core/host';
import type { Registry } from '../core/types';

/**
 * Whether the host has a member of `wx.serviceMarket` by itself, or by another tool's polyfill, which counts
 * the same, and may use it (`configure({prefer})`). Makes no native call.
 */
export function hasNativeMember(app: Registry, member: keyof ServiceMarket): boolean {
  return app.configuration.prefer !== 'shim' && has(app.nativeMarket, member);
}

/**
 * Whether the host's own code can carry a call: if it is complete, which getAsyncResult shows, or if the call asks
 * for nothing that an older one would drop silently (design.md, "What each host needs").
 *
 * @param isPlain - the call is of the kind that every native market knows
 */
export function canUseNative(app: Registry, isPlain: boolean): boolean {
  return hasNativeMember(app, 'invokeService') && (isPlain || hasNativeMember(app, 'getAsyncResult'));
}

/** What becomes of a member at the install; a complete native is left alone, unless `prefer` forces the shim. */
export function memberState(app: Registry, member: keyof ServiceMarket): MemberState {
  if (!hasNativeMember(app, member)) return 'added';
  return member !== 'invokeService' || hasNativeMember(app, 'getAsyncResult') || app.configuration.prefer
    ? 'native'
    : 'wrapped';
}

/** The brand of the host's own markers (design.md, "cdn.ts"), if it has any. */
export function nativeBrand(app: Registry): unknown {
  try {
    return new app.nativeMarket.CDN('').symbol;
  } catch {
    return undefined;
  }
}
