import { forkMetric } from './harness/fork-metric.mjs';
import { payloadSource } from './harness/payload-module.mjs';
import { formatTable } from './harness/table.mjs';
import { METRICS } from './metrics/index.mjs';

/**
 * Measures the built package against its peers. Arguments that are keys or their beginnings (`prepare`,
 * `relay.rps`) choose rows; `--json` prints one object by key. Exit code 1 when a row could not be measured; a
 * target that is missed is a result.
 */
const args = process.argv.slice(2);
const chosen = args.filter((argument) => !argument.startsWith('--'));
const isChosen = (key) => chosen.length === 0 || chosen.some((start) => key.startsWith(start));

const context = await payloadSource();
const rows = {};
for (const [metric, { keys, together, title }] of Object.entries(METRICS)) {
  const wanted = keys.filter(isChosen);
  for (const key of together ? wanted.slice(0, 1) : wanted) {
    console.error(`${key}: ${title}`);
    Object.assign(rows, await forkMetric(metric, key, context));
  }
}

console.log(args.includes('--json') ? JSON.stringify(rows) : formatTable(rows));
if (Object.values(rows).some(({ error }) => error)) process.exitCode = 1;
