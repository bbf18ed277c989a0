import type { InvokeServiceOptions, InvokeServiceResult, Task } from '../protocol';
import { limitTime } from './call';
import { overChannels } from './channels/choose';
import { isNative } from './decide';
import type { Native } from './detect';
import { callNatively } from './native';
import { readPayload } from './payload';
import { report } from './progress';
import { startTask } from './settle';
import { uploadAll } from './uploads';

/**
 * Calls a service; see `invokeService` in api.ts.
 *
 * @param native - the host's market: its markers count, and it carries what it can
 */
export function invoke(options: InvokeServiceOptions, native: Native): Task<InvokeServiceResult> {
  return startTask('invokeService', options, (call) => {
    const { service, api, data, async, consumeType, consumeAppid, timeout } = options;
    if (!service || !api) throw new Error("field 'service' and 'api' must be provided");
    const payload = readPayload(data, native.isMarker);
    const capability = consumeType !== undefined ? 'consumeType' : async ? 'async' : 'call';
    const snapshot = { service, api, async, consumeType, consumeAppid };
    if (isNative(native, capability !== 'call')) {
      limitTime(call, timeout);
      return callNatively(call, native, options, payload);
    }
    uploadAll(call, payload.contents, (urls) => {
      const text = payload.fill(urls);
      const bytes = [text ? text.length : 0];
      limitTime(call, timeout);
      report(call, 'call', [0], bytes);
      const { done } = call;
      call.done = (result) => {
        report(call, 'call', bytes, bytes);
        done(result);
      };
      overChannels(call, capability, (channel, refused) => channel.call!(call, snapshot, text, refused));
    });
  });
}
