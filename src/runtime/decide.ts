import type { Installation } from '../protocol';
import type { Native } from './detect';
import { has } from './host';
import { registry } from './registry';

/**
 * Whether the host's own code carries a call: where it is complete, or the call asks for nothing that an
 * older one would drop silently (design.md, "What each host needs").
 *
 * @param isNew - the call is of a kind that only complete natives know
 */
export function isNative(native: Native, isNew: boolean): boolean {
  return (
    registry().configuration.prefer !== 'shim' &&
    has(native.market, 'invokeService') &&
    (native.complete || !isNew)
  );
}

/** What becomes of each member; a complete native is left alone, unless `prefer` forces the shim. */
export function decide(native: Native): Installation['members'] {
  const { prefer } = registry().configuration;
  const members: any = {};
  ['invokeService', 'getAsyncResult', 'CDN'].forEach((name) => {
    members[name] = prefer !== 'shim' && has(native.market, name) ? 'native' : 'added';
  });
  if (isNative(native, false) && !native.complete && !prefer) members.invokeService = 'wrapped';
  return members;
}
