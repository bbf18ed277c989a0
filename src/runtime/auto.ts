import type { Configuration } from '../protocol';
import { implementation, install } from './api';
import { callSafely } from './core/callbacks';
import { findCompleteHost } from './core/host';
import { publish, registerCopy } from './core/registry';
import type { Registry } from './core/types';

/**
 * Starts the injected file: installs on load, and never lets the app fail because of it. A host that has a whole
 * market of its own pays next to nothing for it: this copy is only published there.
 *
 * @param channels - those that the file was built with
 */
export function start(channels: Registry['channels']): void {
  const configuration = config as Configuration;
  registerCopy({ api: implementation, channels, configuration });
  const complete = findCompleteHost();
  const isEnough = complete && configuration.prefer !== 'shim' && publish(complete);
  if (!isEnough) callSafely(() => install());
}
