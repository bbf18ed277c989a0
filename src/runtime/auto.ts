import type { Configuration } from '../protocol';
import { applyConfiguration, implementation, install } from './api';
import type { Channel } from './channels/channel';
import { offer } from './copy';

/** Starts the injected bundle: installs on load, and never lets the app fail because of it. */
export function start(channels: { [name: string]: Channel }): void {
  try {
    offer(implementation, channels);
    applyConfiguration(config as Configuration);
    install();
  } catch (error) {
    if (typeof console !== 'undefined') console.error(error);
  }
}

export {
  applyConfiguration as configure,
  CDN,
  getAsyncResult,
  install,
  invokeService,
  serviceMarket,
} from './api';
