import { evaluate } from './evaluate.mjs';
import { makeData, urlOf } from '../peers/data.mjs';

/** Started by growth.mjs: prepares one payload in one way and tells by how many bytes the process grew at most. */
process.once('message', ({ payload, way, leaves, markers }) => {
  const { prepare, CDN } = evaluate(payload);
  const urls = Array.from({ length: markers }, (_, i) => urlOf(i));
  const data = makeData(leaves, markers, way === 'ours' ? (i) => new CDN(`content ${i}`) : urlOf);
  globalThis.gc();
  const before = process.memoryUsage.rss();
  const text = way === 'ours' ? prepare(data, urls) : JSON.stringify(data);
  // A text of pieces is put together when it is read.
  const isText = text.charCodeAt(7) > 0;
  const peak = process.resourceUsage().maxRSS * 1024;
  const bytes = isText ? Math.max(peak, process.memoryUsage.rss()) - before : 0;
  process.send({ bytes }, () => process.disconnect());
});
