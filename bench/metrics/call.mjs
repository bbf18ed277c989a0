import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { compare } from '../harness/compare.mjs';
import { evaluate } from '../harness/evaluate.mjs';
import { inPackage } from '../harness/paths.mjs';
import { target, timedRow } from '../harness/row.mjs';
import { makeData } from '../peers/data.mjs';
import { twoPassCall } from '../peers/two-pass-call.mjs';

export const keys = ['call'];
export const title = 'one whole call without markers on a host that answers at once';

const ANSWER = JSON.stringify({
  scene: 4,
  errcode: 0,
  errmsg: 'ok',
  request_id: 'request-1',
  data: JSON.stringify({ ocr_comm_res: { items: [{ text: 'two' }, { text: 'lines' }] } }),
});

/** A host whose bridge answers in the next microtask; it notes the last text that it was given. */
function makeHost() {
  return {
    text: '',
    getSystemInfoSync: () => ({ SDKVersion: '2.8.3' }),
    operateWXData({ reqData, success }) {
      this.text = reqData.data;
      globalThis.queueMicrotask(() => success({ errMsg: 'operateWXData:ok', rawData: ANSWER }));
    },
  };
}

/** 12 leaves, each call awaited before the next. */
export async function measure() {
  const options = { service: 'wx79ac3de8be320b71', api: 'OcrAllInOne', data: makeData(12, 0) };
  const hosts = { ours: makeHost(), 'two-pass': makeHost() };
  evaluate(readFileSync(inPackage('dist/servicemarket-compat.min.js'), 'utf8'), { wx: hosts.ours });
  const ours = hosts.ours.serviceMarket.invokeService;
  const peer = twoPassCall(hosts['two-pass']);
  const results = [await ours(options), await peer(options)];
  assert.deepEqual(results[0].data, results[1].data);
  assert.equal(hosts.ours.text, hosts['two-pass'].text);
  const ways = { ours: () => ours(options), 'two-pass': () => peer(options) };
  const result = await compare(ways, 'two-pass', { sampleMs: 20, collection: 'minor' });
  return {
    call: timedRow(result, 'ours', 'two-pass', (over) => [target('ours / two-pass', over('two-pass'), 1)]),
  };
}
