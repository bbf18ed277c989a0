import {
  type AsyncInvocation,
  type AsyncResult,
  type InvokeServiceResult,
  type OcrAnswers,
  serviceMarket,
  type ServiceMarket,
} from 'miniprogram-servicemarket/plugin';
import { expectType } from '../assert';
import '../own-services';

const call = { service: 'wx1', api: 'a' };
const ocr = { service: 'wx79ac3de8be320b71', api: 'OcrAllInOne' } as const;
const img_url = new serviceMarket.CDN({ type: 'filePath', filePath: 'wxfile://tmp/a.png' });

// One set of types: the global's is the plugin's.
export const asGlobal: typeof wx.serviceMarket = serviceMarket;
export const asPlugin: ServiceMarket = wx.serviceMarket;

// The parameter is the result, not its promise.
expectType<Promise<InvokeServiceResult<{ mine: true }>>>()(serviceMarket.invokeService<{ mine: true }>(call));
expectType<Promise<AsyncInvocation>>()(serviceMarket.invokeService({ ...call, async: true }));
expectType<Promise<AsyncResult<{ mine: true }>>>()(
  serviceMarket.getAsyncResult<{ mine: true }>({ requestId: 'id' }),
);
serviceMarket
  .invokeService({ ...call, async: true })
  .then(({ requestId }) => expectType<string>()(requestId));
expectType<void>()(serviceMarket.invokeService({ ...call, success() {} }));
serviceMarket.invokeService({
  ...call,
  fail(error) {
    if (error.billing) expectType<'none' | 'unknown'>()(error.billing);
  },
});

// Known and own services.
expectType<Promise<InvokeServiceResult<OcrAnswers[8]>>>()(
  serviceMarket.invokeService({ ...ocr, data: { img_url, data_type: 3, ocr_type: 8 } }),
);
expectType<Promise<InvokeServiceResult<{ pages: number }>>>()(
  serviceMarket.invokeService({ service: 'wx0123456789abcdef', api: 'readAll', data: { url: img_url } }),
);
export function readText(filePath: string): Promise<string> {
  const picture = new serviceMarket.CDN({ type: 'filePath', filePath });
  return serviceMarket
    .invokeService({ ...ocr, data: { img_url: picture, data_type: 3, ocr_type: 8 } })
    .then(({ data }) => data.ocr_comm_res.items.map((item) => item.text).join('\n'));
}

// @ts-expect-error a misspelt field
serviceMarket.invokeService({ ...ocr, data: { img_ulr: img_url, data_type: 3, ocr_type: 8 } });
// @ts-expect-error the result of a callback call is void
serviceMarket.invokeService({ ...call, success() {} }).then(() => {});
// @ts-expect-error requestId is required
serviceMarket.getAsyncResult({});
