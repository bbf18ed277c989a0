import type { Configuration } from '../protocol';
import { applyConfiguration, implementation, install } from './api';
import { offer, type Registry } from './registry';
import { run } from './settle';

/** Starts the injected bundle: installs on load, and never lets the app fail because of it. */
export function start(channels: Registry['channels']): void {
  offer(implementation, channels);
  run(() => {
    applyConfiguration(config as Configuration);
    install();
  });
}
