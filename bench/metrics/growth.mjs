import { fork } from 'node:child_process';
import { once } from 'node:events';
import { compare } from '../harness/compare.mjs';
import { evaluate } from '../harness/evaluate.mjs';
import { inPackage } from '../harness/paths.mjs';
import { target } from '../harness/row.mjs';
import { median, round } from '../harness/statistics.mjs';
import { makeData, urlOf } from '../peers/data.mjs';

export const keys = ['growth'];
export const title = 'from 1,000 to 1,000,000 leaves, one marker for each 1,000';

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const PROBES = 5;

async function ratioAt(leaves, { prepare, CDN }) {
  const markers = leaves / 1000;
  const urls = Array.from({ length: markers }, (_, i) => urlOf(i));
  const data = makeData(leaves, markers, (i) => new CDN(`content ${i}`));
  const finished = makeData(leaves, markers, urlOf);
  const ways = {
    ours: () => prepare(data, urls).charCodeAt(7),
    plain: () => JSON.stringify(finished).charCodeAt(7),
  };
  if (prepare(data, urls) !== JSON.stringify(finished)) throw new Error('ours gives another text');
  return compare(ways, 'plain', { sampleMs: 10 });
}

/** Bytes that a fresh process grew by. */
async function memoryOf(way, leaves, payload) {
  const child = fork(inPackage('bench/harness/memory-probe.mjs'), { execArgv: ['--expose-gc'] });
  child.send({ payload, way, leaves, markers: leaves / 1000 });
  const [{ bytes }] = await once(child, 'message');
  await once(child, 'exit');
  return bytes;
}

/** Time by size, and the memory at the largest. */
export async function measure(_key, { payload }) {
  const module = evaluate(payload);
  const results = {};
  for (const leaves of SIZES) results[leaves] = await ratioAt(leaves, module);
  const largest = SIZES.at(-1);
  const memory = { ours: [], plain: [] };
  for (let i = 0; i < PROBES; i++) {
    for (const way of Object.keys(memory)) memory[way].push(await memoryOf(way, largest, payload));
  }
  const each = (value) => Object.fromEntries(SIZES.map((leaves) => [leaves, round(value(results[leaves]))]));
  const ratios = each(({ ratio }) => ratio.ours);
  const worstNoise = SIZES.map((leaves) => results[leaves].noise).sort(
    (a, b) => Math.abs(b - 1) - Math.abs(a - 1),
  )[0];
  return {
    growth: {
      unit: 'µs by leaves',
      ours: each(({ ms }) => ms.ours * 1000),
      peers: { plain: each(({ ms }) => ms.plain * 1000) },
      ratio: round(ratios[largest] / ratios[SIZES[0]]),
      ratios,
      memory: { ours: median(memory.ours), plain: median(memory.plain) },
      targets: [
        target('highest ratio / ratio at 1,000', Math.max(...Object.values(ratios)) / ratios[SIZES[0]], 1.25),
        target('memory: ours / plain', median(memory.ours) / median(memory.plain), 1.5),
      ],
      noise: worstNoise,
      counts: SIZES.every((leaves) => results[leaves].counts),
      rounds: results[largest].rounds,
    },
  };
}
