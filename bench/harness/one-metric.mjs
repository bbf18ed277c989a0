import { METRICS } from '../metrics/index.mjs';

/** Started by run.mjs, a process for each row: measures it and sends the rows to its parent. */
process.once('message', async ({ metric, key, context }) => {
  try {
    process.send({ rows: await METRICS[metric].measure(key, context) });
  } catch (error) {
    process.send({ error: String(error?.stack ?? error) });
  } finally {
    process.disconnect();
  }
});
