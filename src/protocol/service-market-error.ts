/**
 * `none`：没有发出任何请求，不会计费；`unknown`：请求已发出，可能已计费
 *
 * `none`: nothing was sent, so nothing was paid; `unknown`: a request was sent, which may have been paid
 */
export type Billing = 'none' | 'unknown';

/**
 * 由本包承载的调用失败时的错误
 *
 * Why a call that this package carried has failed
 */
export interface ServiceMarketError extends Error {
  /** 错误信息，与 `message` 相同 · The same text as `message` */
  errMsg: string;
  /** 错误码，见 `ErrorCode` · See `ErrorCode` */
  errCode: number;
  /** 失败的调用是否可能已计费 · Whether the failed call may have cost money */
  billing: Billing;
  /** 整个调用在平台上的编号 · Names the call to the platform */
  callId?: string;
  /**
   * 经中转服务器或云函数时：用它再次调用，得到已保存的结果，不再计费
   *
   * Over a relay or cloud function: call again with it to get the outcome that was stored, without a second bill
   */
  clientMsgId?: string;
  /** 服务端的请求编号 · The server's id of the request */
  requestId?: string;
  /** 平台的另一种写法，值与 `requestId` 相同 · The platform's other spelling, with the same value */
  requestID?: string;
  /** 无法解析的回包原文，或中转服务器的拒绝内容 · An answer that could not be read, or a relay's refusal */
  body?: any; // as the server wrote it
  /** 出错的字段，例如 `data.images[2]` · Where in `data` the fault lies */
  path?: string;
  /** 中转服务器拒绝时的 HTTP 状态码 · The HTTP status of a relay's refusal */
  statusCode?: number;
  /** 多少秒后可以重试 · Seconds after which the same call may succeed */
  retryAfter?: number;
  /** 原始错误 · The error or native object that this one reports */
  cause?: unknown;
}

/**
 * 由平台自身承载的调用失败时的错误：有哪些字段取决于基础库版本
 *
 * Why a call that the platform's own code carried has failed: which fields it has depends on the base library
 */
export interface PlatformError extends Error {
  errMsg?: string;
  errCode?: number;
  requestId?: string;
  requestID?: string;
  /** 平台的错误不说明是否计费 · The platform does not say whether the call was billed */
  billing?: undefined;
}
