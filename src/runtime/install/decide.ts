import type { MemberState, ServiceMarket } from '../../protocol';
import { carries } from './native-market';
import { registry } from '../core/registry';

/**
 * Whether the host's own code carries a call: where it is complete, which is to say has getAsyncResult, or the
 * call asks for nothing that an older one would drop silently (design.md, "What each host needs").
 *
 * @param isPlain - the call is of the kind that every native knows
 */
export function isNative(isPlain: boolean): boolean {
  return carries('invokeService') && (isPlain || carries('getAsyncResult'));
}

/** What becomes of a member; a complete native is left alone, unless `prefer` forces the shim. */
export function decide(member: keyof ServiceMarket): MemberState {
  if (!carries(member)) return 'added';
  return member !== 'invokeService' || carries('getAsyncResult') || registry().configuration.prefer
    ? 'native'
    : 'wrapped';
}
