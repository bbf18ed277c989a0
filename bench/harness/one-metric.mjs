import { METRICS } from '../metrics/index.mjs';

/** Started by run.mjs, a process for each row: measures it and sends the rows to its parent. */
process.once('message', async ({ metric, key, context }) => {
  let answer;
  try {
    answer = { rows: await METRICS[metric].measure(key, context) };
  } catch (error) {
    answer = { error: String(error?.stack ?? error) };
  }
  process.send(answer, () => process.disconnect());
});
