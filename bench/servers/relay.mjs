import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setInterval } from 'node:timers';
import { inPackage } from '../harness/paths.mjs';

const { createOpenApi, startRelay } = createRequire(import.meta.url)(inPackage('dist/node/relay.js'));
const SAMPLE_MS = 5;

/** The built relay with its usual stores. Each further message is answered with the memory used since the last one. */
process.once('message', async ({ upstream }) => {
  const folder = mkdtempSync(join(tmpdir(), 'servicemarket-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true }));
  process.on('SIGTERM', () => process.exit());
  const many = 1e12;
  const { url } = await startRelay({
    authenticate: ({ value }) => value,
    services: { service: ['api'] },
    openApi: createOpenApi({ appid: 'app', secret: 'secret', baseUrl: upstream }),
    limits: { sessions: many, files: many, bytes: many, calls: many },
    folder,
    logger: false,
    port: 0,
  });
  let peak = 0;
  setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, SAMPLE_MS);
  process.on('message', () => {
    process.send({ peak: Math.max(peak, process.memoryUsage.rss()), now: process.memoryUsage.rss() });
    peak = 0;
  });
  process.send({ url });
});
