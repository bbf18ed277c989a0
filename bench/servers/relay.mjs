import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setInterval } from 'node:timers';
import { inPackage } from '../harness/paths.mjs';

const require = createRequire(import.meta.url);
const { createOpenApi } = require(inPackage('dist/node/openapi.js'));
const { startRelay } = require(inPackage('dist/node/relay.js'));
const SAMPLE_MS = 5;

/**
 * The built relay with its usual stores; with `observed` it writes an audit line for each call to its output, and counts
 * for its metrics. Each further message is answered with its memory now and the most since the last one.
 */
process.once('message', async ({ upstream, observed = false }) => {
  const folder = mkdtempSync(join(tmpdir(), 'servicemarket-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true }));
  process.on('SIGTERM', () => process.exit());
  const many = 1e12;
  const { url } = await startRelay({
    authenticate: ({ value }) => value,
    services: { service: ['api'] },
    openApi: createOpenApi({ appid: 'app', secret: 'secret', baseUrl: upstream }),
    limits: { sessionsPerHour: many, filesPerHour: many, bytesPerHour: many, callsPerHour: many },
    folder,
    logger: observed && { level: 'error' },
    audit: observed,
    ...(observed && { metrics: { token: 'a-token-of-the-bench' } }),
    port: 0,
  });
  let peak = 0;
  process.on('message', () => {
    // Not before it is asked: looking takes time from the requests.
    if (!peak) setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), SAMPLE_MS);
    const now = process.memoryUsage.rss();
    process.send({ peak: Math.max(peak, now), now });
    peak = now;
  });
  process.send({ url });
});
