import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import createFakeHost from '../conformance/in-engine/fake-host.js';
import { evaluate } from '../harness/evaluate.mjs';
import { inPackage } from '../harness/paths.mjs';
import { target } from '../harness/row.mjs';
import { median, randomFrom, round } from '../harness/statistics.mjs';

export const keys = ['uploads'];
export const title = 'uploads in virtual time: all at the host by then, over the lower bound';

const SLOTS = 10;
const SEEDS = 31;
const LIMIT = 1.05;
const contentOf = {
  files: (i) => ({ filePath: String(i) }),
  texts: (i, ms) => `${i} `.padEnd(ms, 'x'),
};
const numberOf = ({ filePath, fileData }) => parseInt(filePath ?? fileData);

/** How many contents of what kind. A file's size is the host's secret; a text takes 1 ms a character. */
const CASES = [
  [1, 'files'],
  [10, 'files'],
  [100, 'files'],
  [100, 'texts'],
];

/** Contents of which a fifth are there twice; each takes 0.1 to 2 s. */
function makeContents(count, seed) {
  const random = randomFrom(seed);
  const distinct = Math.max(1, Math.round(count * 0.8));
  const durations = Array.from({ length: distinct }, () => Math.round(100 + 1900 * random()));
  const order = Array.from({ length: count }, (_, i) => (i < distinct ? i : Math.floor(random() * distinct)));
  const longest = Math.max(...durations);
  const total = durations.reduce((sum, ms) => sum + ms, 0);
  return { durations, order, bound: Math.max(longest, total / SLOTS) };
}

function makeHost(durations) {
  return createFakeHost({
    answer: () => '{"scene":4,"errcode":0,"data":"{}"}',
    upload: (content) => ({ ms: durations[numberOf(content)], url: `https://cdn.test/${numberOf(content)}` }),
    slots: SLOTS,
  });
}

/** Virtual ms until the call is sent, by the built file. */
async function ours({ durations, order }, kind, source) {
  const host = makeHost(durations);
  const { wx, setTimeout, clearTimeout, Date } = host;
  evaluate(source, { wx, setTimeout, clearTimeout, Date });
  const { invokeService, CDN } = wx.serviceMarket;
  const data = order.map((i) => new CDN(contentOf[kind](i, durations[i])));
  invokeService({ service: 'S', api: 'A', data });
  do await setImmediate();
  while (host.messages.length === 0 && host.tick());
  if (host.uploads.length !== durations.length)
    throw new Error('A content was uploaded twice, or not at all');
  return host.messages[0].at;
}

/** Virtual ms until all is uploaded, where every occurrence is handed to the host at once. */
function allAtOnce({ durations, order }) {
  const host = makeHost(durations);
  let left = order.length;
  for (const i of order) host.wx.uploadToCommonCDN({ filePath: String(i), success: () => left-- });
  while (left > 0) host.tick();
  return host.now();
}

/** Each case with 31 draws; the median of the time over the lower bound max(longest, total / 10). */
export async function measure() {
  const source = readFileSync(inPackage('dist/servicemarket-compat.min.js'), 'utf8');
  const over = { ours: {}, 'all at once': {} };
  for (const [count, kind] of CASES) {
    const draws = Array.from({ length: SEEDS }, (_, seed) => makeContents(count, seed));
    const times = [];
    for (const draw of draws) times.push((await ours(draw, kind, source)) / draw.bound);
    over.ours[`${count} ${kind}`] = round(median(times));
    over['all at once'][`${count} ${kind}`] = round(
      median(draws.map((draw) => allAtOnce(draw) / draw.bound)),
    );
  }
  return {
    uploads: {
      unit: '× lower bound',
      ours: over.ours,
      peers: { 'all at once': over['all at once'] },
      ratio: round(over.ours['100 files'] / over['all at once']['100 files']),
      targets: Object.entries(over.ours).map(([name, value]) =>
        target(`${name} / lower bound`, value, LIMIT),
      ),
      rounds: SEEDS,
      counts: true,
    },
  };
}
