import { ERR_CALL } from '../../protocol';
import { markSent } from './call';
import { failure } from './failure';
import { askHost } from './host-call';
import { NO_NETWORK } from './refusals';
import type { Call } from './types';

/**
 * Marks a call as sent, unless the host says that the phone is offline now. After a message has been handed over the same
 * words would prove nothing: it may have left before.
 *
 * @throws Failure where there is no network: nothing was sent
 */
export function prepareToSend(call: Call): Promise<void> {
  // If it cannot say, the message shows.
  return askHost(call, 'getNetworkType', {}).then(({ networkType }) => {
    if (networkType === 'none') throw failure(ERR_CALL, NO_NETWORK);
    markSent(call);
  });
}
