import type { Configuration } from '../protocol';
import { applyConfiguration, implementation, install } from './api';
import { findCompleteHost } from './host';
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
  const complete = findCompleteHost();
  if (complete && (config as Configuration).prefer !== 'shim') joinLater(complete, setUp);
  else run(setUp);
}
