/** The public types of the package: arguments, results, errors, configuration. */

/** Content that the runtime uploads; its URL takes the marker's place in the payload. */
export type CDNContent = string | ArrayBuffer | { type?: 'filePath'; filePath: string };

/**
 * Marks a field of the payload that must be a URL. `symbol` is the brand (a function, so JSON can neither
 * carry nor forge it), `options` is the content (protocol 4; both names are the platform's).
 */
export interface CDNMarker {
  symbol: unknown;
  options: CDNContent;
}

export interface CDNConstructor {
  new (options: CDNContent): CDNMarker;
}

/** Whether an error may have cost money: `none` when no call message was handed to the host. */
export type Billing = 'none' | 'unknown';

/** Every rejection and every argument of `fail`. */
export interface ServiceMarketError extends Error {
  /** The same text as `message`. */
  errMsg: string;
  /** See the table in errors.ts. */
  errCode: number;
  billing: Billing;
  /** The id of the whole call on the bridge. */
  callId?: string;
  /** The id under which a relay or cloud function stores the outcome: call again with it to get that outcome. */
  clientMsgId?: string;
  requestId?: string;
  /** The platform's other spelling; same value as `requestId`. */
  requestID?: string;
  /** An answer that could not be read, as text; or a relay's refusal, as the object that it sent. */
  body?: any; // as the server wrote it
  /** Where in `data` the fault lies, for example `data.images[2]`. */
  path?: string;
  /** The HTTP status of a relay's refusal. */
  statusCode?: number;
  /** Seconds after which the same call may succeed, of a relay's limit. */
  retryAfter?: number;
  /** The error or native object that this one reports. */
  cause?: unknown;
}

export interface Callbacks<R> {
  success?: (result: R) => void;
  fail?: (error: ServiceMarketError) => void;
  complete?: (outcome: R | ServiceMarketError) => void;
}

export interface InvokeServiceOptions extends Callbacks<InvokeServiceResult> {
  /** The provider's appid. Required. */
  service: string;
  /** The provider's interface. Required. */
  api: string;
  /** Any JSON value; CDN markers may stand at any depth. Read once, at the call. */
  data?: unknown;
  /** A long task: the result carries `requestId` for `getAsyncResult`. */
  async?: boolean;
  /** 2: paid from the open account's package. */
  consumeType?: number;
  /** The paying account, with `consumeType` 2. */
  consumeAppid?: string;
  /** Milliseconds for the whole call, counted from the first call message. No limit by default. */
  timeout?: number;
  /** The page's own id of this invocation; see `ServiceMarketError.clientMsgId`. */
  clientMsgId?: string;
}

export interface InvokeServiceResult {
  errMsg: 'invokeService:ok';
  /** The provider's answer; absent when `async` is true. */
  data?: any; // any JSON value, as on the platform
  requestId?: string;
  requestID?: string;
}

export interface GetAsyncResultOptions extends Callbacks<AsyncResult> {
  requestId: string;
}

export interface AsyncResult {
  errCode: 0;
  errMsg: string;
  /** 1: not yet, 0: done. */
  status: number;
  data?: any; // any JSON value, as on the platform
  /** Present when the provider failed. */
  providerErrMsg?: string;
  requestId?: string;
  requestID?: string;
}

export interface WaitForResultOptions {
  requestId: string;
  /** Milliseconds before the second poll; grows by half each time up to ten times. @default 1000 */
  interval?: number;
  /** Milliseconds until the wait ends with 104. @default 86400000, the platform's life of a result */
  timeout?: number;
  /** Called after each poll that found the task pending. */
  onPoll?: (result: AsyncResult) => void;
}

export interface Progress {
  phase: 'upload' | 'call';
  /** 0 to 100. */
  progress: number;
  /** Bytes over all uploads of the call. */
  totalBytesSent: number;
  totalBytesExpectedToSend: number;
}

/** A promise that can be watched and stopped, named as the platform's UploadTask names it. */
export interface Task<R> extends Promise<R> {
  abort(): void;
  onProgressUpdate(listener: (progress: Progress) => void): void;
}

/** Without any callback the result comes by promise. */
export interface NoCallbacks {
  success?: undefined;
  fail?: undefined;
  complete?: undefined;
}

/**
 * The members of `wx.serviceMarket`. A caller that gives no callback gets a promise; `P` lets one function, which
 * returns a promise or nothing, stand for both signatures.
 */
export interface ServiceMarket {
  invokeService<P extends Promise<InvokeServiceResult> = Promise<InvokeServiceResult>>(
    options: InvokeServiceOptions & NoCallbacks,
  ): P;
  invokeService<P extends Promise<InvokeServiceResult> = Promise<InvokeServiceResult>>(
    options: InvokeServiceOptions,
  ): P | undefined;
  getAsyncResult<P extends Promise<AsyncResult> = Promise<AsyncResult>>(
    options: GetAsyncResultOptions & NoCallbacks,
  ): P;
  getAsyncResult<P extends Promise<AsyncResult> = Promise<AsyncResult>>(
    options: GetAsyncResultOptions,
  ): P | undefined;
  CDN: CDNConstructor;
}

export type ChannelName = 'bridge' | 'relay' | 'cloud';

/** What a user proves itself to the relay with, for example `{type: 'wx', value: <wx.login code>}`. */
export interface Credential {
  type: string;
  value: string;
}

export interface Limits {
  messages: number;
  messageTimeout: number;
  repeats: number;
  pollInterval: number;
  transfers: number;
  uploadTimeout: number;
  uploadRate: number;
  fileBytes: number;
}

/** Argument of `configure()` and content of servicemarket.config.json. */
export interface Configuration {
  /** The channels that may be used, most wanted first. @default bridge, relay, cloud: those that are configured */
  channels?: ChannelName[];
  /** `credential` can only be given in code. */
  relay?: { url: string; credential?: () => Promise<Credential> };
  cloud?: { env: string; function: string };
  /** Overrides of limits.ts. */
  limits?: Partial<Limits>;
  retries?: {
    /** Send a first message again after a loss, at the risk of a second bill. @default false */
    resend?: boolean;
  };
  /** Who carries a call that both could: the host's own code where it is able, or always the shim. */
  prefer?: 'native' | 'shim';
}

export type MemberState = 'native' | 'wrapped' | 'added';

export interface Installation {
  members: { invokeService: MemberState; getAsyncResult: MemberState; CDN: MemberState };
  /** Puts the host back as it was, where this is still what is installed: `configure({prefer})` installs anew. */
  undo(): void;
  /** Why it cannot work where something was needed: `wx` is frozen, or the host has nothing that could carry a call. */
  problem?: string;
}
