/** `wx.serviceMarket` and its import: one set of types for the global, the import and the plugin. */
import type { CDNConstructor, JsonValue } from './data';
import type { PlatformError, ServiceMarketError } from './service-market-error';
import type { AnswerOf, ApiName, DataOf, Inferred, NeededData, ServiceId } from './services';

export interface Callbacks<R, E = ServiceMarketError> {
  /** 接口调用成功的回调函数 · Called with the result */
  success?: (result: R) => void;
  /** 接口调用失败的回调函数 · Called with the error */
  fail?: (error: E) => void;
  /** 接口调用结束的回调函数（调用成功、失败都会执行） · Called with either, after them */
  complete?: (outcome: R | E) => void;
}

/** 不传回调：返回 Promise · Without any callback the result comes by promise. */
export interface NoCallbacks {
  success?: undefined;
  fail?: undefined;
  complete?: undefined;
}

/** 传入任一回调：不返回 Promise · With any callback the result comes by callbacks alone. */
export type SomeCallback<R, E = ServiceMarketError> = Callbacks<R, E> &
  ({ success: (result: R) => void } | { fail: (error: E) => void } | { complete: (outcome: R | E) => void });

/** 一次调用 · One call */
export interface Invocation<S = string, A = string, Data = unknown> {
  /** 服务提供商 ID · The provider's appid */
  service: S;
  /** 服务 API 名 · The provider's interface */
  api: A;
  /**
   * 传递给服务的 JSON 数据；`new CDN(…)` 可以在任意位置
   *
   * Any JSON value; `new CDN(…)` may stand at any depth. Read once, at the call
   */
  data?: Data;
  /**
   * 2：消耗开放平台帐号的资源包。最低基础库：`2.20.1`
   *
   * 2: paid from the open account's package. Least base library: `2.20.1`
   */
  consumeType?: number;
  /** `consumeType` 为 2 时，开放平台帐号的 appid · The paying account, with `consumeType` 2 */
  consumeAppid?: string;
  /**
   * 整个调用的时限，单位毫秒，从发出第一条请求算起；默认不限。仅由本包承载时有效
   *
   * Milliseconds for the whole call, counted from its first message; no limit by default. Where this package carries it
   */
  timeout?: number;
  /**
   * 自定的调用编号：相同编号不会重复计费。仅由本包承载时有效
   *
   * The page's own id of this call: the same id is not billed twice. Where this package carries it
   */
  clientMsgId?: string;
}

/** A call whose `data` is checked by what is declared for its service and api. */
export type DeclaredInvocation<S, A, D> = Invocation<S, A, DataOf<S, A> | Inferred<D>> & NeededData<S, A>;

/** `async` 或回调在运行时才确定的参数 · Options whose callbacks, or whose `async`, are known at run time only */
export interface InvokeServiceOptions<R = JsonValue, E = ServiceMarketError>
  extends Invocation, Callbacks<InvokeServiceResult<R> | AsyncInvocation, E> {
  /** 是否是异步长任务 · A long task: the result carries `requestId` for `getAsyncResult` */
  async?: boolean;
}

/** 调用结果 · The result of a call */
export interface InvokeServiceResult<R = JsonValue> {
  errMsg: 'invokeService:ok';
  /** 服务的返回值 · The service's answer */
  data: R;
  requestId?: string;
  /** 平台的另一种写法 · The platform's other spelling */
  requestID?: string;
}

/** `async: true` 的调用结果：返回值之后由 `getAsyncResult` 获取 · The answer of a long task comes later, by `getAsyncResult` */
export interface AsyncInvocation {
  errMsg: 'invokeService:ok';
  data?: undefined;
  /** 传给 `getAsyncResult` 或 `waitForResult` · For `getAsyncResult` or `waitForResult` */
  requestId: string;
  /** 平台的另一种写法 · The platform's other spelling */
  requestID?: string;
}

/** The result by `async`: both where it is known at run time only. */
export type InvocationResult<Async, R> = Async extends true ? AsyncInvocation : InvokeServiceResult<R>;

export interface RetrieveOptions {
  /** `async: true` 的调用所返回的 `requestId`；结果最多保留 24 小时 · From the call with `async: true`; results live 24 hours */
  requestId: string;
}

export interface GetAsyncResultOptions<R = JsonValue, E = ServiceMarketError>
  extends RetrieveOptions, Callbacks<AsyncResult<R>, E> {}

/** 长任务的结果 · The result of a long task */
export interface AsyncResult<R = JsonValue> {
  errCode: 0;
  errMsg: string;
  /** 1：未完成，继续轮询；0：已完成 · 1: not yet, ask again; 0: done */
  status: number;
  /** 服务的返回值，完成后才有 · The service's answer, when done */
  data?: R;
  /** 服务提供商出错时才有 · Present when the provider failed */
  providerErrMsg?: string;
  requestId?: string;
  /** 平台的另一种写法 · The platform's other spelling */
  requestID?: string;
}

/** `wx.serviceMarket` */
export interface ServiceMarket {
  /**
   * [wx.serviceMarket.invokeService(Object object)](https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/service-market/api.html)
   *
   * 调用服务提供商提供的 API。传入任一回调则不返回 Promise
   *
   * Calls a service of the market; with any callback it returns no promise
   *
   * 最低基础库：`2.9.4`（插件中 `2.11.1`）；使用本包时为 `1.6.0`
   *
   * Least base library: `2.9.4` (in plugins `2.11.1`); with this package `1.6.0`
   *
   * @example
   * const { data } = await wx.serviceMarket.invokeService({
   *   service: 'wx79ac3de8be320b71',
   *   api: 'OcrAllInOne',
   *   data: { img_url: new wx.serviceMarket.CDN({ type: 'filePath', filePath }), data_type: 3, ocr_type: 8 },
   * });
   */
  invokeService<S extends ServiceId, A extends ApiName<S>, D>(
    options: DeclaredInvocation<S, A, D> & { async: true } & NoCallbacks,
  ): Promise<AsyncInvocation>;
  invokeService<R = never, S extends ServiceId = ServiceId, A extends ApiName<S> = ApiName<S>, D = unknown>(
    options: DeclaredInvocation<S, A, D> & { async?: false } & NoCallbacks,
  ): Promise<InvokeServiceResult<AnswerOf<R, S, A, D>>>;
  invokeService<S extends ServiceId, A extends ApiName<S>, D>(
    options: DeclaredInvocation<S, A, D> & { async: true } & SomeCallback<AsyncInvocation, MarketError>,
  ): void;
  invokeService<R = never, S extends ServiceId = ServiceId, A extends ApiName<S> = ApiName<S>, D = unknown>(
    options: DeclaredInvocation<S, A, D> & { async?: false } & SomeCallback<
        InvokeServiceResult<AnswerOf<R, S, A, D>>,
        MarketError
      >,
  ): void;
  invokeService<R = never, S extends ServiceId = ServiceId, A extends ApiName<S> = ApiName<S>, D = unknown>(
    options: DeclaredInvocation<S, A, D> & { async?: boolean } & Callbacks<
        InvokeServiceResult<AnswerOf<R, S, A, D>> | AsyncInvocation,
        MarketError
      >,
  ): Promise<InvokeServiceResult<AnswerOf<R, S, A, D>> | AsyncInvocation> | void;

  /**
   * [wx.serviceMarket.getAsyncResult(Object object)](https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/service-market/api.html)
   *
   * 获取异步长任务的结果；`status` 为 1 时尚未完成，需继续轮询。轮询不计费
   *
   * Asks for the result of a long task; `status` 1 means that it is not there yet. Asking costs nothing
   *
   * 最低基础库：以平台为准；使用本包时为 `1.6.0`
   *
   * Least base library: the platform's; with this package `1.6.0`
   */
  getAsyncResult<R = JsonValue>(options: RetrieveOptions & NoCallbacks): Promise<AsyncResult<R>>;
  getAsyncResult<R = JsonValue>(options: RetrieveOptions & SomeCallback<AsyncResult<R>, MarketError>): void;
  getAsyncResult<R = JsonValue>(
    options: GetAsyncResultOptions<R, MarketError>,
  ): Promise<AsyncResult<R>> | void;

  CDN: CDNConstructor;
}

/** Either may carry a call of `wx.serviceMarket`; `if (error.billing)` distinguishes them. */
export type MarketError = ServiceMarketError | PlatformError;
