import type { InvokeServiceOptions, InvokeServiceResult, Task } from '../protocol';
import { overChannels } from './channels/choose';
import type { Native } from './detect';
import { readPayload } from './payload';
import { limitTime, startTask } from './settle';
import { uploadAll } from './uploads';

/**
 * `invokeService` where the shim carries the call; see `invokeService` in api.ts.
 *
 * @param native - the host's market, whose markers count too
 */
export function invokeByShim(options: InvokeServiceOptions, native: Native): Task<InvokeServiceResult> {
  return startTask('invokeService', options, (call) => {
    const { service, api, data, async, consumeType, consumeAppid, timeout } = options;
    if (!service || !api) throw new Error("field 'service' and 'api' must be provided");
    const snapshot = { service, api, async, consumeType, consumeAppid };
    const payload = readPayload(data, native.isMarker);
    uploadAll(call, payload.contents, (urls) => {
      limitTime(call, timeout);
      overChannels(call, 'call', (channel, refused) =>
        channel.call!(call, snapshot, payload.fill(urls), refused),
      );
    });
  });
}
