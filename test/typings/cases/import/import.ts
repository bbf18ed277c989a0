import {
  type AsyncInvocation,
  type AsyncResult,
  type Billing,
  CDN,
  ErrorCode,
  type FinishedResult,
  getAsyncResult,
  invokeService,
  type InvokeServiceResult,
  isServiceMarketError,
  type OcrAnswers,
  serviceMarket,
  type ServiceMarket,
  type ServiceMarketError,
  type Task,
  waitForResult,
} from 'miniprogram-servicemarket';
import { expectType } from '../assert';
import '../own-services';

const call = { service: 'wx1', api: 'a' };
const ocr = { service: 'wx79ac3de8be320b71', api: 'OcrAllInOne' } as const;
const img_url = new CDN({ type: 'filePath', filePath: 'wxfile://tmp/a.png' });
interface Mine {
  mine: true;
}

// One set of types: the global's is the import's.
export const asGlobal: typeof wx.serviceMarket = serviceMarket;
export const asImport: ServiceMarket = wx.serviceMarket;

// Always a task, with callbacks too.
expectType<Task<InvokeServiceResult>>()(invokeService(call));
expectType<Task<InvokeServiceResult>>()(invokeService({ ...call, data: [1], success() {} }));
expectType<Task<InvokeServiceResult<Mine>>>()(invokeService<Mine>(call));
expectType<Task<AsyncInvocation>>()(invokeService({ ...call, async: true }));
declare const isLong: boolean;
invokeService({ ...call, async: isLong }).then(({ requestId }) =>
  expectType<string | undefined>()(requestId),
);
invokeService({ ...call, async: true }).then(({ requestId }) => expectType<string>()(requestId));

// Known and own services.
expectType<Task<InvokeServiceResult<OcrAnswers[8]>>>()(
  invokeService({ ...ocr, data: { img_url, data_type: 3, ocr_type: 8 } }),
);
expectType<Task<InvokeServiceResult<{ pages: number }>>>()(
  invokeService({ service: 'wx0123456789abcdef', api: 'readAll', data: { url: img_url } }),
);
export async function readText(): Promise<string> {
  const task = invokeService({ ...ocr, data: { img_url, data_type: 3, ocr_type: 8 } });
  task.onProgressUpdate(({ progress }) => expectType<number>()(progress));
  const { data } = await task;
  return data.ocr_comm_res.items.map((item) => item.text).join('\n');
}
invokeService<Mine>({
  ...call,
  success: ({ data }) => expectType<true>()(data.mine),
  fail: (error) => expectType<ServiceMarketError>()(error),
  complete: (outcome) => expectType<InvokeServiceResult<Mine> | ServiceMarketError>()(outcome),
});

// The result of a long task.
expectType<Task<AsyncResult<Mine>>>()(getAsyncResult<Mine>({ requestId: 'id' }));
expectType<Task<AsyncResult>>()(getAsyncResult({ requestId: 'id', success() {} }));
expectType<Task<FinishedResult<Mine>>>()(waitForResult<Mine>({ requestId: 'id' }));
waitForResult<Mine>({ requestId: 'id', onPoll: ({ data }) => expectType<Mine | undefined>()(data) }).then(
  ({ data }) => expectType<true>()(data.mine),
);

// Errors.
export function mayHaveBeenPaid(error: unknown): boolean {
  if (!isServiceMarketError(error)) return true;
  expectType<Billing>()(error.billing);
  expectType<number>()(error.errCode);
  return error.billing === 'unknown' || error.errCode === ErrorCode.TIMEOUT;
}
expectType<104>()(ErrorCode.TIMEOUT);
export const code: ErrorCode = ErrorCode.NOT_OPENED;

// @ts-expect-error a misspelt field
invokeService({ ...ocr, data: { img_ulr: img_url, data_type: 3, ocr_type: 8 } });
// @ts-expect-error a misspelt option
invokeService({ ...call, consumeAppId: 'wx1' });
// @ts-expect-error a long task has no answer of a type
invokeService<Mine>({ ...call, async: true });
// @ts-expect-error a long task has no answer yet
invokeService({ ...call, async: true }).then(({ data }) => data.length);
// @ts-expect-error requestId is required
waitForResult({});
// @ts-expect-error a code is never written
ErrorCode.TIMEOUT = 5;
