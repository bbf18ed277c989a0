import type { Any } from '../types';

/** Names of the two services of the market on the wire (protocol 5 and 8). */
export const INVOKE_API = 'webapi_servicemarket_jsapi_comm';
export const RETRIEVE_API = 'webapi_servicemarket_jsapi_retrieve';

export type MarketChannel = 'bridge' | 'native' | 'https' | 'cloud';

export interface ProviderContext {
  service: string;
  api: string;
  /** Host time in ms. */
  now(): number;
  /** Waits in host time. */
  sleep(ms: number): Promise<void>;
  /** The bytes behind a URL of the CDN, of an in-process server or (real clock) of a real one. */
  fetch(url: string): Promise<Uint8Array>;
}

/** A service: is called with the parsed `data` (undefined where the page sent none), returns any JSON value. */
export type Provider = (data: Any, context: ProviderContext) => unknown;

/** Thrown by a provider to answer with an error. */
export class ProviderError extends Error {
  constructor(
    readonly errcode: number,
    readonly errmsg: string,
  ) {
    super(errmsg);
    this.name = 'ProviderError';
  }
}

export interface Bill {
  /** call_id, or client_msg_id where there is none. */
  id: string;
  /** The appid that pays. */
  by: string;
  service: string;
  api: string;
  at: number;
  channel: MarketChannel;
}

export interface MarketMessage {
  at: number;
  channel: MarketChannel;
  /** Present when the call came from a plugin. */
  pluginAppid?: string;
  /** `webapi_servicemarket_jsapi_comm` or `…_retrieve`. */
  apiName: string;
  /** The request as it came. */
  request: Any;
  /** The body of the answer, a JSON string; absent until there is one. */
  body?: string;
}

/** May be changed at any time; the next message sees it. */
export interface MarketSettings {
  billing: 'perId' | 'perMessage';
  /** See HostOptions.wireVersion. */
  wireVersion: 0 | 1 | 2;
  /** ms that a version 2 message is held before a preliminary answer. @default 15000 */
  hold: number;
  /** So many first answers of every call are preliminary, at once, ready or not. @default 0 */
  preResp: number;
  /** `data` of the answer while a long task is pending. @default 'null' */
  pendingData: unknown;
  /** Called when a long task has its result. */
  onTaskDone?: (done: {
    appid: string;
    service: string;
    api: string;
    requestId: string;
    value: unknown;
  }) => void;
  /** Refuses a message before anything is started or billed. */
  refuse?: (message: MarketMessage) => { errcode: number; errmsg: string } | undefined;
}
