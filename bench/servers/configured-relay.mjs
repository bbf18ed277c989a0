import { createRequire } from 'node:module';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setInterval } from 'node:timers';

/**
 * A built relay with everything as it is by default, from a configuration file. Each further message is answered with
 * its memory now, and since the last message the most memory and the longest time that its event loop was held.
 */
process.once('message', async ({ entry, config }) => {
  const { loadRelayConfig, startRelay } = createRequire(import.meta.url)(entry);
  const relay = await startRelay(await loadRelayConfig(config));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let peak = 0;
  setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);
  process.on('message', () => {
    const now = process.memoryUsage.rss();
    process.send({ now, peak: Math.max(peak, now), heldMs: delay.max / 1e6 });
    peak = now;
    delay.reset();
  });
  process.send({ url: relay.address ?? relay.url });
});
