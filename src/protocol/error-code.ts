import {
  ERR_ARGUMENT,
  ERR_ASYNC,
  ERR_CALL,
  ERR_EMPTY,
  ERR_POLLS,
  ERR_PROVIDER,
  ERR_SCENE,
  ERR_TIMEOUT,
} from './errors';
import type { ServiceMarketError } from './service-market-error';

/**
 * 有名称的 `errCode`；服务端还会返回其他错误码
 *
 * The values of `errCode` that have a name; the server answers with others too
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/service-market/api.html
 */
export const ErrorCode = {
  /** 入参错误 · A wrong or missing argument, or what the host cannot do; nothing was sent */
  ARGUMENT: ERR_ARGUMENT,
  /** 调用失败：网络、系统或 `abort()` · The call failed: network, system, or `abort()` */
  CALL: ERR_CALL,
  /** 逻辑失败 · The service's own logic failed */
  LOGIC: -3,
  /** appid 错误 · A wrong appid */
  APPID: -6,
  /** api 信息错误 · Wrong information about the api */
  API: -7,
  /** api 信息错误 · Wrong information about the api */
  API_INFO: -8,
  /** api 扣费失败 · The call could not be billed */
  BILLING: -10,
  /** 命中频率限制 · Called too often */
  FREQUENCY: -11,
  /** 结果为空 · An empty answer */
  EMPTY: ERR_EMPTY,
  /** 轮询次数用尽 · No answer after the most polls */
  POLLS: ERR_POLLS,
  /** 服务提供商出错 · The provider failed */
  PROVIDER: ERR_PROVIDER,
  /** 等待超时 · Timed out */
  TIMEOUT: ERR_TIMEOUT,
  /** 未知的回包 · An answer of an unknown kind */
  SCENE: ERR_SCENE,
  /** 长任务未被受理 · The long task was not accepted */
  ASYNC: ERR_ASYNC,
  /** 额度用尽 · The quota is used up */
  QUOTA: 45009,
  /** 服务不可用 · The service is unavailable */
  UNAVAILABLE: 9301002,
  /** 服务未开通，或余额不足 · The service was not bought, or its balance is used up */
  NOT_OPENED: 9301010,
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/**
 * 判断是否为本包的错误；是则 `errCode`、`errMsg`、`billing` 必定存在
 *
 * Whether it is an error of this package, which has `errCode`, `errMsg` and `billing`. An error of the platform's
 * own code (`wx.serviceMarket` where it is untouched) is none: it does not say whether the call was billed
 *
 * @param error - what a `catch` or a `fail` was called with
 * @example
 * catch (error) {
 *   if (isServiceMarketError(error) && error.billing === 'none') this.offerRetry();
 * }
 */
export function isServiceMarketError(error: unknown): error is ServiceMarketError {
  const { billing, errCode } = (error || {}) as ServiceMarketError;
  return typeof errCode === 'number' && (billing === 'none' || billing === 'unknown');
}
