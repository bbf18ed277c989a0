import type { CDNContent, InvokeServiceOptions, InvokeServiceResult, RetrieveReply } from '../../protocol';
import type { Call } from './call';

/**
 * What the runtime may want of a channel, each apart. `async` and `consumeType` are calls that ask for more
 * than a plain one.
 */
export type Capability = 'call' | 'async' | 'consumeType' | 'upload' | 'retrieve';

/**
 * One way from the app to the service market. Its promises reject with a Failure; `refused` in it says that the
 * host does not have, or explicitly refuses, what the channel needs, and with `call.billing` 'none' that nothing left.
 */
export interface Channel {
  /** Why this host cannot do it over this channel for a call; '' when it can. */
  lacks(call: Call, capability: Capability): string;
  /**
   * Sends one invocation; sets `call.billing` before anything leaves.
   * @param text - the payload as JSON text with URLs in it; absent when the page gave no data
   */
  call(call: Call, options: InvokeServiceOptions, text: string | undefined): Promise<InvokeServiceResult>;
  /** Asks for the result of a long task. */
  retrieve(call: Call, requestId: string): Promise<RetrieveReply>;
  /**
   * Uploads one content.
   * @param sent - is told the bytes sent and to be sent, where the host tells
   * @param timeout - ms; the caller ends the call then, so the host must not end it before
   * @returns its URL
   */
  upload(
    call: Call,
    content: CDNContent,
    sent: (bytes: number, of: number) => void,
    timeout: number,
  ): Promise<string | undefined>;
}
