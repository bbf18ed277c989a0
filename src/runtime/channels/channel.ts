import type { CDNContent, InvokeServiceOptions, RetrieveReply } from '../../protocol';
import type { Call } from '../call';

/**
 * What the runtime may want of a channel, each apart. `async` and `consumeType` are calls that ask for more
 * than a plain one.
 */
export type Capability = 'call' | 'async' | 'consumeType' | 'upload' | 'retrieve';

/** Tells that the host does not have, or explicitly refuses, what the channel needs: nothing left. */
export type Refused = (reason: string) => void;

/** One way from the app to the service market. Whatever else goes wrong ends the call by `call.fail`. */
export interface Channel {
  /** Why this host cannot do it over this channel; '' when it can. */
  lacks(capability: Capability): string;
  /**
   * Sends one invocation and ends the call with its answer; sets `call.billing` before anything leaves.
   * @param text - the payload as JSON text with URLs in it; absent when the page gave no data
   */
  call?(call: Call, options: InvokeServiceOptions, text: string | undefined, refused: Refused): void;
  /** Asks for the result of a long task. */
  retrieve?(call: Call, requestId: string, done: (reply: RetrieveReply) => void, refused: Refused): void;
  /**
   * Uploads one content.
   * @param done - gets its URL
   * @param sent - is told the bytes sent and to be sent, where the host tells
   * @param timeout - ms; the caller ends the call then, so the host must not end it before
   */
  upload?(
    call: Call,
    content: CDNContent,
    done: (url: string | undefined) => void,
    sent: (bytes: number, of: number) => void,
    refused: Refused,
    timeout: number,
  ): void;
}
