import type { InvokeServiceOptions, InvokeServiceResult, Task } from '../../protocol';
import { withFirstAvailableChannel } from '../channels/select-channel';
import { limitTime, reportProgress } from '../core/call';
import { startTask } from '../core/task';
import type { Call, Capability } from '../core/types';
import { canUseNative, hasNativeMember } from '../install/native-market';
import { readPayload } from '../payload/payload';
import { uploadAll } from '../uploads/uploads';
import { callNatively } from './native-call';

/** What a channel must be able to do for a call. */
function capabilityFor({ consumeType, async }: InvokeServiceOptions): Capability {
  if (consumeType !== undefined) return 'consumeType';
  return async ? 'async' : 'call';
}

/** Sends a call with its finished payload over the first channel that can. */
function send(
  call: Call,
  options: InvokeServiceOptions,
  text: string | undefined,
): Promise<InvokeServiceResult> {
  const size = text ? text.length : 0;
  limitTime(call, options.timeout);
  reportProgress(call, 'call', 0, 0, size);
  return withFirstAvailableChannel(call, capabilityFor(options), (channel) =>
    channel.call(call, options, text),
  ).then((result) => {
    reportProgress(call, 'call', 100, size, size);
    return result;
  });
}

/** Calls a service; see `invokeService` in api.ts. This is the way of `data` from the page to the wire and back. */
export function invoke(options: InvokeServiceOptions): Task<InvokeServiceResult> {
  return startTask('invokeService', options, (call) => {
    const { app } = call;
    if (!options.service || !options.api) throw new Error("field 'service' and 'api' must be provided");

    // The snapshot: what the page changes from here on is not sent.
    const own = Object.assign({}, options);
    const payload = readPayload(own.data, app);

    // The host's own code carries what it is able to.
    const { contents } = payload;
    const isPlain = capabilityFor(own) === 'call';
    if (canUseNative(app, isPlain) && (!contents.length || hasNativeMember(app, 'CDN'))) {
      limitTime(call, own.timeout);
      return callNatively(call, own, payload);
    }

    // Most calls upload nothing, and pay nothing for it.
    const urls: Promise<string[]> = contents.length ? uploadAll(call, contents) : Promise.resolve([]);

    // The URLs take the markers' places, and the call is sent. The channel reads the answer (channels/reply.ts).
    return urls.then((all) => send(call, own, payload.textWith(all)));
  });
}
