import { compareVersions } from '../protocol';
import type { Api } from './api';
import type { Channel } from './channels/channel';
import { type Registry, registry } from './registry';

let bring: (() => void) | undefined;

/**
 * Says what this copy of the package can do. Touches no host: the copy joins the app's registry at its first
 * use, where the newest version wins and each channel comes from the newest copy that has it.
 */
export function offer(api: Api, channels: { [name: string]: Channel }): void {
  bring = () => {
    const app = registry();
    const isNewer = compareVersions(__VERSION__, app.version) > 0;
    if (isNewer) {
      app.version = __VERSION__;
      app.api = api;
    }
    app.channels = isNewer
      ? Object.assign({}, app.channels, channels)
      : Object.assign({}, channels, app.channels);
  };
}

/** The app's registry, with this copy in it. */
export function app(): Registry {
  if (bring) bring();
  bring = undefined;
  return registry();
}
