import { ERR_ARGUMENT, ERR_CALL } from '../../protocol';
import type { ChannelName } from '../../protocol';
import type { Call } from '../core/call';
import { type Failure, failure } from '../core/failure';
import { registry } from '../core/registry';
import type { Capability, Channel } from '../core/channel';

/** Most wanted first, where the app does not say; relay and cloud only do what they are configured for. */
const CHANNELS: ChannelName[] = ['bridge', 'relay', 'cloud'];

/**
 * Runs `use` with the first channel that can. The next one is tried only after a missing API or an explicit
 * refusal, which is then remembered for the whole app (design.md, Money 3).
 */
export function overChannels<R>(
  call: Call,
  capability: Capability,
  use: (channel: Channel) => Promise<R>,
): Promise<R> {
  const { channels, refusals } = registry();
  const reasons: string[] = [];
  let name: ChannelName | undefined;
  // None for a call that a listener has just aborted.
  (call.ended ? [] : call.configuration.channels || CHANNELS).some((candidate) => {
    const channel = channels[candidate];
    const reason = channel
      ? refusals[candidate + capability] || channel.lacks(call, capability)
      : 'not in this build';
    reasons.push(candidate + ': ' + reason);
    if (!reason) name = candidate;
    return !reason;
  });
  if (!name) {
    const text = 'no channel for ' + capability + ' (' + reasons.join('; ');
    return Promise.reject(
      failure(
        capability === 'call' || capability === 'upload' ? ERR_CALL : ERR_ARGUMENT,
        text + '). Set up channels, relay or cloud in servicemarket.config.json or by configure()',
      ),
    );
  }
  return use(channels[name]).then(null, (fault: Failure) => {
    if (!fault.refused || call.billing !== 'none' || call.ended) throw fault;
    refusals[name + capability] = fault.errMsg;
    return overChannels(call, capability, use);
  });
}
