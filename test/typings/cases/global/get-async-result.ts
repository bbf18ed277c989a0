import type {
  AsyncResult,
  GetAsyncResultOptions,
  JsonValue,
  PlatformError,
  ServiceMarketError,
} from 'miniprogram-servicemarket/typings';
import { expectType } from '../assert';

expectType<Promise<AsyncResult<JsonValue>>>()(wx.serviceMarket.getAsyncResult({ requestId: 'id' }));
expectType<Promise<AsyncResult<{ pages: number }>>>()(
  wx.serviceMarket.getAsyncResult<{ pages: number }>({ requestId: 'id' }),
);
expectType<void>()(wx.serviceMarket.getAsyncResult({ requestId: 'id', fail() {} }));

wx.serviceMarket.getAsyncResult<{ pages: number }>({
  requestId: 'id',
  success(result) {
    expectType<number>()(result.status);
    expectType<{ pages: number } | undefined>()(result.data);
    expectType<string | undefined>()(result.providerErrMsg);
  },
  fail: (error) => expectType<number | undefined>()(error.errCode),
  complete: (outcome) =>
    expectType<AsyncResult<{ pages: number }> | ServiceMarketError | PlatformError>()(outcome),
});

function forward(options: GetAsyncResultOptions<{ pages: number }, ServiceMarketError | PlatformError>) {
  return wx.serviceMarket.getAsyncResult<{ pages: number }>(options);
}
expectType<void | Promise<AsyncResult<{ pages: number }>>>()(forward({ requestId: 'id' }));

// @ts-expect-error requestId is required
wx.serviceMarket.getAsyncResult({});
// @ts-expect-error requestId is a string
wx.serviceMarket.getAsyncResult({ requestId: 1 });
// @ts-expect-error the platform's other spelling is not an option
wx.serviceMarket.getAsyncResult({ requestID: 'id' });
// @ts-expect-error the result of a callback call is void
wx.serviceMarket.getAsyncResult({ requestId: 'id', success() {} }).then(() => {});
