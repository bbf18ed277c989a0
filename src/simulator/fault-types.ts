import type { NativeCall } from './types';

/** How a native failure looks. A text that does not begin with the API's name gets `<api>:fail ` before it. */
export interface FailReply {
  errMsg: string;
  err_code?: number;
  errCode?: number;
}

export type FaultEffect =
  /** The reply comes this many ms later. */
  | { delay: number }
  /** `request`: nothing happens at all; `reply`: it is done, but no answer comes. */
  | { lose: 'request' | 'reply' }
  /** The reply is delivered this many times more. */
  | { duplicate: number }
  /** The body is this text: of the market's answer, of the HTTP response, of an upload's response. */
  | { malformed: string }
  /** `reply.data` of operateWXData is this very value. */
  | { rawReply: unknown }
  /** The native call fails; with `after` only once it has been carried out. */
  | { fail: FailReply; after?: boolean }
  /** An upload that succeeds without a URL. */
  | { noUrl: true }
  /** `reply.data` of operateWXData is missing. */
  | { replyWithoutData: true };

/** One thing that goes wrong. Several faults may meet on one call; all their effects apply. */
export interface Fault {
  /** Name of the native call, for example `operateWXData`, `uploadToCommonCDN`, `request`, `uploadFile`. */
  api: string;
  /** Only the nth call that matches `api` and `when`, from 1. @default every one */
  nth?: number;
  /** At most so many calls. @default no limit */
  times?: number;
  when?: (call: NativeCall) => boolean;
  effect: FaultEffect;
}
