import { CHANNEL_NAMES, ERR_ARGUMENT, ERR_CALL } from '../../protocol';
import type { ChannelName } from '../../protocol';
import { type Failure, failure } from '../core/failure';
import type { Call, Capability, Channel } from '../core/types';

/** The error of a call that no channel can carry, with the reason of each. */
function noChannel(capability: Capability, reasons: string[]): Failure {
  return failure(
    capability === 'call' || capability === 'upload' ? ERR_CALL : ERR_ARGUMENT,
    'no channel for ' +
      capability +
      ' (' +
      reasons.join('; ') +
      '). Set up channels, relay or cloud in servicemarket.config.json or by configure()',
  );
}

/**
 * Runs `use` with the first channel that can do it, in the app's order. The next one is tried only after a missing API
 * or an explicit refusal, which is then remembered for the whole app (design.md, Money 3).
 *
 * @throws Failure of the channel; where there is none, one that says why for each
 */
export function withFirstAvailableChannel<R>(
  call: Call,
  capability: Capability,
  use: (channel: Channel) => Promise<R>,
): Promise<R> {
  const { channels, configuration, refusals } = call.app;
  const names = configuration.channels || CHANNEL_NAMES;
  const reasons: string[] = [];

  function unavailableReason(name: ChannelName): string {
    const channel = channels[name];
    if (!channel) return 'not in this build';
    return refusals[name + capability] || channel.unavailableReason(call, capability);
  }

  function tryNext(index: number): Promise<R> {
    const name = names[index];
    // A listener may just have aborted the call.
    if (!name || call.hasEnded) return Promise.reject(noChannel(capability, reasons));
    const reason = unavailableReason(name);
    if (reason) {
      reasons.push(name + ': ' + reason);
      return tryNext(index + 1);
    }
    return use(channels[name]!).then(null, (fault: Failure) => {
      // After anything was sent, another channel could send it a second time.
      if (!fault.refused || call.billing !== 'none') throw fault;
      refusals[name + capability] = fault.errMsg;
      return tryNext(index);
    });
  }
  return tryNext(0);
}
