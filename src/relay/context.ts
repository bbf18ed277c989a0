import type { Apps } from './apps/apps';
import type { FileStore } from './files/file-store';
import type { ClientAddresses } from './http/client-address';
import type { limitBufferedBodies } from './http/hooks/limits';
import type { Settings } from './options';
import type { Sessions } from './stores/stores';

/** What every route works with, beside the app of its request. */
export interface RelayContext {
  settings: Settings;
  apps: Apps;
  sessions: Sessions;
  files: FileStore;
  clients: ClientAddresses;
  /** Hooks of the routes that read JSON of signed-in users. */
  bufferedBodies: ReturnType<typeof limitBufferedBodies>;
}
