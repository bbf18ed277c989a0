import type { InvokeServiceOptions, InvokeServiceResult, Task } from '../../protocol';
import { limitTime } from '../core/call';
import { overChannels } from '../channels/select-channel';
import { isNative } from '../install/decide';
import { carries } from '../install/native-market';
import { callNatively } from './native-call';
import { readPayload } from '../payload/payload';
import { report } from '../core/progress';
import { startTask } from '../core/task';
import { uploadAll } from '../uploads/uploads';

/** Calls a service; see `invokeService` in api.ts. */
export function invoke(options: InvokeServiceOptions): Task<InvokeServiceResult> {
  return startTask('invokeService', options, (call) => {
    if (!options.service || !options.api) throw new Error("field 'service' and 'api' must be provided");
    const given = Object.assign({}, options);
    const payload = readPayload(given.data);
    const { contents } = payload;
    const capability = given.consumeType !== undefined ? 'consumeType' : given.async ? 'async' : 'call';
    if (isNative(capability === 'call') && (!contents.length || carries('CDN'))) {
      limitTime(call, given.timeout);
      return callNatively(call, given, payload);
    }
    // Most calls upload nothing, and pay nothing for it.
    const uploaded: string[] | Promise<string[]> = contents.length ? uploadAll(call, contents) : [];
    return Promise.resolve(uploaded).then((urls) => {
      const text = payload.textWith(urls);
      const size = text ? text.length : 0;
      limitTime(call, given.timeout);
      report(call, 'call', 0, 0, size);
      return overChannels(call, capability, (channel) => channel.call(call, given, text)).then((result) => {
        report(call, 'call', 100, size, size);
        return result;
      });
    });
  });
}
