import type { Configuration } from '../protocol';
import { applyConfiguration, implementation, install } from './api';
import { findHost, has, read } from './host';
import { joinLater, offer, type Registry } from './registry';
import { run } from './settle';

/**
 * Starts the injected bundle: installs on load, and never lets the app fail because of it. A host that has a whole
 * market of its own pays next to nothing for it: this copy is only announced there.
 */
export function start(channels: Registry['channels']): void {
  function setUp(): void {
    applyConfiguration(config as Configuration);
    install();
  }
  offer(implementation, channels);
  run(() => {
    const host = findHost();
    const market = read(host, 'serviceMarket');
    const isComplete = has(market, 'getAsyncResult') && has(market, 'CDN');
    if (isComplete && (config as Configuration).prefer !== 'shim') joinLater(host!, setUp);
    else setUp();
  });
}
