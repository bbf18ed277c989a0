/** Which calls may be encrypted: apart from the keys, because the functions have no table of calls. */
import { CALL_TABLE, type RemoteName } from '../call-table';
import { refuse } from './keys';

/** Calls that cannot be encrypted: an upload, an answer of bytes, and a call of another account. */
const NEVER_SECURED = ['security.imgSecCheck', 'wxacode.getUnlimited', 'h5.templateMessage.send'] as const;

export type SecurableCall = Exclude<RemoteName, (typeof NEVER_SECURED)[number]>;

/**
 * @param listed - what the owner has switched on beside `serviceMarket.invokeService`
 * @returns the names of all calls that are encrypted
 * @throws TypeError for a name that is no call which can be
 */
export function securedCalls(listed: readonly string[] = []): ReadonlySet<string> {
  const known = Object.keys(CALL_TABLE).filter(
    (name) => !(NEVER_SECURED as readonly string[]).includes(name),
  );
  for (const name of listed) if (!known.includes(name)) refuse('calls', `a list of ${known.join(', ')}`);
  return new Set(['serviceMarket.invokeService', ...listed]);
}
