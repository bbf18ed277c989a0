import type {
  AsyncResult,
  Billing,
  CDNContent,
  Configuration,
  GetAsyncResultOptions,
  Installation,
  InvokeServiceOptions,
  InvokeServiceResult,
  Limits,
  Progress,
  RetrieveReply,
  Task,
} from '../../protocol';
import type { Host } from './host';

/**
 * What all copies of this package in one app share: the injected file, an npm copy in a page, older and newer
 * versions. A call of one copy may run in another's code, over the channel of a third. So every name in this file is
 * a format: a later version may add to it and never changes it.
 */

/** The app's registry: one for all copies. */
export interface Registry {
  /** The version of the copy that does the work; copies of older versions hand their calls to it. */
  version: string;
  /** What that copy does for all. */
  api: Api;
  /** The `wx`-like global, or `undefined` outside a mini-program. */
  host: Host | undefined;
  /** The `serviceMarket` that the host had before this package came: its own, or another tool's polyfill. */
  nativeMarket: any;
  installation?: Installation;
  /** The injected file is there: what it installs follows the configuration. */
  isInjected?: boolean;
  channels: { [name: string]: Channel };
  /** Replaced as a whole when it changes, never written to: a call keeps the one that it began with. */
  configuration: Configuration;
  /** Like `configuration`. */
  limits: Limits;
  /** Refusals of the host, by channel and capability: what it has refused once is not asked for again. */
  refusals: { [channelAndCapability: string]: string };
  transfers: TransferSlots;
  /** Sessions with relays, newest first (channels/session.ts). */
  sessions: any[];
}

/** The uploads of the whole app: the platform has ten transfers for all of them together. */
export interface TransferSlots {
  /** How many are in flight. */
  active: number;
  /** How many the host accepts, where it has refused one more; the page's own uploads count too. */
  max?: number;
  /** Those that wait for a slot, in order. */
  queue: Array<() => void>;
}

/** The calls that the newest copy carries for all. */
export interface Api {
  invokeService(options: InvokeServiceOptions): Task<InvokeServiceResult>;
  getAsyncResult(options: RetrieveOptions): Task<AsyncResult>;
}

export interface RetrieveOptions extends GetAsyncResultOptions {
  /** Milliseconds that the answer may wait for the result, over a channel that can hold it; named as on the wire. */
  wait_ms?: number;
}

/** One running call: what every layer below `invokeService` needs to know about it. */
export interface Call {
  /**
   * The registry's fields as they were when the call began: no message of it goes to another relay, function or user
   * than the first. What several calls write to (`refusals`, `transfers`, `sessions`) is still shared.
   */
  app: Registry;
  /** Names the invocation on the bridge, the same on each of its messages (design.md, Money 1). */
  callId: string;
  /** Names the invocation to a relay or cloud function; on the bridge it names the first message. */
  clientMsgId: string;
  /** Whether it may have cost money; written by `markSent` and `markUnsent` alone (core/call.ts). */
  billing: Billing;
  /** Settled: whatever arrives now is ignored, and nothing more is sent. */
  hasEnded?: boolean;
  /** Run once when the call settles (`onCallEnd`). Each must be safe to run after its work is done. */
  cleanups: Array<() => void>;
  progressListeners: Array<(progress: Progress) => void>;
  /** File IDs in the cloud that go with the call; absent once the function has taken them over (channels/cloud.ts). */
  cloudFiles?: string[];
  /** Ends the call from outside: a time limit, `abort()`. @param cause - a Failure, or anything thrown */
  fail(cause: unknown): void;
}

/**
 * What the runtime may ask of a channel. `async` and `consumeType` are calls that ask for more than a plain one.
 */
export type Capability = 'call' | 'async' | 'consumeType' | 'upload' | 'retrieve';

/**
 * One way from the app to the service market. Its promises reject with a Failure. `refused` in it says that the host
 * does not have, or explicitly refuses, what the channel needs; with `call.billing` 'none', nothing was sent.
 */
export interface Channel {
  /** Why this host cannot do it over this channel for a call; '' when it can. */
  unavailableReason(call: Call, capability: Capability): string;
  /**
   * Sends one invocation. Marks the call as sent immediately before anything that may cost leaves.
   * @param payload - JSON text with URLs in place of the markers; absent when the page passed no data
   */
  call(call: Call, options: InvokeServiceOptions, payload: string | undefined): Promise<InvokeServiceResult>;
  /** Asks for the result of a long task. @param wait_ms - as in RetrieveOptions */
  retrieve(call: Call, requestId: string, wait_ms?: number): Promise<RetrieveReply>;
  /**
   * Uploads one content.
   * @param onBytes - called with the bytes sent and to be sent, on hosts that report them
   * @param timeout - ms; the caller ends the call then, so the host must not end the upload earlier
   * @returns its URL
   */
  upload(
    call: Call,
    content: CDNContent,
    onBytes: (sent: number, total: number) => void,
    timeout: number,
  ): Promise<string | undefined>;
}
