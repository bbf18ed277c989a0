import { ERR_ARGUMENT, ERR_CALL } from '../../protocol';
import type { Call } from '../call';
import { registry } from '../registry';
import type { Capability, Channel, Refused } from './channel';

/** The channels that may be used, most wanted first: as configured, else the bridge and whatever is set up. */
function channelNames(): string[] {
  const { channels, relay, cloud } = registry().configuration;
  return channels || ['bridge'].concat(relay ? 'relay' : [], cloud ? 'cloud' : []);
}

/**
 * Runs `use` with the first channel that can. The next one is tried only after a missing API or an explicit
 * refusal, which is then remembered for the whole app (design.md, Money 3). Where none can, the call ends.
 */
export function overChannels(
  call: Call,
  capability: Capability,
  use: (channel: Channel, refused: Refused) => void,
): void {
  const { channels, refusals } = registry();
  const reasons: string[] = [];
  const isFound = channelNames().some((name) => {
    const channel = channels[name];
    const key = name + '.' + capability;
    const reason = channel ? refusals[key] || channel.lacks(capability) : 'not in this build';
    if (reason) {
      reasons.push(name + ': ' + reason);
      return false;
    }
    use(channel, (refusal) => {
      refusals[key] = refusal;
      overChannels(call, capability, use);
    });
    return true;
  });
  if (!isFound) {
    const text = 'no channel for ' + capability + ' (' + reasons.join('; ') + '). ';
    const isArgument = capability === 'async' || capability === 'consumeType';
    call.fail(
      isArgument ? ERR_ARGUMENT : ERR_CALL,
      text + "Set one up, for example configure({relay: {url: 'https://…'}})",
    );
  }
}
