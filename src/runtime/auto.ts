import type { Configuration } from '../protocol';
import { implementation, install } from './api';
import { findCompleteHost } from './core/host';
import { announce, offer, type Registry } from './core/registry';
import { run } from './core/task';

/**
 * Starts the injected bundle: installs on load, and never lets the app fail because of it. A host that has a whole
 * market of its own pays next to nothing for it: this copy is only announced there.
 */
export function start(channels: Registry['channels']): void {
  const configuration = config as Configuration;
  offer({ api: implementation, channels, configuration });
  const complete = findCompleteHost();
  const isEnough = complete && configuration.prefer !== 'shim' && announce(complete);
  if (!isEnough) run(() => install());
}
