/*
 * The members of `wx.serviceMarket` on every host. A field that some host leaves out is optional, also where this
 * package, when it carries the call, always gives it.
 */

/** Any JSON value, as the platform types it. */
export type JsonValue = any; // eslint-disable-line @typescript-eslint/no-explicit-any -- its shape is the service's affair

/** Content that is uploaded; the service receives its URL. */
export type CDNContent = string | ArrayBuffer | { type?: 'filePath'; filePath: string };

/** Marks a field of `data`; made by `new wx.serviceMarket.CDN(content)`. */
export interface CDN {
  readonly symbol: unknown;
  readonly options: CDNContent;
}

export interface CDNConstructor {
  /**
   * @param content - a text, bytes, or a local file: `{type: 'filePath', filePath}`
   */
  new (content: CDNContent): CDN;
}

/**
 * Why a call failed. Codes of the platform: -1 argument, -2 call, -3 logic, -6 appid, -7 and -8 interface,
 * -10 billing, -11 frequency; 101 to 108 conversation with the service; others come from the server.
 */
export interface ServiceMarketError extends Error {
  errMsg?: string;
  errCode?: number;
  requestId?: string;
  requestID?: string;
  /** `none`: nothing was sent, so nothing was paid. Given where this package carried the call, as all below. */
  billing?: 'none' | 'unknown';
  callId?: string;
  /** Over a relay or cloud function: call again with it to get the outcome that was stored. */
  clientMsgId?: string;
  /** An answer that could not be read, as text; or a relay's refusal, as the object that it sent. */
  body?: string | object;
  /** Where in `data` the fault lies, for example `data.images[2]`. */
  path?: string;
  /** The HTTP status of a relay's refusal. */
  statusCode?: number;
  /** Seconds after which the same call may succeed, of a relay's limit. */
  retryAfter?: number;
  cause?: unknown;
}

/** `R` is the service's answer. */
export interface InvokeServiceResult<R = JsonValue> {
  errMsg: 'invokeService:ok';
  data: R;
  requestId?: string;
  requestID?: string;
}

/** Result of a call with `async: true`: the answer comes later, by `getAsyncResult`. */
export interface AsyncInvocation {
  errMsg: 'invokeService:ok';
  data?: undefined;
  requestId: string;
  requestID?: string;
}

export interface AsyncResult<R = JsonValue> {
  errCode: 0;
  errMsg: string;
  /** 1: not yet, ask again; 0: done. */
  status: number;
  /** The service's answer, when done. */
  data?: R;
  /** Present when the provider failed. */
  providerErrMsg?: string;
  requestId?: string;
  requestID?: string;
}

export interface Invocation {
  /** The provider's appid. */
  service: string;
  /** The provider's interface. */
  api: string;
  /** Any JSON value; CDN markers may stand at any depth. */
  data?: unknown;
  /** 2: paid from the open account's package. */
  consumeType?: number;
  /** The paying account, with `consumeType` 2. */
  consumeAppid?: string;
  /** Milliseconds for the whole call, counted from its first message; where this package carries the call. */
  timeout?: number;
  /** The page's own id of this invocation; where this package carries the call. */
  clientMsgId?: string;
}

/** A quick call, answered at once. */
export interface PlainInvocation extends Invocation {
  async?: false;
}

/** A long task. */
export interface LongInvocation extends Invocation {
  async: true;
}

/** Options whose callbacks, or whose `async`, are known at run time only. */
export interface InvokeServiceOptions<R = JsonValue>
  extends Invocation, Callbacks<InvokeServiceResult<R> | AsyncInvocation> {
  async?: boolean;
}

export interface RetrieveOptions {
  /** From the result of the call with `async: true`. Results live 24 hours. */
  requestId: string;
}

/** Options whose callbacks are known at run time only. */
export interface GetAsyncResultOptions<R = JsonValue> extends RetrieveOptions, Callbacks<AsyncResult<R>> {}

/** Without any callback the result comes by promise. */
export interface NoCallbacks {
  success?: undefined;
  fail?: undefined;
  complete?: undefined;
}

/** With any callback the result comes by callbacks alone. */
export type SomeCallback<R> = Callbacks<R> &
  (
    | Required<Pick<Callbacks<R>, 'success'>>
    | Required<Pick<Callbacks<R>, 'fail'>>
    | Required<Pick<Callbacks<R>, 'complete'>>
  );

export interface Callbacks<R> {
  success?: (result: R) => void;
  fail?: (error: ServiceMarketError) => void;
  complete?: (outcome: R | ServiceMarketError) => void;
}

export interface ServiceMarket {
  /**
   * Calls a service of the service market.
   *
   * @example
   * const { data } = await wx.serviceMarket.invokeService<OcrAnswer>({
   *   service: 'wx79ac3de8be320b71',
   *   api: 'OcrAllInOne',
   *   data: { img_url: new wx.serviceMarket.CDN({ type: 'filePath', filePath }), data_type: 3, ocr_type: 8 },
   * });
   */
  invokeService(options: LongInvocation & NoCallbacks): Promise<AsyncInvocation>;
  invokeService<R = JsonValue>(options: PlainInvocation & NoCallbacks): Promise<InvokeServiceResult<R>>;
  invokeService(options: LongInvocation & SomeCallback<AsyncInvocation>): void;
  invokeService<R = JsonValue>(options: PlainInvocation & SomeCallback<InvokeServiceResult<R>>): void;
  invokeService<R = JsonValue>(
    options: InvokeServiceOptions<R>,
  ): Promise<InvokeServiceResult<R> | AsyncInvocation> | void;

  /** Asks for the result of a long task; `status` 1 means that it is not there yet. */
  getAsyncResult<R = JsonValue>(options: RetrieveOptions & NoCallbacks): Promise<AsyncResult<R>>;
  getAsyncResult<R = JsonValue>(options: RetrieveOptions & SomeCallback<AsyncResult<R>>): void;
  getAsyncResult<R = JsonValue>(options: GetAsyncResultOptions<R>): Promise<AsyncResult<R>> | void;

  CDN: CDNConstructor;
}
