import type { InvokeServiceResult, JsonValue, OcrAnswers } from 'miniprogram-servicemarket/typings';
import { expectType } from '../assert';
import '../own-services';

const { serviceMarket } = wx;
const img_url = new serviceMarket.CDN({ type: 'filePath', filePath: 'wxfile://tmp/a.png' });
const ocr = { service: 'wx79ac3de8be320b71', api: 'OcrAllInOne' } as const;

// The answer by `ocr_type`.
expectType<Promise<InvokeServiceResult<OcrAnswers[8]>>>()(
  serviceMarket.invokeService({
    service: 'wx79ac3de8be320b71',
    api: 'OcrAllInOne',
    data: { img_url, data_type: 3, ocr_type: 8 },
  }),
);
expectType<Promise<InvokeServiceResult<OcrAnswers[1]>>>()(
  serviceMarket.invokeService({ ...ocr, data: { img_url: 'https://a.cn/b.png', data_type: 3, ocr_type: 1 } }),
);
// Other types, and one that is known at run time only.
declare const ocr_type: number;
expectType<Promise<InvokeServiceResult<JsonValue>>>()(
  serviceMarket.invokeService({ ...ocr, data: { img_url, data_type: 3, ocr_type: 3 } }),
);
expectType<Promise<InvokeServiceResult<JsonValue>>>()(
  serviceMarket.invokeService({ ...ocr, data: { img_url, data_type: 3, ocr_type } }),
);

// Where it is used.
export async function readText(): Promise<string> {
  const { data } = await serviceMarket.invokeService({
    ...ocr,
    data: { img_url, data_type: 3, ocr_type: 8 },
  });
  return data.ocr_comm_res.items.map((item) => item.text).join('\n');
}
serviceMarket.invokeService({
  success: ({ data }) => expectType<string>()(data.bankcard_res.number.text),
  ...ocr,
  data: { img_url, data_type: 3, ocr_type: 2 },
});
serviceMarket
  .invokeService({ ...ocr, data: { img_url, data_type: 3, ocr_type: 1 } })
  .then(({ data: { idcard_res } }) => {
    expectType<string | undefined>()(idcard_res.name?.text);
    if (idcard_res.type === 0) expectType<string>()(idcard_res.name.text);
    else expectType<string>()(idcard_res.valid_date.text);
  });

// A page's own type of the answer.
expectType<Promise<InvokeServiceResult<{ mine: true }>>>()(
  serviceMarket.invokeService<{ mine: true }>({ ...ocr, data: { img_url, data_type: 3, ocr_type: 8 } }),
);

// The other known ones.
const check = 'wxee446d7507c68b11';
serviceMarket
  .invokeService({ service: check, api: 'msgSecCheck', data: { Action: 'TextApproval', Text: 'a' } })
  .then(({ data }) => expectType<number>()(data.Response.EvilTokens.length));
serviceMarket
  .invokeService({
    service: check,
    api: 'imgSecCheck',
    data: { Action: 'ImageModeration', Scenes: ['PORN', 'OTHER'], ImageUrl: img_url },
  })
  .then(({ data }) => data.Response.Suggestion === 'PASS');
const map = 'wxc1c68623b7bdea7b';
serviceMarket
  .invokeService({ service: map, api: 'poiSearch', data: { keyword: 'a', boundary: 'region(b)' } })
  .then(({ data }) => expectType<string[]>()(data.data.map((place) => place.title)));
serviceMarket
  .invokeService({ service: map, api: 'rgeoc', data: { location: '39.9,116.4', get_poi: 1 } })
  .then(({ data }) => expectType<string>()(data.result.address));

// A project's own.
const own = 'wx0123456789abcdef';
expectType<Promise<InvokeServiceResult<{ pages: number }>>>()(
  serviceMarket.invokeService({ service: own, api: 'readAll', data: { url: img_url, language: 'zh' } }),
);
expectType<Promise<InvokeServiceResult<{ seconds: number }>>>()(
  serviceMarket.invokeService({ service: own, api: 'convert', data: { kind: 'sound', url: img_url } }),
);
expectType<Promise<InvokeServiceResult<{ plate: string }>>>()(
  serviceMarket.invokeService({ service: ocr.service, api: 'PlateRecognition', data: { img_url } }),
);

// Unknown ones take and answer anything.
declare const anything: unknown;
expectType<Promise<InvokeServiceResult<JsonValue>>>()(
  serviceMarket.invokeService({ service: 'wx1', api: 'a', data: [1, { b: null }] }),
);
expectType<Promise<InvokeServiceResult<JsonValue>>>()(
  serviceMarket.invokeService({ service: ocr.service, api: 'Other', data: anything }),
);
expectType<Promise<InvokeServiceResult<JsonValue>>>()(
  serviceMarket.invokeService({ service: map, api: 'geoc' }),
);

const call = serviceMarket.invokeService;
// @ts-expect-error a misspelt field
call({ ...ocr, data: { img_ulr: img_url, data_type: 3, ocr_type: 8 } });
// @ts-expect-error a field of another type
call({ ...ocr, data: { img_url: 5, data_type: 3, ocr_type: 8 } });
// @ts-expect-error a field too few
call({ ...ocr, data: { img_url, data_type: 3 } });
// @ts-expect-error a field too many
call({ ...ocr, data: { img_url, data_type: 3, ocr_type: 8, other: 1 } });
// @ts-expect-error no data
call(ocr);
// @ts-expect-error a misspelt field of a long task
call({ ...ocr, async: true, data: { img_ulr: img_url, data_type: 3, ocr_type: 8 } });
// @ts-expect-error a misspelt field beside callbacks
call({ ...ocr, data: { img_ulr: '', data_type: 3, ocr_type: 8 }, success() {} });
// @ts-expect-error a marker is no text to check
call({ service: check, api: 'msgSecCheck', data: { Action: 'TextApproval', Text: img_url } });
// @ts-expect-error a wrong field of an own service
call({ service: own, api: 'readAll', data: { url: img_url, language: 'fr' } });
call({ ...ocr, data: { img_url, data_type: 3, ocr_type: 8 } }).then(({ data }) => {
  // @ts-expect-error an answer of another type
  void data.idcard_res;
});
