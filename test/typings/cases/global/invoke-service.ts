import type {
  AsyncInvocation,
  InvokeServiceOptions,
  InvokeServiceResult,
  JsonValue,
  PlatformError,
  ServiceMarketError,
} from 'miniprogram-servicemarket/typings';
import { expectType } from '../assert';

interface OcrAnswer {
  ocr_comm_res: { items: { text: string }[] };
}

const call = { service: 'wx79ac3de8be320b71', api: 'OcrAllInOne' };

// Without callbacks: a promise.
expectType<Promise<InvokeServiceResult<JsonValue>>>()(wx.serviceMarket.invokeService(call));
expectType<Promise<InvokeServiceResult<OcrAnswer>>>()(wx.serviceMarket.invokeService<OcrAnswer>(call));
expectType<Promise<InvokeServiceResult<JsonValue>>>()(
  wx.serviceMarket.invokeService({ ...call, async: false }),
);
expectType<Promise<InvokeServiceResult<JsonValue>>>()(
  wx.serviceMarket.invokeService({ ...call, data: [1, { a: null }], consumeType: 2, consumeAppid: 'wx1' }),
);
expectType<Promise<InvokeServiceResult<JsonValue>>>()(
  wx.serviceMarket.invokeService({ ...call, timeout: 30000, clientMsgId: 'mine', success: undefined }),
);

// A long task: no answer yet, but an id.
expectType<Promise<AsyncInvocation>>()(wx.serviceMarket.invokeService({ ...call, async: true }));

// Any one callback: nothing is returned.
expectType<void>()(wx.serviceMarket.invokeService({ ...call, success() {} }));
expectType<void>()(wx.serviceMarket.invokeService({ ...call, fail() {} }));
expectType<void>()(wx.serviceMarket.invokeService({ ...call, complete() {} }));

wx.serviceMarket.invokeService<OcrAnswer>({
  ...call,
  success(result) {
    expectType<InvokeServiceResult<OcrAnswer>>()(result);
    expectType<string | undefined>()(result.requestId);
  },
  fail(error) {
    expectType<ServiceMarketError | PlatformError>()(error);
    expectType<number | undefined>()(error.errCode);
    if (error.billing) expectType<number>()(error.errCode);
  },
  complete: (outcome) =>
    expectType<InvokeServiceResult<OcrAnswer> | ServiceMarketError | PlatformError>()(outcome),
});

wx.serviceMarket.invokeService({
  ...call,
  async: true,
  success: (result) => expectType<string>()(result.requestId),
});

// Callbacks that may or may not be there.
function forward(options: InvokeServiceOptions<OcrAnswer, ServiceMarketError | PlatformError>) {
  return wx.serviceMarket.invokeService<OcrAnswer>(options);
}
expectType<void | Promise<InvokeServiceResult<OcrAnswer> | AsyncInvocation>>()(forward(call));

async function readText() {
  const { data, errMsg } = await wx.serviceMarket.invokeService<OcrAnswer>(call);
  expectType<'invokeService:ok'>()(errMsg);
  return data.ocr_comm_res.items.map((item) => item.text);
}
expectType<Promise<string[]>>()(readText());

// @ts-expect-error service is required
wx.serviceMarket.invokeService({ api: 'OcrAllInOne' });
// @ts-expect-error api is required
wx.serviceMarket.invokeService({ service: 'wx79ac3de8be320b71' });
// @ts-expect-error an argument is required
wx.serviceMarket.invokeService();
// @ts-expect-error service is a string
wx.serviceMarket.invokeService({ service: 5, api: 'OcrAllInOne' });
// @ts-expect-error a misspelt option
wx.serviceMarket.invokeService({ ...call, consumeAppId: 'wx1' });
// @ts-expect-error the result of a callback call is void
wx.serviceMarket.invokeService({ ...call, success() {} }).then(() => {});
// @ts-expect-error a callback is a function
wx.serviceMarket.invokeService({ ...call, success: 1 });
wx.serviceMarket.invokeService({ ...call, async: true }).then((result) => {
  // @ts-expect-error a long task has no answer yet
  void result.data.length;
});
